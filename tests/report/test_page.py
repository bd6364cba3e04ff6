"""The report page: self-contained, inert, readable."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from groundswell.core.errors import InputError
from groundswell.core.interval import Interval
from groundswell.report import Section, Stage, Table, charts, html

HOSTILE = "</style></p><script>alert(1)</script><img src=//evil onerror=alert(2)>\"'&\x00\ud800"
VOID = {"meta", "br", "img", "link", "input"}


class Outline(HTMLParser):
    """Tags, attributes and text of a page; fails on a tag that is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


def full(text: str) -> str:
    return html(
        text,
        [
            Section(
                text,
                f"{text}\n\n{text}",
                figures=[(text, text), ("accuracy", Interval(0.969, 0.951, 0.982, n=212))],
                charts=[charts.bars([text], [1.0], title=text)],
                tables=[Table([text, "n"], [[text, 5], [None, 7]], text)],
            )
        ],
        subtitle=text,
        road=[Stage(text, text), Stage("Watch", state="next")],
        footer=text,
    )


def test_well_formed_and_complete() -> None:
    page = outline(full("SMS spam"))
    tags = [tag for tag, _ in page.seen]
    assert tags.count("h1") == tags.count("h2") == tags.count("table") == tags.count("svg") == 1
    assert tags.count("li") == 2
    assert "96.9 %" in page.text
    assert "(95.1–98.2)" in page.text


def test_hostile_text_is_inert() -> None:
    page = full(HOSTILE)
    tags = {tag for tag, _ in outline(page).seen}
    assert not tags & {"script", "img", "iframe", "object", "link", "base"}
    assert not [key for _, attrs in outline(page).seen for key in attrs if key.startswith("on")]
    page.encode("utf-8")
    assert page.count("</style>") == 1


def test_nothing_comes_from_outside() -> None:
    page = full("SMS spam").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?://|src=|@import|<link", page)


def test_the_policy_allows_its_own_style_and_nothing_else() -> None:
    page = full("SMS spam")
    [policy] = [a["content"] or "" for tag, a in outline(page).seen if a.get("http-equiv") == "Content-Security-Policy"]
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in page


def test_light_dark_and_paper() -> None:
    page = full("SMS spam")
    assert "prefers-color-scheme:dark" in page
    assert "@media print" in page


def test_the_same_input_gives_the_same_page() -> None:
    assert full("SMS spam") == full("SMS spam")


def test_figures_stand_at_the_right_and_words_at_the_left() -> None:
    page = html("a", [Section("b", tables=[Table(["source", "right", "n"], [["ada", Interval(0.9, 0.8, 1.0), 12]])])])
    assert '<th>source</th><th class="n">right</th><th class="n">n</th>' in page


def test_a_row_longer_than_its_head_is_kept() -> None:
    page = html("a", [Section("b", tables=[Table(["x"], [[1, "beyond"]])])])
    assert "beyond" in page


@pytest.mark.parametrize("chart", ["<script>alert(1)</script>", "<svg onload=alert(1)>", ""])
def test_only_drawings_are_taken_as_charts(chart: str) -> None:
    with pytest.raises(InputError, match="must be a drawing"):
        html("a", [Section("b", charts=[chart])])
