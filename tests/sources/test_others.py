"""Lookups, heuristics, legacy columns, models, rules.py, the table of sources."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from groundswell.core.abstain import ABSTAIN
from groundswell.core.answers import answer_type
from groundswell.core.belief import Beliefs, Reliability
from groundswell.core.errors import ConflictError, InputError, NotFoundError
from groundswell.core.interval import Interval
from groundswell.core.question import Question
from groundswell.core.source import SourceInfo
from groundswell.core.votes import VoteTable
from groundswell.sources import (
    Context,
    Legacy,
    Lookup,
    Model,
    Pattern,
    Person,
    cast,
    from_config,
    heuristic,
    load_rules,
    summary,
)

QUESTION = Question("spam", answer_type("choice", {"labels": ["spam", "ham"]}))


def frame(**columns):
    n = len(next(iter(columns.values())))
    return pl.DataFrame({"item": [f"i{k}" for k in range(n)], **columns})


class TestLookup:
    def test_whole_field_or_any_word(self):
        items = frame(text=["Ringtone", "a new ringtone, free", "ringtones", None])
        whole = Lookup("l", ["ringtone"], answer="spam").vote(items)["label"].to_list()
        words = Lookup("l", ["ringtone"], answer="spam", words=True).vote(items)["label"].to_list()
        assert whole == ["spam", None, None, None]
        assert words == ["spam", "spam", None, None]

    def test_case_and_blanks(self):
        items = frame(text=[" Camden ", "camden"])
        assert Lookup("l", ["CAMDEN"], answer="a").vote(items)["label"].to_list() == ["a", "a"]
        exact = Lookup("l", ["Camden"], answer="a", ignore_case=False)
        assert exact.vote(items)["label"].to_list() == ["a", None]

    @pytest.mark.parametrize(
        "name, content", [("l.txt", "Camden\n\nHackney\n"), ("l.csv", "id,name\n1,Camden\n2,Hackney\n")]
    )
    def test_files(self, tmp_path, name, content):
        (tmp_path / name).write_text(content, encoding="utf-8")
        column = "name" if name.endswith(".csv") else None
        source = Lookup("l", path=name, column=column, answer="a", folder=tmp_path)
        assert source.vote(frame(text=["hackney", "1"]))["label"].to_list() == ["a", None]
        again = from_config(source.config(), Context(folder=tmp_path))
        assert again.version == source.version
        (tmp_path / name).write_text(content.replace("Camden", "Barnet"), encoding="utf-8")
        assert from_config(source.config(), Context(folder=tmp_path)).version != source.version

    def test_bad_files(self, tmp_path):
        with pytest.raises(NotFoundError, match="relative to the project"):
            Lookup("l", path="no.txt", answer="a", folder=tmp_path)
        (tmp_path / "two.csv").write_text("a,b\n1,2\n")
        with pytest.raises(InputError, match="Say which: column"):
            Lookup("l", path="two.csv", answer="a", folder=tmp_path)
        with pytest.raises(InputError, match=r"no column 'c'.*Known: a, b"):
            Lookup("l", path="two.csv", column="c", answer="a", folder=tmp_path)
        (tmp_path / "empty.txt").write_text("")
        with pytest.raises(InputError, match="0 values"):
            Lookup("l", path="empty.txt", answer="a", folder=tmp_path)
        (tmp_path / "latin.csv").write_bytes(b"a\n\xe9t\xe9\n")
        with pytest.raises(InputError, match="UTF-8"):
            Lookup("l", path="latin.csv", answer="a", folder=tmp_path)
        with pytest.raises(InputError, match="Cannot read"):
            Lookup("l", path=".", answer="a", folder=tmp_path)

    def test_bad_settings(self):
        with pytest.raises(InputError, match="either values or a path"):
            Lookup("l", answer="a")
        with pytest.raises(InputError, match="not a list"):
            Lookup("l", "camden", answer="a")
        with pytest.raises(InputError, match="not a single word"):
            Lookup("l", ["two words"], words=True, answer="a")
        with pytest.raises(InputError, match="not a text"):
            Lookup("l", [1], answer="a")

    def test_a_million_values(self):
        source = Lookup("l", [f"v{i}" for i in range(1_000_000)], answer="a")
        assert source.vote(frame(text=["v999999", "w"]))["label"].to_list() == ["a", None]


class TestHeuristic:
    def test_sees_the_whole_item(self):
        @heuristic(name="all-fields", kind="legacy")
        def rule(item):
            assert item.media is None
            return ("spam", 0.7) if item.meta["year"] > 2000 and item.group == "g" else None

        column = rule.vote(frame(text=["a", "b"], group=["g", "g"], year=[1999, 2024]))
        assert column["label"].to_list() == [None, "spam"]
        assert column["confidence"].to_list() == [None, 0.7]
        assert rule.info().kind == "legacy"

    def test_a_failure_names_item_line_and_cause(self):
        @heuristic
        def breaks(item):
            return "spam" if len(item.text) > 1 else ABSTAIN

        with pytest.raises(
            InputError, match=r"source 'breaks': It failed on item 'i1', line \d+ of test_others.py: TypeError"
        ):
            breaks.vote(frame(text=["a", None]))

    @pytest.mark.parametrize("answer", [-1, 1.0, True, ["spam"], ("a", "b", "c")])
    def test_what_is_no_label_is_refused(self, answer):
        @heuristic
        def wrong(item):
            return answer

        with pytest.raises(InputError, match="Return a label"):
            wrong.vote(frame(text=["a"]))

    @pytest.mark.parametrize("confidence", [1.5, -0.1, "high", True])
    def test_a_confidence_is_a_probability(self, confidence):
        @heuristic
        def wrong(item):
            return "spam", confidence

        with pytest.raises(InputError, match="confidence"):
            wrong.vote(frame(text=["a"]))

    def test_an_unknown_label_is_found_when_cast(self):
        @heuristic
        def typo(item):
            return "spma"

        with pytest.raises(InputError, match=r"source 'typo': It voted 'spma'.*Did you mean 'spam'"):
            cast([typo], frame(text=["a"]), QUESTION)

    def test_another_body_is_another_version(self):
        @heuristic(name="rule")
        def one(item):
            return "spam"

        @heuristic(name="rule")
        def two(item):
            return "ham"

        assert one.version != two.version

    def test_from_config_without_code_says_so(self):
        with pytest.raises(InputError, match="only when code is allowed"):
            from_config({"name": "h", "type": "heuristic", "function": "f"})


class TestRulesFile:
    CODE = (
        "from groundswell.sources import Pattern, heuristic\n\n"
        "listed = [Pattern('a', 'x', answer='spam')]\n\n"
        "@heuristic\ndef b(item):\n    return 'ham'\n"
    )

    def test_runs_only_when_allowed(self, tmp_path):
        path = tmp_path / "rules.py"
        path.write_text(self.CODE)
        with pytest.raises(InputError, match="not run unless allowed"):
            load_rules(path)
        found = load_rules(path, allow_code=True)
        assert list(found) == ["a", "b"]
        assert found["b"].vote(frame(text=["t"]))["label"].to_list() == ["ham"]
        again = load_rules(path, allow_code=True)
        assert again["b"].version == found["b"].version

    def test_a_changed_file_is_a_changed_version(self, tmp_path):
        path = tmp_path / "rules.py"
        path.write_text(self.CODE)
        before = load_rules(path, allow_code=True)["b"].version
        path.write_text(self.CODE.replace("'ham'", "'spam'"))
        assert load_rules(path, allow_code=True)["b"].version != before

    def test_a_failing_file_names_the_line(self, tmp_path):
        path = tmp_path / "rules.py"
        with pytest.raises(NotFoundError):
            load_rules(path, allow_code=True)
        path.write_text("x = 1\n\n1 / 0\n")
        with pytest.raises(InputError, match=r"rules\.py, line 3: ZeroDivisionError"):
            load_rules(path, allow_code=True)
        path.write_text("x = (\n")
        with pytest.raises(InputError, match=r"line 1: SyntaxError"):
            load_rules(path, allow_code=True)

    def test_two_of_a_name(self, tmp_path):
        path = tmp_path / "rules.py"
        path.write_text(self.CODE.replace("'a'", "'b'"))
        with pytest.raises(ConflictError, match="called 'b'"):
            load_rules(path, allow_code=True)


class TestLegacy:
    def test_values_are_labels_without_a_mapping(self):
        items = frame(old=["spam", " ham ", "", None])
        assert Legacy("o", "old").vote(items)["label"].to_list() == ["spam", "ham", None, None]

    def test_a_mapping_from_numbers(self):
        source = from_config({"name": "o", "type": "legacy", "column": "old", "mapping": {"1": "spam", "0": "ham"}})
        assert source.vote(frame(old=[1, 0, 7, None]))["label"].to_list() == ["spam", "ham", None, None]
        source.check(QUESTION)

    def test_values_that_are_no_labels_are_listed(self):
        with pytest.raises(InputError, match=r"voted 'junk', which"):
            cast([Legacy("o", "old")], frame(old=["junk", "ham"]), QUESTION)


class TestModel:
    class Fixed:
        classes_ = np.array(["spam", "ham"])

        def __init__(self, p):
            self.p = np.asarray(p)

        def predict_proba(self, x):
            self.seen = x
            return self.p

    def test_threshold_and_distribution(self):
        model = self.Fixed([[0.9, 0.1], [0.55, 0.45]])
        source = Model("m", model, threshold=0.6, takes="texts")
        column = source.vote(frame(text=["a", None]))
        assert model.seen == ["a", ""]
        assert column["label"].to_list() == ["spam", None]
        assert column["p_ham"].to_list() == [0.1, 0.45]
        assert source.info().derived

    @pytest.mark.parametrize("p", [[[0.5, 0.5]], [[0.9, 0.3], [0.5, 0.5]], [[np.nan, 1], [0.5, 0.5]]])
    def test_bad_probabilities(self, p):
        with pytest.raises(InputError, match="source 'm'"):
            Model("m", self.Fixed(p)).vote(frame(text=["a", "b"]))

    def test_what_is_no_model(self):
        with pytest.raises(InputError, match="no predict_proba"):
            Model("m", object())
        with pytest.raises(InputError, match="is not loaded"):
            from_config({"name": "m", "type": "model", "model": "v1"})


def test_cast_passes_people_over_and_refuses_doubles():
    items = frame(text=["win", "hi"])
    told = []
    columns = cast(
        [Pattern("p", "win", answer="spam"), Person("ada")], items, QUESTION, progress=lambda *a: told.append(a)
    )
    assert list(columns) == ["p"]
    assert told == [("p", 1, 1)]
    with pytest.raises(ConflictError, match="Two sources are called 'p'"):
        cast([Pattern("p", "win", answer="spam"), Pattern("p", "hi", answer="ham")], items)


def test_summary_against_a_hand_count():
    infos = [SourceInfo("a", "rule", "all"), SourceInfo("b", "rule", "all"), SourceInfo("c", "person")]
    # Item 0: a and b agree. 1: a against b. 2: a alone. 3: nobody.
    votes = VoteTable.build(list("wxyz"), infos, ["spam", "ham"], [0, 0, 1, 1, 2], [0, 1, 0, 1, 0], [0, 0, 0, 1, 1])
    a, b, c = summary(votes)
    assert (a.coverage, a.overlap, a.conflict, a.n) == (0.75, 0.5, 0.25, 3)
    assert (b.coverage, b.overlap, b.conflict, b.n) == (0.5, 0.5, 0.25, 2)
    assert (c.coverage, c.n, c.accuracy) == (0.0, 0, None)
    assert a.labels == (("spam", 2), ("ham", 1))
    interval = Interval(0.8, 0.6, 0.9, 3)
    p = np.full((4, 2), 0.5)
    reliability = [Reliability(info, interval, 0.5, below_chance=info.name == "b") for info in infos]
    rows = summary(votes, Beliefs(list("wxyz"), ["spam", "ham"], p, p[0], reliability, "test"))
    assert rows[0].accuracy == interval
    assert rows[2].accuracy is None
    assert [row.below_chance for row in rows] == [False, True, False]


def test_summary_without_items():
    rows = summary(VoteTable.build([], [SourceInfo("a")], ["x", "y"], [], [], []))
    assert rows[0].coverage == 0
