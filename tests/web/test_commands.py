"""The help sheet, the palette, and that everything is reachable by keyboard."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

VIEWS = ["road", "explore", "rules", "label", "beliefs", "audit", "release", "train", "watch"]


def open_label(visit: Any) -> Any:
    visit.go("label")
    visit.page.get_by_role("article").wait_for()
    return visit.page


def test_the_help_sheet_lists_every_key(owner: Any) -> None:
    page = open_label(owner)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    sheet.wait_for()
    owner.shot("help")
    text = sheet.inner_text()
    for said in ("Answer “spam”", "Send the answer and go on", "Skip it", "Take the last answer back", "Go to Audit"):
        assert said in text
    page.keyboard.press("Escape")
    sheet.wait_for(state="hidden")


def test_keys_do_nothing_below_a_sheet(owner: Any) -> None:
    page = open_label(owner)
    before = owner.mine()
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    assert page.get_by_role("radio", checked=True).count() == 0
    assert owner.mine() == before


def test_the_palette_finds_and_runs(owner: Any) -> None:
    page = open_label(owner)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").wait_for()
    page.keyboard.type("aud")
    page.get_by_role("option", name="Go to Audit").wait_for()
    owner.shot("palette")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Audit").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("xyzzy")
    page.get_by_text("Nothing is called that.").wait_for()


def test_every_view_is_two_keys_away(owner: Any) -> None:
    page = owner.page
    page.get_by_text("What next").wait_for()
    for letter, view in zip("oerlbavtw", VIEWS, strict=True):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(f"**/#/{view}")


@pytest.mark.parametrize("view", VIEWS)
def test_what_can_be_pressed_can_be_reached_by_tab_and_has_a_name(owner: Any, view: str) -> None:
    owner.go(view)
    page = owner.page
    page.get_by_role("main").wait_for()
    page.wait_for_function("() => !document.querySelector('.wait')", timeout=120_000)
    pressable = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, summary, [role=radio]')]
          .filter(e => e.checkVisibility() && !e.disabled)
          .map(e => ({
            name: (e.ariaLabel || e.innerText || e.title || '').trim(), tag: e.tagName,
            reach: e.tabIndex >= 0 || e.getAttribute('role') === 'radio',
          }))"""
    )
    assert pressable
    assert [p for p in pressable if not p["name"] and p["tag"] != "SELECT"] == []
    assert [p for p in pressable if not p["reach"]] == []


def test_focus_is_visible(owner: Any) -> None:
    page = open_label(owner)
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    owner.shot("focus")
