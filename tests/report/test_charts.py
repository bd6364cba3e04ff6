"""Every chart is well-formed, says in words what it shows, escapes what people wrote, and asks nobody for anything."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from groundswell.core.belief import Push
from groundswell.core.errors import InputError
from groundswell.core.interval import Interval
from groundswell.report import charts
from groundswell.report.charts import svg as parts
from groundswell.report.theme import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script><img src=x onerror='alert(\"2\")'>&amp;\x00\ud800]]>"
FIGURE = Interval(0.9, 0.85, 0.94, n=120)

# Each draws its chart with the given text wherever a text can be given.
DRAWN: dict[str, Callable[[str], str]] = {
    "line": lambda t: charts.line(
        [
            charts.Series(t, [0, 1], [0.5, 0.6], [0.4, 0.5], [0.6, 0.7]),
            charts.Series(t, [0, 1], [0.5, 0.5], quiet=True),
        ],
        title=t,
        x_label=t,
        y_label=t,
        percent=True,
    ),
    "bars": lambda t: charts.bars([t, "b"], [FIGURE, -0.2], title=t, percent=True),
    "histogram": lambda t: charts.histogram([1, 0, 7], title=t, unit=t, left=t, right=t, certainty=True),
    "forest": lambda t: charts.forest(
        [charts.Row(t, FIGURE, t), charts.Row(t, None, t, warn=True)], title=t, chance=0.5
    ),
    "scatter": lambda t: charts.scatter(
        [0, 1, 2], [0, 1, 0], title=t, labels=[t, "b"], codes=[0, 1, -1], places=[charts.Place(1, 1, t)]
    ),
    "confusion": lambda t: charts.confusion([[3, 1], [0, 4]], [t, "b"], title=t, rows=t, columns=t),
    "ladder": lambda t: charts.ladder([charts.Rung(t, FIGURE), charts.Rung(t, FIGURE, FIGURE)], title=t, measure=t),
    "settling": lambda t: charts.settling(
        [1, 2], [3, 4], [charts.Epoch(0, 9.0, 0, 0), charts.Epoch(1, 1.0, 1, 2)], title=t, x_label=t, y_label=t
    ),
    "pushes": lambda t: charts.pushes(t, 0.2, [Push(t, t, t, 1.0)], 0.4, title=t),
}
EMPTY: dict[str, Callable[[], str]] = {
    "line": lambda: charts.line([charts.Series("a", [], [])], title="Empty"),
    "bars": lambda: charts.bars([], [], title="Empty"),
    "histogram": lambda: charts.histogram([0, 0], title="Empty"),
    "forest": lambda: charts.forest([], title="Empty"),
    "scatter": lambda: charts.scatter([], [], title="Empty"),
    "confusion": lambda: charts.confusion([[0, 0], [0, 0]], ["a", "b"], title="Empty"),
    "ladder": lambda: charts.ladder([], title="Empty"),
    "settling": lambda: charts.settling([1], [1], [], title="Empty"),
    "pushes": lambda: charts.pushes("spam", 0.1, [], 0.1, title="Empty"),
}


def test_every_chart_is_tried() -> None:
    functions = {name for name in charts.__all__ if name.islower() and name != "standalone"}
    assert functions == set(DRAWN) == set(EMPTY)


@pytest.mark.parametrize("name", DRAWN)
def test_well_formed_with_a_title_and_words(name: str) -> None:
    tree = ET.fromstring(DRAWN[name]("Messages"))
    assert tree.tag == f"{SVG}svg"
    assert tree.get("role") == "img"
    assert tree[0].tag == f"{SVG}title"
    assert tree[0].text == "Messages"
    assert tree[1].tag == f"{SVG}desc"
    assert len(tree[1].text or "") > 10


@pytest.mark.parametrize("name", DRAWN)
def test_hostile_text_stays_text(name: str) -> None:
    drawn = DRAWN[name](HOSTILE)
    tree = ET.fromstring(drawn)
    tags = {element.tag.removeprefix(SVG) for element in tree.iter()}
    allowed = {"svg", "title", "desc", "g", "line", "rect", "circle", "path", "text", "clipPath"}
    assert tags <= allowed
    assert not [key for element in tree.iter() for key in element.attrib if key.lower().startswith("on")]
    drawn.encode("utf-8")
    assert "\x00" not in drawn


@pytest.mark.parametrize("name", DRAWN)
def test_no_reference_outside(name: str) -> None:
    drawn = DRAWN[name]("a").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|//|href|@import|style=", drawn)
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", drawn))


@pytest.mark.parametrize("name", DRAWN)
def test_coordinates_are_numbers_within_the_drawing(name: str) -> None:
    drawn = DRAWN[name]("a")
    assert "nan" not in drawn
    assert "inf" not in drawn
    tree = ET.fromstring(drawn)
    height = float((tree.get("viewBox") or "").split()[3])
    for element in tree.iter(f"{SVG}text"):
        assert -1 <= float(element.get("x", "0")) <= parts.WIDTH + 1
        assert 0 < float(element.get("y", "0")) <= height


@pytest.mark.parametrize("name", EMPTY)
def test_empty_charts_say_what_will_stand_there(name: str) -> None:
    tree = ET.fromstring(EMPTY[name]())
    assert re.search(r"\b(yet|alone)\b", tree[1].text or "")


@pytest.mark.parametrize("name", DRAWN)
def test_colours_follow_the_theme(name: str) -> None:
    tree = ET.fromstring(DRAWN[name]("a"))
    for element in tree.iter():
        for kind in ("fill", "stroke"):
            value = element.get(kind, "none")
            assert value == "none" or value.startswith(("var(--", "color-mix(in oklab, var(--")), value


def test_standalone_brings_its_colours_light_and_dark() -> None:
    alone = charts.standalone(DRAWN["bars"]("a"))
    style = ET.fromstring(alone)[0]
    assert style.tag == f"{SVG}style"
    assert f"--accent:{LIGHT['accent']}" in (style.text or "")
    assert f"--accent:{DARK['accent']}" in (style.text or "")
    assert "prefers-color-scheme:dark" in (style.text or "")


def test_themes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_labels_have_the_hues_of_the_app(root: Path) -> None:
    app = root / "web" / "src" / "core" / "hues.ts"
    for name, theme in (("LIGHT", LIGHT), ("DARK", DARK)):
        listed = re.search(rf"export const {name} = \[(.*?)\]", app.read_text(encoding="utf-8"))
        assert listed is not None
        assert re.findall(r"#\w+", listed[1]) == [theme[hue] for hue in parts.HUES]


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("ink", ["ink", "soft", "faint", "accent"])
def test_text_has_contrast_enough(theme: dict[str, str], ink: str) -> None:
    a, b = sorted((luminance(theme[ink]), luminance(theme["ground"])))
    assert (b + 0.05) / (a + 0.05) >= 4.5


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.line([charts.Series("a", [0, 1], [0.5])], title="a"),
        lambda: charts.line([charts.Series("a", [0, 1], [0.5, float("nan")])], title="a"),
        lambda: charts.bars(["a"], [], title="a"),
        lambda: charts.histogram([float("inf")], title="a"),
        lambda: charts.scatter([0, 1], [0], title="a"),
        lambda: charts.scatter([0], [0], title="a", labels=["x"], codes=[1]),
        lambda: charts.confusion([[1, 2]], ["a", "b"], title="a"),
        lambda: charts.confusion([[1, -2], [0, 1]], ["a", "b"], title="a"),
        lambda: charts.settling([1], [1, 2], [charts.Epoch(0, 1, 1, 1)], title="a"),
        lambda: charts.pushes("a", float("nan"), [], 0.1, title="a"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw: Callable[[], str]) -> None:
    with pytest.raises(InputError):
        draw()


def test_certainty_is_saturation() -> None:
    shares = [int(re.findall(r" (\d+)%", parts.certain(0, c))[0]) for c in (0.0, 0.3, 0.6, 0.9)]
    assert shares == sorted(set(shares))
    assert parts.certain(0, 1.0) == parts.hue(0)


def test_labels_differ_by_mark_and_not_by_colour_alone() -> None:
    drawn = charts.scatter([0, 1, 2], [0, 1, 2], title="a", labels=["x", "y", "z"], codes=[0, 1, 2])
    words = ["".join(e.itertext()).strip() for e in ET.fromstring(drawn).iter(f"{SVG}text")]
    marks = [word for word in words if word in parts.MARKS]
    assert len(marks) == len(set(marks)) == 3


def test_a_large_map_is_thinned_and_says_so() -> None:
    rng = np.random.default_rng(0)
    drawn = charts.scatter(rng.random(50_000), rng.random(50_000), title="a", at_most=10_000)
    assert "One point in 5 is drawn." in drawn
    assert "A map of 50000 items" in drawn
    assert len(drawn) < 300_000


def test_many_labels_are_cut_to_the_commonest() -> None:
    drawn = charts.confusion(np.diag(np.arange(1, 31)), [f"label {i}" for i in range(30)], title="a")
    assert "The 20 commonest of 30 labels are drawn." in drawn
    assert "label 29" in drawn
    assert "label 3<" not in drawn


def test_too_few_to_say_is_said() -> None:
    assert "too few to say" in charts.forest([charts.Row("bob", None)], title="a")


def test_names_at_line_ends_do_not_cover_one_another() -> None:
    series = [charts.Series(f"s{i}", [0, 1], [0.5, 0.9 + i / 1000]) for i in range(4)]
    tree = ET.fromstring(charts.line(series, title="a"))
    heights = sorted(float(e.get("y", "0")) for e in tree.iter(f"{SVG}text") if "".join(e.itertext()).startswith("s"))
    assert min(np.diff(heights)) >= 13
