"""Hooks of the documentation's build."""

from __future__ import annotations

import html
import re
from typing import Any

from latex2mathml.converter import convert


def on_page_content(text: str, **_: Any) -> str:
    """Formulas as MathML, which browsers draw by themselves: no script and no font from anywhere."""

    def formula(found: re.Match[str]) -> str:
        block = found[1] == "div"
        source = html.unescape(found[2]).strip().removeprefix("\\[" if block else "\\(")
        return str(convert(source.removesuffix("\\]" if block else "\\)"), display="block" if block else "inline"))

    return re.sub(r'<(div|span) class="arithmatex">(.*?)</\1>', formula, text, flags=re.DOTALL)
