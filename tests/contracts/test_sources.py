"""What every type of source must do. A new one is picked up from the registry; it only needs an example here."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from groundswell.core.abstain import ABSTAIN
from groundswell.core.answers import answer_type
from groundswell.core.errors import InputError
from groundswell.core.ids import canonical
from groundswell.core.question import Question
from groundswell.sources import SOURCES, Context, Source, cast, from_config, heuristic

QUESTION = Question("spam", answer_type("choice", {"labels": ["spam", "ham"]}))
ITEMS = pl.DataFrame(
    {
        "item": ["a", "b", "c", "d"],
        "text": ["WIN a prize now", "see you at lunch", None, ""],
        "media": pl.Series([None] * 4, dtype=pl.String),
        "group": ["x", "x", "y", "y"],
        "old": ["spam", "ham", None, ""],
    }
)


class Halves:
    """A model that is sure of the first half and unsure of the second."""

    labels = ("spam", "ham")
    version = "halves-1"

    def predict_proba(self, frame):
        rows = [[0.9, 0.1] if i < frame.height / 2 else [0.5, 0.5] for i in range(frame.height)]
        return np.array(rows).reshape(-1, 2)


@heuristic(answers=("ham",))
def says_lunch(item):
    return "ham" if item.text and "lunch" in item.text else ABSTAIN


EXAMPLES = {
    "pattern": {"pattern": "win|prize", "answer": "spam", "group": "shop"},
    "search": {"query": "win AND NOT lunch", "answer": "spam", "trust": 0.9},
    "lookup": {"values": ["x"], "field": "group", "answer": "ham", "cost": 0.5},
    "heuristic": {"function": "says_lunch"},
    "legacy": {"column": "old"},
    "model": {"model": "halves-1"},
    "person": {},
}


def example(name: str) -> Source:
    context = Context(rules={"says-lunch": says_lunch, "the-model": SOURCES["model"]("the-model", Halves())})
    called = "the-model" if name == "model" else f"the-{name}"
    return from_config({"name": called, "type": name, **EXAMPLES[name]}, context)


@pytest.fixture(params=list(SOURCES))
def source(request):
    assert request.param in EXAMPLES, f"give the contract suite an example of a {request.param}"
    return example(request.param)


def test_info_says_who_it_is(source):
    info = source.info()
    assert info.name == source.name
    assert info.saw == ("all" if source.automatic else "asked")
    assert info.derived == (source.type == "model")


def test_votes_are_one_row_an_item_in_order_with_labels_of_the_question(source):
    source.check(QUESTION)
    column = source.vote(ITEMS)
    assert column.schema["item"] == pl.String
    assert column.schema["label"] == pl.String
    assert column["item"].to_list() == (ITEMS["item"].to_list() if source.automatic else [])
    assert set(column["label"].drop_nulls()) <= {"spam", "ham"}
    if "confidence" in column.columns:
        assert column["confidence"].drop_nulls().is_between(0, 1).all()


def test_votes_are_the_same_every_time_and_do_not_depend_on_the_other_items(source):
    whole = source.vote(ITEMS)
    assert whole.equals(source.vote(ITEMS))
    if source.automatic and source.type != "model":
        alone = pl.concat([source.vote(ITEMS[i : i + 1]) for i in range(ITEMS.height)])
        assert alone.select("item", "label").equals(whole.select("item", "label"))


def test_an_automatic_source_says_something_here_and_nothing_there(source):
    labels = source.vote(ITEMS)["label"]
    if source.automatic:
        assert labels.drop_nulls().len() > 0
    if source.automatic and source.type != "model":
        assert labels.null_count() > 0


def test_no_items_no_votes(source):
    column = source.vote(ITEMS.clear())
    assert column.height == 0
    assert {"item", "label"} <= set(column.columns)


def test_config_is_json_and_comes_back_as_the_same_source(source):
    config = source.config()
    assert canonical(config)
    assert config["type"] == source.type
    again = from_config(config, Context(rules={"says-lunch": says_lunch, source.name: source}))
    assert again.config() == config
    assert again.version == source.version
    assert again.info() == source.info()
    assert again.vote(ITEMS).equals(source.vote(ITEMS))


def test_version_is_a_hash_that_neither_name_nor_trust_changes(source):
    assert len(source.version) == 16
    assert int(source.version, 16) >= 0
    if source.type != "model":
        config = source.config() | {"name": "another", "trust": 0.6}
        assert from_config(config, Context(rules={"says-lunch": says_lunch})).version == source.version


def test_an_unknown_setting_is_named_with_a_hint(source):
    with pytest.raises(InputError, match=r"'ansewr' is not a setting"):
        from_config(source.config() | {"ansewr": "spam"}, Context(rules={source.name: source}))


def test_a_question_that_does_not_ask_for_labels_is_refused(source):
    if source.automatic:
        with pytest.raises(InputError, match="asks for number"):
            source.check(Question("rate", answer_type("number", {})))


def test_a_label_that_the_question_does_not_know_is_refused(source):
    other = Question("road", answer_type("choice", {"labels": ["minor", "dangerous"]}))
    if source.automatic:
        with pytest.raises(InputError, match=r"spam|ham"):
            cast([source], ITEMS, other)
