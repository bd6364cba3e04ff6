"""The attacks that the server must withstand. Each test has a control: the same attack on a careless variant works."""

from __future__ import annotations

import json
import logging
import re
import stat
import time
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from fastapi.responses import FileResponse, RedirectResponse
from markdown_it import MarkdownIt
from pydantic import BaseModel
from uvicorn.protocols.utils import get_path_with_query_string

from groundswell.app import Access, create, create_predict
from groundswell.app import access as access_module
from groundswell.app.access import Session, project_secret
from groundswell.app.card import card_html
from groundswell.app.markup import markdown_html
from groundswell.app.problems import local_path, page
from groundswell.core.errors import StorageError
from groundswell.core.ids import uuid7

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


# X: scripts --------------------------------------------------------------------------------------------------------


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


# C: who may change anything ----------------------------------------------------------------------------------------

FOREIGN = (
    {"origin": "https://evil.com", "sec-fetch-site": "cross-site"},
    {"origin": "null"},
    {"origin": "null", "sec-fetch-site": "same-origin"},
    {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"},
    {"origin": "http://127.0.0.1:9999"},
    {"sec-fetch-site": "none"},
    {"origin": "http://127.0.0.1:8765.evil.com"},
    {"origin": "file://"},
    {},
)


def bare(app):
    """The same routes without the shield."""
    careless = FastAPI()
    careless.state = app.state
    careless.router = app.router

    async def anybody(scope, receive, send):
        scope["groundswell.session"] = Session("ada", owner=True)
        await careless(scope, receive, send)

    return anybody


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_c1_requests_from_elsewhere_change_nothing(headers, owner, project, make_ballot):
    body = make_ballot(owner)
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        sent = owner.post(
            "/api/questions/spam/votes", content=json.dumps(body), headers={**headers, "content-type": kind}
        )
        assert sent.status_code == 403
    assert project.votes == {}


def test_c1_form_encoded_json_is_refused_even_from_here(owner, project, make_ballot, page_headers):
    body = json.dumps(make_ballot(owner))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        sent = owner.post("/api/questions/spam/votes", content=body, headers={**page_headers, "content-type": kind})
        assert sent.status_code == 415
    assert project.votes == {}


def test_c1_control_without_the_shield_it_works(app, owner, project, make_ballot, stranger):
    sent = type(stranger)(bare(app)).post("/api/questions/spam/votes", json=make_ballot(owner), headers=FOREIGN[0])
    assert sent.status_code == 200
    assert len(project.votes) == 1


@pytest.mark.parametrize(
    "host", ["evil.com", "evil.com:8765", "localhost.evil.com", "127.0.0.1.nip.io", "", "[::1", "0x7f.1"]
)
def test_c2_the_server_answers_to_no_foreign_name(host, owner):
    assert owner.get("/api/project", headers={"host": host}).status_code == 400
    assert owner.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8765", "10.0.0.7"])
def test_c2_it_answers_to_its_own(host, owner):
    assert owner.get("/api/project", headers={"host": host}).status_code == 200


def test_c2_other_names_are_allowed_by_name(project, access, enter):
    client = enter(access, create(project, access=access, hosts=["Label.example.org"]))
    assert client.get("/api/project", headers={"host": "label.example.org"}).status_code == 200
    assert client.get("/api/project", headers={"host": "x.example.org"}).status_code == 400


def test_c2_a_foreign_page_is_told_nothing(owner):
    response = owner.get("/api/project", headers={"origin": "https://evil.com"})
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert owner.options("/api/project", headers={"origin": "https://evil.com"}).status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/label", "/assets/index-abc123.js", "/api/project", "/media/" + "0" * 64 + ".png"]
)
def test_c2_nothing_is_served_without_the_token(path, stranger):
    response = stranger.get(path)
    assert response.status_code == 401
    assert "terminal" in response.text
    assert "set-cookie" not in response.headers


def test_c2_control_without_the_shield_everybody_reads(app, stranger):
    careless = type(stranger)(bare(app))
    assert careless.get("/api/project", headers={"host": "evil.com"}).status_code == 200


def test_c2_a_link_on_a_foreign_page_still_opens_a_session(stranger, access):
    """Browsers withhold strict cookies from redirects that a foreign page began, so a page goes on by itself."""
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    entered = stranger.get("/?token=the-token", headers=headers)
    assert entered.status_code == 200
    assert 'http-equiv="refresh" content="0;url=/"' in entered.text
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    bounced = type(stranger)(stranger.app, base_url=str(stranger.base_url)).get("/audit", headers=headers)
    assert 'content="0;url=/audit"' in bounced.text


NEXT = (
    "//evil.com",
    "///evil.com",
    "/\\evil.com",
    "https:evil.com",
    "https://evil.com",
    "/%09/evil.com",
    "\t//evil.com",
    "/label//evil.com",
    "/\n/evil.com",
    "javascript:alert(1)",
    "/.//evil.com",
    "/a\\b",
    "",
)


@pytest.mark.parametrize("target", NEXT)
def test_c3_no_open_redirect(target, stranger):
    response = stranger.get("/", params={"token": "the-token", "next": target}, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/"
    assert local_path(target) == "/"


def test_c3_own_pages_are_fine(stranger):
    response = stranger.get("/?token=the-token&next=/label", follow_redirects=False)
    assert response.headers["location"] == "/label"


def test_c3_control_the_careless_redirect_leaves(stranger):
    careless = FastAPI()
    careless.add_api_route("/", lambda next: RedirectResponse(next), response_class=RedirectResponse)
    response = type(stranger)(careless).get("/", params={"next": "//evil.com"}, follow_redirects=False)
    assert response.headers["location"] == "//evil.com"


def test_c4_a_cookie_signed_with_another_secret_is_worth_nothing(app, access, stranger):
    published = Access(secret=b"change-me-change-me-change-me-ch", owner="ada")
    forged = published.cookie(Session("ada", owner=True))
    for cookie in (
        forged,
        forged.split(".")[0],
        "",
        ".",
        "a.b.c",
        "é",
        "=" * 5000,
        access.cookie(Session("ada", True))[:-2],
    ):
        stranger.cookies.clear()
        headers = {"cookie": f"{access.cookie_name}={cookie}".encode()}
        assert stranger.get("/api/project", headers=headers).status_code == 401
    assert published.session(forged) == Session("ada", owner=True)  # control: with the secret known, it opens


def test_c4_a_session_ends(access, monkeypatch):
    cookie = access.cookie(Session("ben", owner=False))
    assert access.session(cookie) == Session("ben", owner=False)
    later = time.time() + 31 * 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    assert access.session(cookie) is None


def test_c4_the_secret_is_random_private_and_stays(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir(), two.mkdir()
    secret = project_secret(one)
    assert len(secret) == 32
    assert project_secret(one) == secret
    assert project_secret(two) != secret
    assert stat.S_IMODE((one / "secret.key").stat().st_mode) == 0o600


def test_c4_a_secret_that_others_could_read_is_made_anew(tmp_path, caplog):
    old = project_secret(tmp_path)
    file = tmp_path / "secret.key"
    file.chmod(0o644)
    new = project_secret(tmp_path)
    assert new != old
    assert file.read_bytes() == new
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "open to others" in caplog.text


def test_c4_without_permissions_the_secret_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(access_module, "_open_to_others", lambda file: True)
    assert project_secret(tmp_path) != project_secret(tmp_path)
    assert not (tmp_path / "secret.key").exists()


def test_c4_a_half_written_secret_is_made_anew(tmp_path):
    (tmp_path / "secret.key").write_bytes(b"half")
    assert len(project_secret(tmp_path)) == 32
    with pytest.raises(StorageError, match="cannot be kept"):
        project_secret(tmp_path / "gone")


def test_c4_every_start_has_its_own_token():
    assert Access().token != Access().token
    assert len(Access().token) >= 40


def test_c7_neither_tokens_nor_cookies_are_logged(app, access, enter, project, caplog):
    caplog.set_level(logging.DEBUG)
    client = enter(access, app, raise_server_exceptions=False)
    ben = enter(access, app, person="ben")
    project.status = None  # a mistake of ours: the route fails
    assert client.get("/api/project?token=the-token").status_code == 500
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("groundswell"))
    assert "/api/project 500" in ours
    for secret in (
        "the-token",
        client.cookies[access.cookie_name],
        ben.cookies[access.cookie_name],
        access.query("ben"),
    ):
        assert secret not in ours


def test_c7_control_the_servers_own_access_log_would_tell():
    scope = {"path": "/", "query_string": b"token=the-token"}
    assert "the-token" in get_path_with_query_string(scope)


# I: whose vote, whose view -----------------------------------------------------------------------------------------


class Lax(BaseModel):
    answer: str
    source: str = "session"


@pytest.mark.parametrize(
    "extra", [{"source": "eve"}, {"person": "eve"}, {"role": "admin"}, {"project_id": 2}, {"created_at": 0}, {"at": 0},
              {"stratum": "random"}, {"probability": 1.0}]
)  # fmt: skip
def test_i3_a_body_cannot_say_more_than_it_may(extra, owner, post, make_ballot, project):
    response = post(owner, "/api/questions/spam/votes", make_ballot(owner) | extra)
    assert response.status_code == 422
    assert next(iter(extra)) in response.json()["where"]
    assert project.votes == {}


def test_i3_control_a_lax_body_lets_it_through(stranger):
    careless = FastAPI()

    @careless.post("/votes")
    def vote(body: Lax) -> str:
        return body.source

    assert type(stranger)(careless).post("/votes", json={"answer": "ham", "source": "eve"}).json() == "eve"


def test_i3_a_vote_belongs_to_the_session(owner, ben, post, make_ballot, project):
    body = make_ballot(ben)
    assert post(owner, "/api/questions/spam/votes", body).status_code == 404  # ben's assignment
    assert post(ben, "/api/questions/spam/votes", body).status_code == 200
    assert {vote.source for vote in project.votes.values()} == {"ben"}
    assert post(owner, "/api/questions/spam/undo", {"key": uuid7(), "retracts": body["key"]}).status_code == 404
    assert owner.get("/api/questions/spam/mine").json() == []


def test_i3_a_persons_link_opens_no_other_session(stranger, access):
    own = dict(part.split("=", 1) for part in access.query("ben").split("&"))
    eve = dict(part.split("=", 1) for part in access.query("eve").split("&"))
    for tried in (
        {"token": own["token"]},  # the name left out: not the owner
        {"token": own["token"], "person": eve["person"]},
        {"token": own["token"], "person": "eve." + own["person"].split(".")[1]},
        {"token": own["token"], "person": "eve"},
        {"token": own["token"], "person": ""},
        {"token": "the-token", "person": own["person"]},
        {"token": "", "person": own["person"]},
        {"token": "wrong"},
        {"token": ""},
    ):
        stranger.cookies.clear()
        response = stranger.get("/", params=tried)
        assert response.status_code == 401
        assert "set-cookie" not in response.headers
    assert stranger.get("/", params=own).status_code == 200  # control: the link itself opens
    assert stranger.get("/api/project").json()["person"] == "ben"


def test_i3_a_link_of_an_earlier_start_is_over(access, stranger):
    before = Access(secret=access.secret, token="yesterday", owner="ada")
    assert stranger.get(f"/?{before.query('ben')}").status_code == 401
    cookie = before.cookie(Session("ben", owner=False))  # but a session lasts, so that answers made offline arrive
    stranger.cookies.set(access.cookie_name, cookie)
    assert stranger.get("/api/questions/spam/mine").status_code == 200


def test_i4_the_answer_among_an_items_own_fields_stays_hidden(owner):
    asked = owner.get("/api/questions/spam/next").json()
    assert [set(a["item"]["meta"]) for a in asked["assignments"]] == [{"length"}] * 3
    hidden = owner.get("/api/questions/spam/items/a").json()
    assert hidden["item"]["meta"] == {"length": 3}


def test_i4_what_others_said_is_hidden_before_the_answer(owner, ben, post, make_ballot):
    post(ben, "/api/questions/spam/votes", make_ballot(ben, answer="spam"))  # item a
    post(ben, "/api/questions/spam/votes", make_ballot(ben, answer="spam"))  # item b
    ballot = make_ballot(owner)
    before = owner.get("/api/questions/spam/items/a").json()
    assert before["hidden"] is True
    assert (before["votes"], before["pushes"], before["belief"], before["prior"]) == ([], [], {}, {})
    listed = owner.get("/api/questions/spam/beliefs").json()
    assert (listed["hidden"], [row["item"] for row in listed["rows"]]) == (3, ["d"])
    shown = owner.get("/api/explore").json()["map"]
    assert shown["label"] == [None, None, None, "spam"]
    assert [f["item"] for f in owner.get("/api/audit").json()["findings"]] == [None]
    post(owner, "/api/questions/spam/votes", ballot)
    after = owner.get("/api/questions/spam/items/a").json()
    assert after["hidden"] is False
    assert {vote["source"] for vote in after["votes"]} == {"ada", "ben", "prize", "shy"}


def test_i4_a_person_by_link_sees_only_what_they_answered(ben, post, make_ballot):
    post(ben, "/api/questions/spam/votes", make_ballot(ben))
    assert ben.get("/api/questions/spam/items/a").json()["hidden"] is False
    assert ben.get("/api/questions/spam/items/d").json()["hidden"] is True
    assert [row["item"] for row in ben.get("/api/questions/spam/beliefs?label=spam").json()["rows"]] == ["a"]
    assert ben.get("/api/explore").json()["map"]["confidence"] == [0.9, None, None, None]
    assert ben.get("/api/events").status_code == 403
    assert ben.get("/api/watch").status_code == 403
    assert ben.get("/api/project").json()["owner"] is False


def test_i4_control_the_project_itself_would_tell(project):
    assert project.said("spam", "a")[0].answer == "spam"
    assert project.item("a").meta["label"] == "spam"


def test_nothing_else_is_hidden_from_the_owner(owner):
    assert owner.get("/api/questions/spam/items/a").json()["hidden"] is False
    assert owner.get("/api/questions/spam/beliefs").json()["hidden"] == 0


def test_the_prediction_service_may_ask_for_a_token(project, model, stranger):
    asking = type(stranger)(create_predict(project, "v1", token="s3cret"), base_url="http://localhost")
    body = {"items": [{"text": "win"}]}
    assert asking.post("/predict", json=body).status_code == 401
    assert asking.get("/", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert asking.post("/predict", json=body, headers={"authorization": "Bearer s3cret"}).status_code == 200
    assert model.post("/predict", json=body).status_code == 200  # control
    assert model.post("/predict", json=body, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert model.get("/card", headers={"host": "evil.com"}).status_code == 400


def test_paths_are_not_files(owner, static):
    for path in ("/../secret.py", "/..%2fsecret.py", "/assets/..%2f..%2fsecret.py", "/secret.py",
                 "/%2e%2e/static/icon.svg", "/assets../index.html", "//etc/passwd.txt", "/label%00"):  # fmt: skip
        response = owner.get(path)
        assert response.status_code == 404, path
        assert "no file type" not in response.text


def test_log_lines_cannot_be_forged(owner, caplog):
    caplog.set_level(logging.INFO, "groundswell.access")
    owner.get("/label%0aGET /forged 200")
    assert all(re.fullmatch(r"GET \S+ \d{3} \d+ ms", record.getMessage()) for record in caplog.records)
