"""Docstrings of the house (numpydoc sections, a few reStructuredText roles) as Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

_ROLE = re.compile(r":(?:class|func|meth|attr|mod|data|exc|doc):`~?([^`]*)`")
_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)


def markdown(documented: object) -> str:
    """The docstring of ``documented``; its sections become bold words, lists and code."""
    text = inspect.getdoc(documented) or ""
    parts = _SECTION.split(text)
    out = [_prose(parts[0])]
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        body = body.strip("\n")
        if name in ("Parameters", "Attributes", "Raises", "Returns", "Yields", "Fields"):
            out.append(f"**{name}**\n\n" + "\n".join(_entries(body)))
        elif name == "Examples":
            out.append(_prose(body))
        else:
            out.append(f"**{name}**\n\n{_prose(body)}")
    return "\n\n".join(part for part in out if part.strip())


def summary(documented: object) -> str:
    """The first sentence of a docstring on one line."""
    first = (inspect.getdoc(documented) or "").split("\n\n")[0]
    flat = inline(" ".join(first.split()))
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`])", flat)[0]


def inline(text: str) -> str:
    """Roles and double backquotes as Markdown code."""

    def role(found: re.Match[str]) -> str:
        target = found[1].split("<")[0].strip()
        if re.fullmatch(r"groundswell\.\w+", target):
            return f"`gs.{target.removeprefix('groundswell.')}`"
        shown = target.rsplit(".", 1)[-1] if "~" in found[0] or target.startswith("groundswell.") else target
        return f"`{shown}`"

    plain = re.sub(r"``(.+?)``", r"`\1`", _ROLE.sub(role, text))
    return re.sub(r":math:`([^`]*)`", r"$\1$", plain)


def cell(text: str) -> str:
    """``text`` as it may stand in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _prose(text: str) -> str:
    """Paragraphs, with ``>>>`` examples and indented formulas as code."""
    blocks = re.split(r"\n\s*\n", text.strip("\n"))
    out = []
    for block in blocks:
        if block.lstrip().startswith(">>>"):
            shown = inspect.cleandoc(block)
            out.append(f"```pycon\n{shown}\n```")
        elif block.lstrip().startswith(".. math::"):
            formula = " ".join(block.replace(".. math::", "").split())
            out.append(f"$$\n{formula}\n$$")
        elif block.startswith("    "):
            out.append("```text\n" + inspect.cleandoc(block) + "\n```")
        else:
            out.append(inline(re.sub(r"::$", ":", block.strip())))
    return "\n\n".join(out)


def _entries(body: str) -> Iterator[str]:
    """A list item for each ``name`` or ``name : type`` with its indented words."""
    for entry in re.split(r"\n(?=\S)", body):
        head, _, rest = entry.partition("\n")
        names, _, kind = head.partition(" : ")
        words = inline(" ".join(rest.split()))
        typed = f" ({inline(kind)})" if kind else ""
        name = (
            ", ".join(f"`{part.strip()}`" for part in names.split(",")) if re.fullmatch(r"[\w*, .]+", names) else names
        )
        yield f"- {name}{typed}" + (f": {words}" if words else "")
