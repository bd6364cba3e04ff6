"""A model card as a page: no scripts, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

MAX_ROWS = 200
"""Rows of a table or list that the page shows; ``/card`` has all."""

STYLE = """
:root { color-scheme: light dark; --line: #d9dde2; --soft: #5b6570; font: 16px/1.6 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --line: #2a3037; --soft: #9aa4af; } }
body { max-width: 46rem; margin: 4rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.05rem; margin: 2.5rem 0 .5rem; }
p, dt, th, .soft { color: var(--soft); } dt, th { font-weight: 500; }
dl { display: grid; grid-template-columns: minmax(9rem, auto) 1fr; gap: .3rem 1.5rem; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--line); border-radius: 6px; }
"""


def card_html(name: str, card: Mapping[str, Any]) -> str:
    """The page of the model ``name``. ``card`` holds JSON values: parts by name, nested as they come."""
    simple = {key: value for key, value in card.items() if not isinstance(value, Mapping | list | tuple)}
    parts = "".join(
        f"<section><h2>{_title(key)}</h2>{_value(value)}</section>"
        for key, value in card.items()
        if key not in simple and value
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(name)} – model card</title>"
        '<link rel="stylesheet" href="card.css"></head><body><main>'
        f"<h1>{escape(name)}</h1>{_value(simple)}{parts}{_USE}</main></body></html>"
    )


_USE = (
    "<section><h2>How to ask it</h2><pre>POST /predict\nContent-Type: application/json\n\n"
    "{&quot;items&quot;: [{&quot;text&quot;: &quot;…&quot;}]}</pre>"
    '<p>Every prediction is logged. <a href="card">The card as JSON</a></p></section>'
)


def _title(key: str) -> str:
    words = str(key).replace("_", " ").strip()
    return escape(words[:1].upper() + words[1:])


def _value(value: Any) -> str:
    """A JSON value as HTML: mappings as definitions, lists of mappings as tables."""
    if isinstance(value, Mapping) and {"value", "low", "high"} <= set(value):
        return _figure(value)
    if isinstance(value, Mapping):
        rows = "".join(f"<dt>{_title(key)}</dt><dd>{_value(part)}</dd>" for key, part in _some(list(value.items())))
        return f"<dl>{rows}</dl>" if rows else ""
    if isinstance(value, list | tuple):
        if value and all(isinstance(part, Mapping) for part in value):
            return _table(list(value))
        if all(not isinstance(part, Mapping | list | tuple) for part in value):
            return ", ".join(_value(part) for part in _some(list(value)))
        return "<ul>" + "".join(f"<li>{_value(part)}</li>" for part in _some(list(value))) + "</ul>"
    return _plain(value)


def _figure(value: Mapping[str, Any]) -> str:
    """A share with its interval, and the count behind it."""
    numbers = [value[name] for name in ("value", "low", "high")]
    if not all(isinstance(number, int | float) for number in numbers):
        return _plain(None)
    middle, low, high = (100 * number for number in numbers)
    n = f' <span class="soft">of {value["n"]:,}</span>' if isinstance(value.get("n"), int) else ""
    return f"{middle:.1f} % ({low:.1f} to {high:.1f}){n}"


def _plain(value: Any) -> str:
    if value is None:
        return '<span class="soft">–</span>'
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return escape(str(value))


def _table(rows: list[Mapping[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    head = "".join(f"<th>{_title(column)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_value(row.get(column))}</td>" for column in columns) + "</tr>" for row in _some(rows)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _some(values: list[Any]) -> list[Any]:
    return values[:MAX_ROWS]
