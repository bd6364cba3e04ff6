"""Boolean queries: precedence, phrases, prefixes, faults with their position."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.core.errors import InputError
from groundswell.sources import Search
from groundswell.sources.search import All, Either, Not, Term, parse


def found(query, *texts):
    frame = pl.DataFrame({"item": [str(i) for i in range(len(texts))], "text": pl.Series(texts, dtype=pl.String)})
    return [label == "x" for label in Search("s", query, answer="x").vote(frame)["label"].to_list()]


@pytest.mark.parametrize(
    "query, text, expected",
    [
        ("prize", "A PRIZE!", True),
        ("prize", "prizes", False),
        ("prize*", "prizes", True),
        ("free call", "call me, it is free", True),
        ("free AND call", "free", False),
        ("free OR call", "call", True),
        ("NOT free", "nothing", True),
        ("NOT NOT free", "free", True),
        ("free NOT call", "free call", False),
        ("a OR b AND c", "a", True),
        ("(a OR b) AND c", "a", False),
        ("a AND b OR c", "c", True),
        ("NOT a AND b", "b", True),
        ('"free entry"', "FREE  entry", True),
        ('"free entry"', "free-entry", True),
        ('"free entry"', "entry free", False),
        ('"free entr*"', "free entries", True),
        ('"and"', "this and that", True),
        ("and", "this and that", True),
        ("c++", "I write c++ daily", True),
        ("£100", "win £100 now", True),
        ("t&c", "T&C apply", True),
        ("don't", "DON'T", True),
        ("a.c", "abc", False),
        ("naïve", "NAÏVE", True),
        ("(((a)))", "a", True),
    ],
)
def test_meaning(query, text, expected):
    assert found(query, text) == [expected]


def test_no_text_is_an_abstention_even_for_not():
    assert found("NOT free", None, "") == [False, True]


def test_tree():
    assert parse("a b OR NOT (c OR d*)") == Either(
        (
            All((Term(("a",)), Term(("b",)))),
            Not(Either((Term(("c",)), Term(("d",), prefix=True)))),
        )
    )


@pytest.mark.parametrize(
    "query, message",
    [
        ("", "The query is empty"),
        ("   ", "The query is empty"),
        ("crack AND (hole", "bracket at position 11 is not closed"),
        ("crack)", "bracket ) at position 6 was never opened"),
        ("AND crack", "'AND' at position 1 stands where a word should"),
        ("crack AND", "ends after 'AND' at position 7"),
        ("crack OR OR hole", "'OR' at position 10"),
        ("crack AND OR hole", "'OR' at position 11"),
        ("NOT", "ends after 'NOT' at position 1"),
        ("()", "Nothing stands between the brackets at position 1"),
        ('a "b c', "quotation mark at position 3 is not closed"),
        ('a ""', "Nothing to search for at position 3"),
        ("*", "Nothing to search for at position 1"),
        ("cra*ck", "is not at the end"),
        ("a*b*", "is not at the end"),
        ("(" * 500 + "a" + ")" * 500, "More than 100 brackets within brackets at position 101"),
        ("(" * 99_999, "More than 100 brackets"),
    ],
)
def test_faults(query, message):
    with pytest.raises(InputError) as caught:
        Search("s", query, answer="x")
    assert message in str(caught.value)
    assert str(caught.value).startswith("source 's': ")


def test_many_alternatives_run_together():
    query = " OR ".join(f"word{i}" for i in range(1000))
    assert found(query, "has word999 in it", "word1000") == [True, False]


def test_a_hundred_nots_are_no_recursion():
    assert found("NOT " * 10_000 + "a", "a") == [True]


WORDS = st.text(alphabet="abcé5+&.-'£#[]{}|^$\\?~", min_size=1, max_size=6).filter(lambda w: not w.endswith("*"))
TREES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(st.just("NOT"), inner),
        st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=6,
)


def spell(tree):
    if isinstance(tree, str):
        return f'"{tree}"'
    if tree[0] == "NOT":
        return f"NOT ({spell(tree[1])})"
    return "(" + f" {tree[0]} ".join(spell(part) for part in tree[1]) + ")"


def truth(tree, text):
    """The same meaning, by Python's own engine and words."""
    if isinstance(tree, str):
        left = r"(?<!\w)" if tree[0].isalnum() else ""
        right = r"(?!\w)" if tree[-1].isalnum() else ""
        return re.search(left + re.escape(tree) + right, text, re.IGNORECASE) is not None
    if tree[0] == "NOT":
        return not truth(tree[1], text)
    parts = [truth(part, text) for part in tree[1]]
    return all(parts) if tree[0] == "AND" else any(parts)


@settings(max_examples=150, deadline=None)
@given(TREES, st.lists(st.text(alphabet="abcABCé5+&.-'£# \\[]", max_size=20), min_size=1, max_size=5))
def test_any_query_means_what_a_plain_evaluation_says(tree, texts):
    assert found(spell(tree), *texts) == [truth(tree, text) for text in texts]
