"""Drift is found when it is there, and only then."""

from __future__ import annotations

import csv

import numpy as np
import polars as pl
import pytest

from groundswell.core.errors import InputError
from groundswell.watch import drift, holm


def _table(n, seed, *, mean=0.0, share=0.2, gaps=0.0):
    rng = np.random.default_rng(seed)
    age = rng.normal(40 + 10 * mean, 10, n)
    return pl.DataFrame(
        {
            "item": [f"{seed}-{i}" for i in range(n)],
            "age": np.where(rng.random(n) < gaps, np.nan, age),
            "city": np.where(rng.random(n) < share, "A", "B"),
            "member": rng.random(n) < 0.5,
        }
    )


def _texts(n, seed, words):
    rng = np.random.default_rng(seed)
    return pl.DataFrame({"text": [" ".join(rng.choice(words, rng.integers(4, 12))) for _ in range(n)]})


WORDS = [f"word{chr(97 + i)}{chr(97 + j)}" for i in range(12) for j in range(12)]


def _levels(found):
    return {one.what: one.level for one in found}


def test_nothing_changed_no_alarm():
    alarms = 0
    for seed in range(40):
        reference, current = _table(800, 2 * seed), _table(200, 2 * seed + 1)
        p, q = (np.random.default_rng(s).dirichlet([1, 2], n) for s, n in ((seed, 800), (seed + 99, 200)))
        found = drift(reference, current, probabilities_reference=p, probabilities_current=q, seed=seed)
        alarms += any(one.level != "same" for one in found)
    assert alarms <= 2


def test_unchanged_texts_raise_no_alarm():
    alarms = 0
    for seed in range(15):
        reference, current = _texts(400, 2 * seed, WORDS), _texts(120, 2 * seed + 1, WORDS)
        alarms += any(one.level != "same" for one in drift(reference, current, seed=seed))
    assert alarms <= 1


def test_a_split_of_the_same_messages_raises_no_alarm(shared_data):
    with (shared_data / "tables" / "sms_spam.csv").open(encoding="latin-1", newline="") as f:
        texts = pl.DataFrame({"text": [row[1] for row in list(csv.reader(f))[1:]]})
    alarms = 0
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(texts.height)
        for n in (60, 1000):
            found = drift(texts[order[:2500]], texts[order[2500 : 2500 + n]], seed=seed)
            alarms += any(one.level != "same" for one in found)
    assert alarms <= 2


def test_changed_numbers_categories_and_gaps_are_found_worst_first():
    found = drift(_table(1000, 0), _table(300, 1, mean=0.8, share=0.5, gaps=0.3))
    levels = _levels(found)
    assert levels["column age"] == "changed"
    assert levels["column city"] == "changed"
    assert levels["missing age"] == "changed"
    assert levels["column member"] == "same"
    order = [one.level for one in found]
    assert order == sorted(order, key=["changed", "shifted", "same"].index)


def test_says_in_words_what_happened():
    found = {one.what: one for one in drift(_table(1000, 0), _table(300, 1, mean=0.8, share=0.5))}
    assert found["column age"].why.startswith("The column age is higher: about 4")
    assert "“A” is 49 % now, 21 % before" in found["column city"].why
    assert found["column member"].why == "No change that matters."


def test_new_words_and_longer_texts_are_found():
    strange = [*WORDS, *(f"new{chr(97 + i)}" for i in range(26))] + ["http"] * 40
    reference, current = _texts(600, 0, WORDS), _texts(200, 1, strange)
    longer = current.with_columns(pl.col("text") + " " + pl.col("text"))
    found = {one.what: one for one in drift(reference, longer)}
    assert found["length of text"].level == "changed"
    assert found["share of new words in text"].level == "changed"
    assert "http" in found["share of new words in text"].why


def test_a_common_word_that_comes_up_is_named():
    reference, current = _texts(600, 0, WORDS), _texts(200, 1, WORDS)
    louder = current.with_columns(pl.col("text") + " wordaa")
    found = {one.what: one for one in drift(reference, louder)}
    assert found["common words of text"].level == "changed"
    assert "“wordaa” is in 100 % of the texts now" in found["common words of text"].why


def test_changed_predictions_are_found_and_named():
    rng = np.random.default_rng(0)
    p, q = rng.beta(1, 9, 1000), rng.beta(5, 5, 300)
    found = drift(
        pl.DataFrame({"x": np.zeros(1000)}),
        pl.DataFrame({"x": np.zeros(300)}),
        probabilities_reference=np.column_stack([1 - p, p]),
        probabilities_current=np.column_stack([1 - q, q]),
        labels=["ham", "spam"],
    )
    levels = _levels(found)
    assert levels["predicted label"] == "changed"
    assert levels["probability of spam"] == "changed"
    assert "probability of ham" not in levels  # its mirror
    assert any("“" in one.why for one in found if one.what == "predicted label")


def test_a_column_that_is_gone_or_of_another_kind_is_a_change():
    reference = _table(100, 0)
    current = _table(100, 1).drop("age").with_columns(city=pl.lit(1.5))
    levels = _levels(drift(reference, current))
    assert levels["column age"] == "changed"
    assert levels["column city"] == "changed"


def test_too_few_to_tell_is_said():
    found = drift(_table(1000, 0), _table(10, 1, mean=3.0))
    assert {one.level for one in found} == {"same"}
    assert "Too few to tell: 10" in found[0].why


def test_a_column_that_became_all_missing_is_found():
    current = _table(100, 1).with_columns(age=pl.lit(None, pl.Float64))
    assert _levels(drift(_table(300, 0), current))["missing age"] == "changed"


def test_many_columns_raise_no_more_alarms_than_few():
    alarms = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        tables = [pl.DataFrame(rng.normal(size=(n, 50)), schema=[f"c{i}" for i in range(50)]) for n in (300, 60)]
        alarms += any(one.level != "same" for one in drift(*tables))
    assert alarms <= 1


def test_is_deterministic():
    one, two = (drift(_texts(200, 0, WORDS), _texts(100, 1, WORDS), seed=5) for _ in range(2))
    assert one == two


def test_odd_tables_do_no_harm():
    odd = pl.DataFrame(
        {
            "text": ["", None, "a"] * 20,
            "empty": pl.Series([None] * 60, dtype=pl.Null),
            "nested": [[1]] * 60,
            "when": pl.Series([0] * 60).cast(pl.Datetime),
            "same": [1.0] * 60,
            "inf": [float("inf"), 1.0, 2.0] * 20,
        }
    )
    found = drift(odd, odd)
    assert {one.level for one in found} == {"same"}


def test_ids_of_items_are_not_compared():
    assert not any("item" in one.what for one in drift(_table(100, 0), _table(100, 1)))


def test_holm_agrees_with_the_definition():
    p = [0.001, 0.2, 0.03, 0.04]
    assert holm(p) == pytest.approx([0.004, 0.2, 0.09, 0.09])
    assert holm([]) == []
    assert max(holm([0.9, 0.8])) <= 1.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"probabilities_current": np.ones((50, 3)) / 3}, "cannot be compared"),
        ({"probabilities_current": np.full((50, 2), 2.0)}, "between 0 and 1"),
        ({"probabilities_current": np.full((50, 2), np.nan)}, "between 0 and 1"),
        ({"labels": ["a"]}, "1 labels for 2"),
        ({"alpha": 0.0}, "alpha"),
    ],
)
def test_nonsense_is_refused(arguments, said):
    half = np.full((50, 2), 0.5)
    options = {"probabilities_reference": half, "probabilities_current": half} | arguments
    with pytest.raises(InputError, match=said):
        drift(_table(50, 0), _table(50, 1), **options)
    with pytest.raises(InputError, match="rows on both sides"):
        drift(_table(50, 0), _table(0, 1))
