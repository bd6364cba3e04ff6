"""Attacks: scripts in texts, media and Markdown. Each has a control, a careless variant."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from fastapi.responses import FileResponse
from markdown_it import MarkdownIt

from groundswell.app.card import card_html
from groundswell.app.markup import markdown_html
from groundswell.app.problems import page

PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "'-alert(1)-'",
    "<a href=javascript:alert(1)>x</a>",
    "</title><script>alert(1)</script>",
    "{{7*7}}",
)


class Tags(HTMLParser):
    """The tags of a page and the attributes that could act."""

    def __init__(self, html):
        super().__init__()
        self.found, self.acting, self.links = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)
        self.acting += [name for name, _ in attrs if name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "content")]


def acts(html: str) -> bool:
    """Whether a browser would run or load something that stands in ``html``."""
    tags = Tags(html)
    loads = {"script", "img", "svg", "iframe", "object", "embed", "form", "base", "math", "style", "link"}
    return bool(loads & set(tags.found) or tags.acting or any("javascript:" in link.lower() for link in tags.links))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_x1_card_and_error_pages_are_inert(payload):
    card = {"release": payload, payload: [{"k": payload, payload: 1}], "list": [payload, [payload]]}
    html = card_html(payload, card).replace('<link rel="stylesheet" href="card.css">', "")
    assert not acts(html)
    assert not acts(page(404, payload, payload, refresh=payload).body.decode().replace("<style>", "<b>"))


def test_x1_control_the_careless_page_acts():
    assert sum(acts(f"<title>{p}</title><p title='{p}'>{p}</p>") for p in PAYLOADS) >= 5


@pytest.mark.parametrize("payload", PAYLOADS)
def test_x1_answers_of_the_api_are_no_pages(payload, owner, ben, stranger):
    for client in (owner, stranger):
        for path in (f"/api/questions/{payload}/next", f"/api/{payload}", f"/api/questions/spam/items/{payload}"):
            response = client.get(path)
            assert response.status_code in (401, 404)
            assert response.headers["content-type"] == "application/json"
            assert response.headers["x-content-type-options"] == "nosniff"


def test_x1_every_response_carries_a_strict_policy(owner, stranger, model, post):
    for response in (
        owner.get("/"),
        owner.get("/assets/index-abc123.js"),
        owner.get("/api/project"),
        owner.get("/nothing.js"),
        stranger.get("/"),
        stranger.get("/", headers={"host": "evil.com"}),
        post(stranger, "/api/questions/spam/votes", {}),
        model.get("/"),
        model.get("/card"),
    ):
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "*" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"


POLYGLOTS = {
    "html": b"<html><script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "png": b"<script>alert(1)</script>\x89PNG",
    "xml": b"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
}


@pytest.mark.parametrize("ending", POLYGLOTS)
def test_x2_media_that_are_no_pictures_are_only_downloaded(ending, owner, images):
    name = f"{'0' * 64}.{ending}"
    (images / name).write_bytes(POLYGLOTS[ending])
    response = owner.get(f"/media/{name}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_x2_the_type_of_a_picture_comes_from_its_bytes(owner, images):
    name = f"{'1' * 64}.html"
    (images / name).write_bytes(b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>" * 3)
    response = owner.get(f"/media/{name}")
    assert response.headers["content-type"] == "image/png"
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_x2_control_serving_by_name_gives_a_page(images, enter, stranger):
    (images / "x.html").write_bytes(POLYGLOTS["html"])
    careless = FastAPI()
    careless.add_api_route("/media/{name}", lambda name: FileResponse(images / name), response_class=FileResponse)
    response = type(stranger)(careless).get("/media/x.html")
    assert response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "name",
    ["../project.db", "..%2fsecret.key", "x.png", "0" * 64, "0" * 64 + ".", "0" * 64 + ".png%00", "%2e%2e", "0" * 300],
)
def test_x2_media_have_no_other_names(name, owner, images):
    (images.parent / "secret.key").write_bytes(b"k" * 32)
    response = owner.get(f"/media/{name}")
    assert response.status_code == 404
    assert b"kkkk" not in response.content


MARKDOWN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/track.png)",
    "<svg><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<style>*{background:url(//evil.example)}</style>",
)


@pytest.mark.parametrize("text", MARKDOWN)
def test_x3_markdown_is_sanitised(text):
    assert not acts(markdown_html(text))


def test_x3_control_markdown_alone_is_not_enough():
    careless = MarkdownIt("commonmark", {"html": True})
    assert sum(acts(careless.render(text)) for text in MARKDOWN) >= 6


def test_x3_markdown_still_says_what_it_should():
    html = markdown_html("# Judge\n\n1. the **road**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[why](https://example.org)")
    assert "<strong>road</strong>" in html
    assert "<td>2</td>" in html
    assert 'rel="noopener noreferrer nofollow"' in html
