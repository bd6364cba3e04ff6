"""Patterns: linear time, faults named with their position."""

from __future__ import annotations

import time

import polars as pl
import pytest

from groundswell.core.errors import InputError, NotFoundError
from groundswell.sources import Context, Pattern, cast, from_config


def items(*texts):
    return pl.DataFrame({"item": [str(i) for i in range(len(texts))], "text": list(texts)})


def labels(source, *texts):
    return source.vote(items(*texts))["label"].to_list()


def test_case_counts_only_if_asked():
    assert labels(Pattern("p", "Prize", answer="spam"), "PRIZE", "a prize", "none") == ["spam", "spam", None]
    assert labels(Pattern("p", "Prize", answer="spam", ignore_case=False), "PRIZE", "Prize") == [None, "spam"]


def test_alternatives_stay_within_the_flag():
    assert labels(Pattern("p", "a|B", answer="x"), "A", "b", "c") == ["x", "x", None]


def test_letters_of_any_alphabet():
    assert labels(Pattern("p", r"\bстраße\b", answer="x"), "eine СТРАßE.", "страßen") == ["x", None]


@pytest.mark.parametrize(
    "pattern, position, reason, hint",
    [
        ("(win|prize", 1, "unclosed group", "Close the bracket"),
        ("win)", 4, "unopened group", "Open the bracket"),
        ("free(?=call)", 5, "look-around", "linear"),
        ("(?<!no )prize", 1, "look-around", "AND NOT"),
        (r"(a)\1", 4, "backreferences", "back-references"),
        ("*free", 1, "repetition operator", "Nothing stands before"),
        ("ab[z-a]", 4, "invalid character class range", ""),
        ("[abc", 1, "unclosed character class", "Close the ["),
        (r"\q", 1, "unrecognized escape", "without the backslash"),
        ("a{5,2}", 2, "invalid repetition count range", ""),
        ("first\nsecond (", 14, "unclosed group", "Close the bracket"),
        ("é£(", 3, "unclosed group", ""),
        (r"\p{Foo}", 1, "Unicode property not found", ""),
        ("(?>a)", 3, "unrecognized flag", "Known flags"),
    ],
)
def test_a_fault_is_named_with_position_and_reason(pattern, position, reason, hint):
    with pytest.raises(InputError) as caught:
        Pattern("prize", pattern, answer="spam")
    message = str(caught.value)
    assert f"at position {position}: " in message
    assert reason in message
    assert hint in message
    assert message.startswith("source 'prize': ")
    assert "\n" not in message


@pytest.mark.parametrize("pattern", ["((a{1,1000}){1,1000}){1,100}", "(" * 300 + "a" + ")" * 300, "a" * 20_000, ""])
def test_a_pattern_too_large_is_refused_at_once(pattern):
    started = time.perf_counter()
    with pytest.raises(InputError) as caught:
        Pattern("p", pattern, answer="x")
    assert time.perf_counter() - started < 1
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(a|aa)+$", r"(.*)*x", "(x+x+)+y"])
def test_patterns_that_kill_backtracking_engines_take_linear_time(pattern):
    started = time.perf_counter()
    labels(Pattern("p", pattern, answer="x"), "a" * 28 + "!", "a" * 200_000 + "!", "x" * 200_000)
    assert time.perf_counter() - started < 2


def test_a_field_of_numbers_is_read_as_text():
    frame = pl.DataFrame({"item": ["a", "b"], "text": ["", ""], "year": [1999, 2024]})
    assert Pattern("p", "^20", field="year", answer="new").vote(frame)["label"].to_list() == [None, "new"]


def test_a_field_that_does_not_exist_is_named():
    with pytest.raises(InputError, match=r"source 'p': The items have no field 'txt'\. Did you mean 'text'"):
        Pattern("p", "x", field="txt", answer="a").vote(items("x"))


def test_a_field_of_lists_is_refused():
    frame = pl.DataFrame({"item": ["a"], "tags": [["x"]]})
    with pytest.raises(InputError, match="holds List"):
        Pattern("p", "x", field="tags", answer="a").vote(frame)


def test_a_type_that_does_not_exist_lists_those_that_do():
    with pytest.raises(NotFoundError, match=r"Did you mean 'pattern'\? Known: heuristic, legacy, lookup"):
        from_config({"name": "p", "type": "patern"})
    with pytest.raises(InputError, match="has no type"):
        from_config({"name": "p"})


def test_a_missing_setting_is_named():
    with pytest.raises(InputError, match=r"source 'p': 'answer' is missing"):
        from_config({"name": "p", "type": "pattern", "pattern": "x"}, Context())


def test_trust_must_be_a_probability():
    with pytest.raises(InputError, match=r"trust 1\.5"):
        Pattern("p", "x", answer="a", trust=1.5)


def test_ten_patterns_over_100000_texts_take_less_than_a_second():
    words = [f"{'bcdfghjk'[i % 8]}{'aeiou'[i % 5]}{'lmnprst'[i % 7]}{i}" for i in range(3000)]
    texts = [" ".join(words[(i * 7 + j * 131) % 3000] for j in range(12)) for i in range(100_000)]
    frame = pl.DataFrame({"item": [str(i) for i in range(100_000)], "text": texts})
    patterns = [
        Pattern(f"p{k}", pattern, answer="x")
        for k, pattern in enumerate(
            [r"\bfree\b", r"£\s?\d+", r"call\s+\d{4,}", r"www\.|https?:", r"prize|winner|award", r"(a+)+$", r"\d{5,}",
             r"txt .{0,40} to \d+", r"^bal", r"\b(?:urgent|now)\b"]
        )
    ]  # fmt: skip
    cast(patterns, frame[:10])
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        columns = cast(patterns, frame)
        seconds.append(time.perf_counter() - started)
    assert len(columns) == 10
    assert all(column.height == 100_000 for column in columns.values())
    assert columns["p6"]["label"].drop_nulls().len() == 0
    assert columns["p8"]["label"].drop_nulls().len() > 0
    assert min(seconds) < 1
