"""Colours and type of reports and charts: light and dark, safe for colour-blind eyes, the same hues as the app."""

from __future__ import annotations

from typing import Final

# Label hues after Okabe and Ito (2008), Color Universal Design, https://jfly.uni-koeln.de/color/;
# the dark ones are the same hues, lighter. The same as in web/src/core/hues.ts.
LIGHT: Final[dict[str, str]] = {
    "ink": "#1b1f24",
    "soft": "#5b6570",
    "faint": "#69727c",
    "line": "#e3e6ea",
    "ground": "#fbfbfa",
    "sheet": "#ffffff",
    "accent": "#0b5cad",
    "hue-0": "#d55e00",
    "hue-1": "#0072b2",
    "hue-2": "#009e73",
    "hue-3": "#cc79a7",
    "hue-4": "#e69f00",
    "hue-5": "#56b4e9",
    "hue-6": "#8f8a00",
}
DARK: Final[dict[str, str]] = {
    "ink": "#e6e8eb",
    "soft": "#9aa4af",
    "faint": "#8b949e",
    "line": "#2a3037",
    "ground": "#121518",
    "sheet": "#181c20",
    "accent": "#6cb3ff",
    "hue-0": "#ff8a3d",
    "hue-1": "#4da6e0",
    "hue-2": "#33c49a",
    "hue-3": "#e29cc3",
    "hue-4": "#f2b632",
    "hue-5": "#7cc8f5",
    "hue-6": "#d6cf3a",
}


def variable(name: str) -> str:
    """A colour of the theme as CSS, with the light one for where the theme is absent.

    Examples
    --------
    >>> variable("accent")
    'var(--accent, #0b5cad)'
    """
    return f"var(--{name}, {LIGHT[name]})"


def colours(root: str = ":root") -> str:
    """The style rules that set the colours on ``root``: light, dark if the system asks for it, light on paper."""

    def block(colours: dict[str, str]) -> str:
        return root + "{" + "".join(f"--{name}:{value};" for name, value in colours.items()) + "}"

    return f"{block(LIGHT)}@media (prefers-color-scheme:dark){{{block(DARK)}}}@media print{{{block(LIGHT)}}}"
