"""The page on learning holds the figures that the code gives."""

from __future__ import annotations

import re

import polars as pl
import pytest

from groundswell import learn


def test_the_descent(root):
    page = (root / "docs" / "explanation" / "learning.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| (\d+) \| ([\d.]+) \| −([\d.]+) · tax \+ ([\d.]+) \|$", page, re.MULTILINE)
    assert len(told) == 4
    steps = []
    table = pl.DataFrame({"tax": [5, 10, 15, 25], "emissions": [5.0, 4.3, 3.7, 2.9]})
    line = learn.train(table, "emissions", kind="regression", model="linear", watch=steps.append)
    for epoch, loss, slope, intercept in told:
        step = steps[int(epoch) - 1]
        assert (step.loss, -step.line[0], step.line[1]) == pytest.approx(
            (float(loss), float(slope), float(intercept)), abs=5.1e-5
        )
    assert f"{line.predict(pl.DataFrame({'tax': [20]})).item():.2f}" in page
