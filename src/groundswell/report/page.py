"""One self-contained HTML page: the road, its figures and pictures, and nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.core.errors import InputError
from groundswell.core.interval import Interval
from groundswell.report.charts.svg import escape
from groundswell.report.style import STYLE


@dataclass(frozen=True)
class Table:
    """Rows under their columns; figures are set to the right."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    caption: str = ""


@dataclass(frozen=True)
class Stage:
    """A step of the road: its name, its figure, and whether it is done, open, or what comes next."""

    title: str
    figure: str = ""
    state: str = "done"


@dataclass(frozen=True)
class Section:
    """A part of the report.

    ``prose`` is plain text, its paragraphs parted by empty lines; ``figures`` are (name, value), shown large;
    ``charts`` are drawings of :mod:`groundswell.report.charts`, the only markup that is taken as it is.
    """

    title: str
    prose: str = ""
    figures: Sequence[tuple[str, str | Interval]] = ()
    charts: Sequence[str] = ()
    tables: Sequence[Table] = ()


def html(
    title: str,
    sections: Sequence[Section],
    *,
    subtitle: str = "",
    road: Sequence[Stage] = (),
    footer: str = "",
) -> str:
    """The page as one string: no script, no request to anywhere, readable on paper, light and dark.

    The Content-Security-Policy allows the page's own style by its hash and nothing else. Text from outside may hold
    anything; it is escaped.

    Raises
    ------
    InputError
        If a chart is no drawing.

    Examples
    --------
    >>> page = html("SMS spam", [Section("Collect", "5,572 messages.", figures=[("messages", "5,572")])])
    >>> "<h2>Collect</h2>" in page, "http" in page.replace("http-equiv", "")
    (True, False)
    """
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    named = [(f"s{index}", section) for index, section in enumerate(sections, start=1)]
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
        f"<header><h1>{escape(title)}</h1>{_paragraphs(subtitle)}</header>",
        _road(road),
        "<main>",
        *(_section(anchor, section) for anchor, section in named),
        "</main>",
        f"<footer>{_paragraphs(footer)}</footer>" if footer else "",
        "</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _road(road: Sequence[Stage]) -> str:
    if not road:
        return ""
    words = {"done": "done", "open": "begun", "next": "next"}
    steps = [
        f'<li class="{stage.state if stage.state in words else "open"}">{escape(stage.title)} '
        f"<small>{escape(stage.figure or words.get(stage.state, ''))}</small></li>"
        for stage in road
    ]
    return f'<ol class="road" aria-label="The road">{"".join(steps)}</ol>'


def _section(anchor: str, section: Section) -> str:
    parts = [f'<section id="{anchor}">\n<h2>{escape(section.title)}</h2>', _paragraphs(section.prose)]
    if section.figures:
        parts.append(f'<dl class="figures">{"".join(_figure(name, value) for name, value in section.figures)}</dl>')
    parts += [_chart(chart) for chart in section.charts]
    parts += [_table(table) for table in section.tables]
    return "\n".join(part for part in [*parts, "</section>"] if part)


def _paragraphs(text: str) -> str:
    found = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    return "\n".join(f"<p>{escape(part)}</p>" for part in found if part)


def _figure(name: str, value: str | Interval) -> str:
    shown, interval = re.fullmatch(r"(.*?)((?:\s*\([^()]*\))?)", str(value), re.DOTALL).groups()  # type: ignore[union-attr]
    count = f' title="{value.n:,} behind it"' if isinstance(value, Interval) and value.n else ""
    small = f" <small>{escape(interval.strip())}</small>" if interval.strip() else ""
    return f"<div><dt>{escape(name)}</dt><dd{count}>{escape(shown)}{small}</dd></div>"


def _chart(svg: str) -> str:
    title = re.match(
        r'<svg xmlns="[\w:/.]+" viewBox="[\d. ]+" role="img" class="chart" [^>]*><title>([^<]*)</title>', svg
    )
    if title is None or not svg.endswith("</svg>"):
        raise InputError("A chart of a report must be a drawing", hint="Make it with groundswell.report.charts")
    return f"<figure><figcaption>{title[1]}</figcaption>{svg}</figure>"


def _table(table: Table) -> str:
    right = [_numeric([row[index] for row in table.rows if index < len(row)]) for index in range(len(table.columns))]

    def cell(tag: str, value: object, index: int) -> str:
        side = ' class="n"' if index < len(right) and right[index] else ""
        return f"<{tag}{side}>{escape('–' if value is None else value)}</{tag}>"

    head = "".join(cell("th", column, index) for index, column in enumerate(table.columns))
    body = "\n".join(
        f"<tr>{''.join(cell('td', value, index) for index, value in enumerate(row))}</tr>" for row in table.rows
    )
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return f'<div class="wide"><table>{caption}<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'


def _numeric(values: Sequence[object]) -> bool:
    shown = [value for value in values if value not in (None, "", "–")]
    figure = re.compile(r"[+−-]?[\d.,]+\s*(%|s|ms|MB)?(\s*\(.*\))?")
    return bool(shown) and all(isinstance(v, int | float | Interval) or figure.fullmatch(str(v)) for v in shown)
