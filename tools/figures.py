"""Writes the README's table of figures from what the demo measured.

Usage: make demo ARGS="--no-serve --fresh --json" > figures.json && python tools/figures.py figures.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

README = Path(__file__).resolve().parent.parent / "README.md"


def table(found: dict[str, Any]) -> str:
    """The figures as Markdown."""
    steps = found["steps"]
    believe, ask, held = steps["believe"], steps["ask"], steps["train"]["held out"]
    proof = steps["release"]["certificate"]
    rows = [
        (f"majority vote of {steps['cast']['sources']} rules", believe["majority"]),
        ("beliefs from the same rules", believe["beliefs from rules"]),
        (f"beliefs after {ask['answers']} questions", ask["beliefs"]),
        (f"the trained model, on {held['n']} messages held out from everything", held),
    ]
    lines = ["| | spam F1 | accuracy |", "|---|---|---|"]
    lines += [f"| {name} | {row['f1']:.3f} | {row['accuracy']:.1%} |" for name, row in rows]
    bound = int(1000 * proof["bound"]) / 10  # a claim is never rounded up
    lines.append(
        f"\nThe certificate, from {proof['checks']} blind checks: at least {bound:.1f} % of the labels are right "
        f"(95 % confidence). The truth: {proof['truth']:.1%}."
    )
    return "\n".join(lines)


def main() -> None:
    """Put the table between its marks."""
    found = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    marks = re.compile(r"(<!-- figures -->\n).*?(\n<!-- /figures -->)", re.DOTALL)
    README.write_text(marks.sub(lambda at: f"{at[1]}{table(found)}{at[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
