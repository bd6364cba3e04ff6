"""The demo's data and rules: complete, quick, and as good as is claimed."""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections import Counter
from importlib.resources import files

import numpy as np
import polars as pl
import pytest

from groundswell.core.answers import answer_type
from groundswell.core.question import Question
from groundswell.demo import rules
from groundswell.sources import cast, unique

QUESTION = Question("spam", answer_type("choice", {"labels": ["spam", "ham"]}))


@pytest.fixture(scope="module")
def messages():
    raw = files("groundswell.demo").joinpath("data/sms_spam.jsonl.gz").read_bytes()
    return [json.loads(line) for line in gzip.decompress(raw).decode("utf-8").splitlines()]


@pytest.fixture(scope="module")
def votes(messages):
    items = pl.DataFrame({"item": [str(i) for i in range(len(messages))], "text": [m["text"] for m in messages]})
    columns = cast(rules.sources(), items, QUESTION)
    return {name: column["label"].to_numpy() for name, column in columns.items()}


def test_the_collection_is_whole(messages):
    assert Counter(message["label"] for message in messages) == {"ham": 4825, "spam": 747}
    assert all(set(message) == {"text", "label"} and message["text"].strip() for message in messages)


def test_its_encoding_is_repaired(messages):
    text = "\n".join(message["text"] for message in messages)
    assert "å£" not in text
    assert text.count("£") == 329
    assert not [c for c in text if 0x80 <= ord(c) < 0xA0]


def test_the_tool_undoes_what_happened_to_the_texts(root):
    path = root / "tools" / "make_sms_data.py"
    spec = importlib.util.spec_from_file_location("make_sms_data", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.undo_encoding("å£900 I\x89Û÷m \x89Û_ Ì_ caf\x8e") == "£900 I‘m … ü café"
    assert tool.message(['the password \\MIX\\" to', " PO Box", '450Ppw 16"', ""]) == (
        'the password "MIX" to, PO Box,450Ppw 16'
    )
    rows = [{"text": "é", "label": "ham"}]
    assert tool.pack(rows) == tool.pack(rows)


def test_there_are_rules_for_both_labels():
    found = unique(rules.sources())
    assert len(found) >= 16
    answers = Counter(label for source in found.values() for label in source.labels)
    assert answers["spam"] >= 8
    assert answers["ham"] >= 6
    for source in found.values():
        source.check(QUESTION)


def test_every_rule_speaks_and_is_better_than_chance(messages, votes):
    gold = np.array([message["label"] for message in messages])
    for name, labels in votes.items():
        spoke = np.array([label is not None for label in labels])
        assert spoke.mean() > 0.005, name
        assert (labels[spoke] == gold[spoke]).mean() > 0.75, name


def test_they_cover_nearly_everything_and_agree_with_the_truth(messages, votes):
    gold = np.array([message["label"] == "spam" for message in messages])
    spam = sum((labels == "spam").astype(int) for labels in votes.values())
    ham = sum((labels == "ham").astype(int) for labels in votes.values())
    assert ((spam + ham) > 0).mean() > 0.97
    assert (spam[gold] > 0).mean() > 0.93
    guess = spam > ham
    f1 = 2 * (guess & gold).sum() / (guess.sum() + gold.sum())
    assert f1 > 0.9


def test_no_text_is_no_trouble():
    items = pl.DataFrame({"item": ["a", "b"], "text": pl.Series([None, ""], dtype=pl.String)})
    assert len(cast(rules.sources(), items, QUESTION)) == len(rules.sources())
