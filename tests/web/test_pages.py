"""What holds for every page: nothing from elsewhere, nothing that runs, light, small, and accessible."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

import groundswell as gs
from groundswell.core.answers.choice import Choice
from groundswell.core.answers.choices import Choices
from groundswell.core.answers.number import Number

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent.parent.parent / "web" / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = ["road", "explore", "rules", "label", "beliefs", "audit", "release", "train", "watch"]
EVIL = [
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    "<svg onload=window.hit=1>",
    "[click](javascript:window.hit=1) {{7*7}} ${window.hit=1} {@html '<img src=x onerror=window.hit=1>'}",
    "\u202etxet desrever\u202c and a lone ampersand &amp; &lt;b&gt;",
]


def settled(visit: Any, view: str) -> Any:
    """Open a view and wait for what it shows."""
    visit.go(view)
    visit.page.get_by_role("main").wait_for()
    visit.page.wait_for_function(
        "() => !document.querySelector('.wait, .late, main > p[role=status]')", timeout=120_000
    )
    visit.page.wait_for_timeout(300)
    return visit.page


# Hostile content ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose texts, fields, labels and instructions try to run."""
    folder = tmp_path_factory.mktemp("hostile") / "hostile"
    rows = folder.parent / "rows.jsonl"
    rows.write_text("".join(json.dumps({"text": text, "<b>field</b>": text}) + "\n" for text in EVIL * 4), "utf-8")
    with gs.new(folder) as project:
        project.add_question(
            "evil", Choice(EVIL[0], "</script><script>window.hit=1</script>", "plain"),
            text=EVIL[1], instructions=f"{EVIL[0]}\n\n{EVIL[3]}\n\n<iframe src=javascript:window.hit=1></iframe>",
        )  # fmt: skip
        project.collect(rows, text="text")
        project.add_source(gs.Pattern("rule", "onerror", answer=EVIL[0]))
        project.cast()
    return folder


def test_nothing_that_a_project_holds_runs(hostile: Path, serve: Callable[..., Any], visit: Callable[..., Any]) -> None:
    owner = visit(serve(hostile))
    for view in VIEWS:
        page = settled(owner, view)
        if view == "label":
            page.get_by_role("article").wait_for()
            assert "<" in owner.item() or "[click]" in owner.item() or "txet" in owner.item()
            owner.shot("hostile-label")
            for _ in range(3):
                page.keyboard.press("1")
                page.keyboard.press("Enter")
            owner.saved()
        assert page.evaluate("window.hit") is None, view
        assert page.locator("iframe, a[href^='javascript:']").count() == 0


def test_the_payloads_would_run_in_a_page_that_is_careless(visit: Callable[..., Any], shared_server: Any) -> None:
    """The control: without our care these texts do run."""
    found = visit(shared_server)
    page = found.page.context.new_page()
    page.set_content("<div></div>")
    page.evaluate("text => { document.querySelector('div').innerHTML = text }", EVIL[0])
    page.wait_for_function("window.hit === 1")


def test_the_policy_allows_no_inline_script_and_no_eval(owner: Any) -> None:
    page = settled(owner, "road")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.hit=1'; document.head.append(s) }"
    )
    assert page.evaluate("window.hit") is None
    assert any("Content Security Policy" in problem for problem in owner.problems)
    owner.problems.clear()


# Weight --------------------------------------------------------------------------------------------------------------


def test_the_first_labelling_page_weighs_little(chromium: Any, shared_server: Any, names: Any) -> None:
    context = chromium.new_context()
    page = context.new_page()
    files: dict[str, bytes] = {}

    def keep(response: Any) -> None:
        if response.status == 200 and "/api/" not in response.url:
            files[response.url] = response.body()

    page.on("response", keep)
    page.goto(shared_server.links[next(names)])
    page.goto(page.url.split("?")[0] + "#/label")
    page.get_by_role("article").wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    sizes = page.evaluate("performance.getEntriesByType('resource').map(e => e.encodedBodySize)")
    context.close()
    weight = sum(len(gzip.compress(body, 6)) for body in files.values())
    print(f"\nfirst labelling page: {weight / 1000:.0f} kB compressed, {len(files)} files, {len(sizes)} requests")
    assert weight < 150_000


# Accessibility -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(shared_server: Any, visit: Callable[..., Any], scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (make web-check installs it)")
    owner = visit(shared_server, color_scheme=scheme)
    found = []
    for view in VIEWS:
        page = settled(owner, view)
        if view == "label":
            page.get_by_role("article").wait_for()
            page.keyboard.press("1")
        owner.shot(f"{view}-{scheme}")
        page.evaluate(AXE.read_text("utf-8"))
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            (view, v["id"], v["impact"], v["nodes"][0]["html"][:200])
            for v in result["violations"]
            if v["impact"] in ("serious", "critical")
        ]
    assert found == []


@pytest.mark.parametrize("view", ["label", "road", "beliefs"])
def test_a_telephone_shows_it_without_scrolling_sideways(
    shared_server: Any, visit: Callable[..., Any], view: str
) -> None:
    owner = visit(shared_server, viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    page = settled(owner, view)
    owner.shot(f"{view}-telephone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if view == "label":
        boxes = [page.get_by_role("radio").nth(i).bounding_box() for i in range(2)]
        assert all(box and box["height"] >= 44 for box in boxes)
        page.get_by_role("radio").first.tap()
        page.get_by_role("button", name="send and go on").tap()
        owner.saved()


def test_less_motion_and_more_contrast_are_heeded(shared_server: Any, visit: Callable[..., Any]) -> None:
    owner = visit(shared_server, reduced_motion="reduce", contrast="more")
    page = settled(owner, "road")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--soft')").strip() != ""
    moving = page.evaluate("document.getAnimations().filter(a => a.effect.getTiming().duration > 0).length")
    assert moving == 0


# Other answers and items ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of images, with a question for any number of labels."""
    folder = tmp_path_factory.mktemp("pictures") / "pictures"
    raw = folder.parent / "raw"
    raw.mkdir()
    for i in range(8):
        image = Image.new("RGB", (900 + 100 * i, 600), (40 * i % 255, 120, 200 - 20 * i))
        ImageDraw.Draw(image).ellipse((100, 100, 400 + 20 * i, 400), fill=(250, 220, 40))
        image.save(raw / f"picture-{i}.png")
    with gs.new(folder) as project:
        project.add_question("shows", Choices("sun", "sea", "dog"), text="What does it show?")
        project.collect(raw)
    return folder


def test_images_zoom_and_any_number_of_labels_is_an_answer(
    pictures: Path, serve: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    owner = visit(serve(pictures))
    owner.go("label")
    page = owner.page
    image = page.locator("main img")
    image.wait_for()
    page.wait_for_function("document.querySelector('main img')?.naturalWidth > 0")
    fitted = image.bounding_box()
    frame = page.locator("main .place").bounding_box()
    assert fitted["width"] <= frame["width"] + 1
    assert fitted["height"] <= frame["height"] + 1
    owner.shot("image")
    page.keyboard.press("+")
    page.wait_for_function(
        "w => document.querySelector('main img').getBoundingClientRect().width > w * 1.1", arg=fitted["width"]
    )
    page.keyboard.press("f")
    page.wait_for_function(
        "w => Math.abs(document.querySelector('main img').getBoundingClientRect().width - w) < 2", arg=fitted["width"]
    )
    source = image.get_attribute("src")
    page.keyboard.press("1")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    page.wait_for_function("s => document.querySelector('main img')?.getAttribute('src') !== s", arg=source)
    page.keyboard.press("Enter")  # none of them
    owner.saved()
    assert [vote["answer"] for vote in owner.mine()] == [[], ["sun", "dog"]]


@pytest.fixture(scope="session")
def rates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of table rows, with a number for an answer."""
    folder = tmp_path_factory.mktemp("rates") / "rates"
    rows = folder.parent / "rows.csv"
    rows.write_text("street,depth\n" + "".join(f"street {i},{i / 10}\n" for i in range(12)), "utf-8")
    with gs.new(folder) as project:
        project.add_question("bad", Number(0, 100), text="How bad is it, from 0 to 100?")
        project.collect(rows)
    return folder


def test_rows_are_shown_by_field_and_numbers_are_typed(
    rates: Path, serve: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    owner = visit(serve(rates))
    owner.go("label")
    page = owner.page
    page.get_by_role("article").wait_for()
    assert "street" in owner.item()
    page.wait_for_function("document.activeElement?.tagName === 'INPUT'")
    page.keyboard.type("120")
    page.get_by_text("Above 100").wait_for()
    page.keyboard.press("Enter")
    assert owner.mine() == []
    page.keyboard.press("Control+a")
    page.keyboard.type("37,5")
    owner.shot("number")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('main input')?.value === ''")
    page.keyboard.press("s")  # a letter is no number: it skips
    owner.saved()
    assert [vote["answer"] for vote in owner.mine()] == [None, 37.5]


@pytest.mark.parametrize("kind", ["pictures", "rates"])
def test_every_view_opens_whatever_the_answers_are(
    kind: str, serve: Callable[..., Any], visit: Callable[..., Any], request: pytest.FixtureRequest
) -> None:
    owner = visit(serve(request.getfixturevalue(kind)))
    for view in VIEWS:
        page = settled(owner, view)
        owner.shot(f"{kind}-{view}")
        for told in page.get_by_role("alert").all():  # what is not there yet says so, in one plain sentence
            assert "in this version" in told.inner_text(), view
            owner.problems.clear()  # the browser notes the refusal itself


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a question and nothing else."""
    folder = tmp_path_factory.mktemp("empty") / "empty"
    with gs.new(folder) as project:
        project.add_question("q", Choice("yes", "no"), text="Is it?")
    return folder


def test_empty_places_teach(empty: Path, serve: Callable[..., Any], visit: Callable[..., Any]) -> None:
    owner = visit(serve(empty))
    for view in VIEWS:
        page = settled(owner, view)
        owner.shot(f"empty-{view}")
        assert page.get_by_role("alert").count() == 0, view
        assert len(page.get_by_role("main").inner_text()) > 20, view


def test_without_a_session_the_page_says_what_to_open(chromium: Any, shared_server: Any) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(shared_server.address.split("?")[0])
    assert "address that the terminal printed" in page.inner_text("body")
    context.close()
