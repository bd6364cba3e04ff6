"""What every audit check must keep, whatever it looks for. A new check is tested once it is registered."""

from __future__ import annotations

import datetime
import json

import numpy as np
import polars as pl
import pytest

from groundswell.audit import CHECKS, Case, audit
from groundswell.core.belief import Beliefs, Reliability
from groundswell.core.finding import Finding
from groundswell.core.interval import Interval
from groundswell.core.source import SourceInfo


def _frame(texts, **fields):
    n = len(texts)
    return pl.DataFrame(
        {
            "item": [f"i{row}" for row in range(n)],
            "text": pl.Series(texts, dtype=pl.String),
            "media": pl.Series([None] * n, dtype=pl.String),
            "group": pl.Series([None] * n, dtype=pl.String),
            **fields,
        }
    )


def _beliefs(n, k=2, seed=0):
    rng = np.random.default_rng(seed)
    rule = Reliability(SourceInfo("rule", kind="rule", saw="all"), Interval(0.3, 0.2, 0.4, n=50), 0.5)
    return Beliefs(
        items=[f"i{row}" for row in range(n)],
        labels=["a", "b", "c"][:k],
        probabilities=rng.dirichlet(np.full(k, 0.3), n),
        prior=np.full(k, 1 / k),
        reliability=[rule],
        model="made up",
    )


def _votes(n, k=2, people=("ada", "bo"), seed=0):
    rng = np.random.default_rng(seed)
    rows = [(f"i{row}", who, "abc"[rng.integers(k)]) for row in range(n) for who in people]
    return pl.DataFrame(rows, schema=["item", "source", "label"], orient="row")


def _cases():
    rng = np.random.default_rng(1)
    texts = [f"message {row % 40} about {row % 7} things &amp; more" for row in range(120)]
    odd = ["", " ", None, "\x07bell", "<script>", "Ã¤rger", "a\ufffdb"]
    table = _frame(
        [None] * 80,
        n=[float(row) if row % 9 else None for row in range(80)],
        big=[10**15 + row for row in range(80)],
        yes=[bool(row % 2) for row in range(80)],
        day=[datetime.date(2026, 1, 1 + row % 20) for row in range(80)],
        parts=[[row % 3] for row in range(80)],
        record=[{"a": row % 4} for row in range(80)],
        empty=[None] * 80,
        nan=[float("nan")] * 80,
    )
    return {
        "no items": Case(_frame([])),
        "no items, but beliefs": Case(_frame([]), _beliefs(0), _votes(0), np.empty((0, 2))),
        "one item": Case(_frame(["hello"]), _beliefs(1), _votes(1), np.array([[0.4, 0.6]])),
        "items alone": Case(_frame(texts)),
        "everything": Case(_frame(texts, n=range(120)), _beliefs(120, 3), _votes(60, 3), rng.dirichlet([1, 1, 1], 120)),
        "beliefs about other items too": Case(_frame(texts), _beliefs(500), _votes(500), rng.dirichlet([1, 1], 120)),
        "odd texts": Case(_frame(odd, kind=odd), _beliefs(7), _votes(7), rng.dirichlet([1, 1], 7)),
        "a table": Case(table, _beliefs(80), _votes(80), rng.dirichlet([1, 1], 80)),
        "one label": Case(_frame(texts), _beliefs(120, 1), _votes(60, 1), np.ones((120, 1))),
    }


every_check = pytest.mark.parametrize("name", list(CHECKS))
every_case = pytest.mark.parametrize("case", _cases().values(), ids=_cases().keys())


@every_check
@every_case
def test_findings_are_complete(name, case):
    ids = set(case.ids)
    for finding in CHECKS[name](case):
        assert isinstance(finding, Finding)
        assert finding.check == name
        assert 0.0 <= finding.severity <= 1.0
        assert finding.item is None or finding.item in ids
        assert set(finding.others) <= ids
        assert finding.item not in finding.others
        for sentence in (finding.why, finding.action):
            assert sentence
            assert sentence[0].isupper() or sentence[0] in "'0123456789" or sentence.startswith(("ada", "bo"))
            assert sentence[-1] in ".?"
            assert "\n" not in sentence
        assert json.loads(json.dumps(dict(finding.evidence), allow_nan=False)) is not None


@every_check
@every_case
def test_the_same_case_gives_the_same_findings(name, case):
    again = Case(case.items, case.beliefs, case.votes, case.model_probabilities, case.seed)
    assert CHECKS[name](case) == CHECKS[name](again)


@every_case
def test_audit_is_worst_first(case):
    found = audit(case.items, beliefs=case.beliefs, votes=case.votes, model_probabilities=case.model_probabilities)
    assert [f.severity for f in found] == sorted((f.severity for f in found), reverse=True)
    labels = [f.item for f in found if f.check in ("label-error", "answer-doubt", "disagreement")]
    assert len(labels) == len(set(labels))
