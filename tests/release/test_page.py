"""The page on certificates holds the figures that the code gives."""

from __future__ import annotations

import re

import pytest

from groundswell.release import certify, plan


@pytest.fixture
def page(root):
    return (root / "docs" / "explanation" / "certificate.md").read_text(encoding="utf-8")


def test_the_prices(page):
    rows = re.findall(
        r"^\| (\d+) % \| at least \d+ % \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| (\d+) \|$", page, re.MULTILINE
    )
    assert len(rows) == 4
    for share, *told in rows:
        p = int(share) / 100
        checks = [plan(p, n_items=n).checks for n in (None, 5572, 1000)]
        assert [int(number.replace(",", "")) for number in told] == [*checks, round(1.96**2 * p * (1 - p) / 0.02**2)]
    assert f"up to {plan(0.95).wrong} mistakes" in page


def test_the_sentence(page):
    found = certify([0] * 150, [0] * 148 + [1] * 2, n_items=5572)
    assert found.sentence in page
    assert str(found.correct) in page
