"""Hooks of the documentation's build."""

from __future__ import annotations

import html
import re
from typing import Any

from latex2mathml.converter import convert

# Functions with a name stand a little apart; not as the base of an index, whose parts are counted.
_NAMED = re.compile(r"(?<!<msub>)(?<!<msup>)(?<!<munder>)(?<!<mover>)(<mi>(?:log|ln|exp|min|max)</mi>)")
_GAP = '<mspace width="0.17em" />'


def on_page_content(text: str, **_: Any) -> str:
    """Formulas as MathML, which browsers draw by themselves: no script and no font from anywhere."""

    def formula(found: re.Match[str]) -> str:
        block = found[1] == "div"
        source = html.unescape(found[2]).strip().removeprefix("\\[" if block else "\\(")
        drawn = convert(source.removesuffix("\\]" if block else "\\)"), display="block" if block else "inline")
        return _NAMED.sub(rf"{_GAP}\1{_GAP}", drawn.replace("\\%", "%"))

    return re.sub(r'<(div|span) class="arithmatex">(.*?)</\1>', formula, text, flags=re.DOTALL)
