"""What every store must keep, whichever database is underneath."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from groundswell import store
from groundswell.core.abstain import ABSTAIN
from groundswell.core.answers.choice import Choice
from groundswell.core.errors import ConflictError, InputError, NotFoundError, StorageError
from groundswell.core.ids import uuid7
from groundswell.core.item import Item, Provenance
from groundswell.core.question import Question
from groundswell.core.source import SourceInfo
from groundswell.core.vote import Assignment, Vote
from groundswell.store import Added, Prediction, Store

ITEMS = [Item(f"i{n:03d}", f"text {n}") for n in range(40)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "project")
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def s(place: str) -> Iterator[Store]:
    with store.open(place, create=True) as opened:
        yield opened


@pytest.fixture
def asked(s: Store) -> Store:
    s.add_items(ITEMS)
    s.save_question(Question("q", Choice("spam", "ham")))
    return s


def vote(item: str = "i000", source: str = "ada", answer: object = "spam", **more: object) -> Vote:
    return Vote(
        **{"key": uuid7(), "question": "q", "version": 1, "item": item, "source": source, "answer": answer, **more}
    )


def candidate(item: str, source: str, *, lasts: float = 600, stratum: str = "margin") -> Assignment:
    return Assignment(uuid7(), "q", 1, item, source, "The rules disagree.", stratum, 0.25, time.time() + lasts, 1.5)


def lease(
    s: Store, source: str, n: int = 1, overlap: int | None = 1, items: range = range(40), **more: object
) -> list[str]:
    wanted = [candidate(f"i{i:03d}", source, **more) for i in items]
    return [taken.item for taken in s.lease("q", source, wanted, n, overlap)]


# Opening


def test_a_project_is_made_only_when_asked(place: str) -> None:
    with pytest.raises(NotFoundError, match=r"There is no project here. Make one with: groundswell new"):
        store.open(place)
    store.open(place, create=True).close()
    store.open(place).close()
    store.open(place, create=True).close()


def test_a_closed_store_says_so(s: Store) -> None:
    s.close()
    s.close()
    for use in (s.count_items, lambda: s.save_person("ada"), lambda: s.add_votes([vote()])):
        with pytest.raises(StorageError, match="The project is closed"):
            use()


def test_everything_is_there_after_opening_again(place: str) -> None:
    with store.open(place, create=True) as s:
        s.add_items(ITEMS)
        s.save_question(Question("q", Choice("spam", "ham")))
        s.add_votes([vote("i001")])
        s.put_column("q", "rule", "v1", pl.DataFrame({"item": ["i000"], "label": ["spam"]}))
        name = s.put_media(b"bytes", "png")
        head, votes = s.head(), s.votes("q")
    with store.open(place) as s:
        assert (s.head(), s.votes("q"), s.count_items(), s.verify()) == (head, votes, 40, 1)
        assert s.column("q", "rule").rows() == [("i000", "spam")]
        assert s.media_path(name).read_bytes() == b"bytes"


# Items


def test_items_come_back_as_they_were(s: Store) -> None:
    given = [
        Item("a", "drei Äpfel 🍎\u2028", None, {"z": 1, "a": [1, {"b": None}]}, "g", Provenance("x.csv", 7, "csv")),
        Item("b", None, "0" * 64 + ".png", {}, None, Provenance("x.csv")),
        Item("c"),
    ]
    assert s.add_items(given) == Added(3, 0)
    assert s.items(["c", "a", "b", "a"]) == [given[2], given[0], given[1], given[0]]
    assert list(s.item("a").meta) == ["z", "a"]
    with pytest.raises(NotFoundError, match="No item 'd'"):
        s.items(["a", "d"])


def test_adding_again_adds_nothing(s: Store) -> None:
    assert s.add_items(ITEMS[:30]) == Added(30, 0)
    assert s.add_items([*ITEMS, *ITEMS]) == Added(10, 70)
    assert s.add_items(iter(())) == Added(0, 0)
    assert (s.count_items(), s.item_ids()) == (40, [item.id for item in ITEMS])


def test_an_item_never_changes(s: Store) -> None:
    s.add_items(ITEMS[:5])
    for changed in (replace(ITEMS[3], text="other"), replace(ITEMS[3], meta={"a": 1}), replace(ITEMS[3], group="g")):
        with pytest.raises(ConflictError, match="'i003' exists already with another content"):
            s.add_items([*ITEMS[5:], changed])
    assert s.count_items() == 5
    assert s.add_items([replace(ITEMS[3], provenance=Provenance("elsewhere.csv"))]) == Added(0, 1)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (Item("", "no id"), "0 characters"),
        (Item("x" * 301), "301 characters"),
        (Item("x\0"), "NUL"),
        (Item("x", "a\0b"), "NUL character at position 1"),
        (Item("x", "a\ud800"), "surrogate"),
        (Item("x", meta={"a": {"b": "\udfff"}}), "surrogate"),
        (Item("x", meta={"a\0": 1}), "NUL"),
        (Item("x", meta={"a": float("nan")}), "NaN"),
        (Item("x", meta={"a": [float("-inf")]}), "NaN and infinities"),
        (Item("x", meta={"a": 2**63}), "64 bits"),
        (Item("x", meta={"a": 10**5000}), "64 bits|JSON"),
        (Item("x", meta={1: "a"}), "not int"),
        (Item("x", meta={"a": {1, 2}}), "set"),
        (Item("x", meta={"a": [[]] * 2 + [[[[]]]]} | {"b": object()}), "object"),
        (Item("x", media="../../etc/passwd"), "names no media file"),
        (Item("x", media=None, group="\0"), "NUL"),
    ],
)
def test_what_cannot_be_stored_is_refused_before_anything_is(s: Store, bad: Item, why: str) -> None:
    with pytest.raises(InputError, match=why):
        s.add_items([*ITEMS, bad])
    assert s.count_items() == 0


def test_nesting_is_bounded(s: Store) -> None:
    def nest(depth: int) -> object:
        value: object = 1
        for _ in range(depth):
            value = [value]
        return value

    s.add_items([Item("deep", meta={"a": nest(60)})])
    for depth in (70, 900, 100_000):
        with pytest.raises(InputError, match="Nested more than 64 deep"):
            s.add_items([Item("deeper", meta={"a": nest(depth)})])


def test_the_items_frame_has_the_types_of_the_data(s: Store) -> None:
    assert s.items_frame().columns == ["item", "text", "media", "group"]
    s.add_items(
        [
            Item("a", "t", meta={"n": 1, "x": 1, "flag": True, "mixed": 1, "list": [1], "item": "own", "none": None}),
            Item("b", None, group="g", meta={"n": None, "x": 2.5, "mixed": "two", "late": "yes"}),
        ]
    )
    frame = s.items_frame()
    assert dict(frame.schema) == {
        **dict.fromkeys(("item", "text", "media", "group"), pl.String()),
        "n": pl.Int64(),
        "x": pl.Float64(),
        "flag": pl.Boolean(),
        "mixed": pl.String(),
        "list": pl.String(),
        "meta.item": pl.String(),
        "none": pl.String(),
        "late": pl.String(),
    }
    assert frame.row(0)[4:] == (1, 1.0, True, "1", "[1]", "own", None, None)
    assert frame.row(1) == ("b", None, None, "g", None, 2.5, None, "two", None, None, None, "yes")
    assert s.items_frame() is frame
    s.add_items([Item("c")])
    assert s.items_frame()["item"].to_list() == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["\0", "a\0b", "\ud800", "", "x" * 100_000, "'; DROP TABLE items; --", "%"])
def test_a_name_that_nothing_has_finds_nothing(asked: Store, name: object) -> None:
    for find in (
        asked.item, asked.question, asked.vote, asked.assignment, asked.media_path, asked.sources,
        asked.close_assignment, asked.make_link, lambda name: asked.drop_source("q", name),
        lambda name: asked.column("q", name),
        lambda name: asked.column(name, "rule"), lambda name: asked.items(["i000", name]),
    ):  # fmt: skip
        with pytest.raises(NotFoundError) as caught:
            find(name)
        assert len(str(caught.value)) < 400
    assert asked.person_of(name) is None


def test_many_threads_adding_the_same_items_add_them_once(s: Store) -> None:
    parts = [ITEMS[i : i + 20] for i in (0, 5, 10, 15, 20)]
    added = _together([lambda part=part: s.add_items(part) for part in parts])
    assert sum(a.new for a in added) == s.count_items() == 40
    assert s.items_frame()["item"].n_unique() == 40


# Questions and sources


def test_a_changed_question_is_a_new_version(s: Store) -> None:
    first = s.save_question(Question("q", Choice("spam", "ham")))
    other = s.save_question(Question("other", Choice("a", "b")))
    assert (first.version, other.version) == (1, 1)
    assert s.save_question(Question("q", Choice("spam", "ham"), version=9)) == first
    second = s.save_question(Question("q", Choice("spam", "ham", "offensive"), text="Which?"))
    assert second.version == 2
    assert s.save_question(Question("q", Choice("spam", "ham"))).version == 3
    assert s.question("q", 1) == first
    assert s.question("q", 2) == second
    assert [(q.name, q.version) for q in s.questions()] == [("q", 3), ("other", 1)]
    with pytest.raises(NotFoundError, match=r"No question 'r'. Known: other, q"):
        s.question("r")
    with pytest.raises(NotFoundError, match="'q' has no version 4"):
        s.question("q", 4)


def test_votes_stay_readable_under_their_version(asked: Store) -> None:
    asked.add_votes([vote("i001", answer="ham")])
    asked.save_question(Question("q", Choice("spam", "fine")))
    asked.add_votes([vote("i002", answer="fine", version=2)])
    assert [(v.version, v.answer) for v in asked.votes("q")] == [(1, "ham"), (2, "fine")]


def test_sources_are_kept_in_order_and_replaced(asked: Store) -> None:
    rule = SourceInfo("rule", "rule", "all", "regexes", 0.8, derived=True, cost=0.5)
    asked.save_source("q", rule, {"pattern": "a|b", "labels": [1, None]})
    asked.save_source("q", SourceInfo("ada", "person"), {})
    asked.save_source("q", replace(rule, trust=0.9), {"pattern": "c"})
    assert asked.sources("q") == [(replace(rule, trust=0.9), {"pattern": "c"}), (SourceInfo("ada", "person"), {})]
    asked.add_votes([vote(source="ada")])
    asked.drop_source("q", "ada")
    assert [info.name for info, _ in asked.sources("q")] == ["rule"]
    assert asked.count_votes("q") == 1
    with pytest.raises(NotFoundError, match=r"No source 'ada' for 'q'. Known: rule"):
        asked.drop_source("q", "ada")
    with pytest.raises(NotFoundError, match="No question 'r'"):
        asked.save_source("r", rule, {})
    with pytest.raises(InputError, match="NaN"):
        asked.save_source("q", rule, {"trust": float("nan")})


# Votes


def test_votes_come_back_as_they_were(asked: Store) -> None:
    given = [
        vote("i001", "ada", {"é": [1.5, None, "\u2028"]}, confidence=0.5, distribution={"spam": 0.75, "ham": 0.25},
             seconds=3.25, shown={"rule": "spam"}, probability=0.125, stratum="random", note="drei Äpfel", at=12.5),
        vote("i002", "ada", ABSTAIN, note="unsure"),
        vote("i003", "bob", 3),
    ]  # fmt: skip
    before = time.time()
    assert asked.add_votes(given) == [True, True, True]
    found = asked.votes("q")
    assert [replace(v, at=None) for v in found] == [replace(v, at=None) for v in given]
    assert found[0].at == 12.5
    assert before <= found[1].at <= time.time()
    assert asked.vote(given[1].key) == found[1]
    with pytest.raises(NotFoundError, match="No vote"):
        asked.vote(uuid7())


def test_the_same_vote_twice_is_one(asked: Store) -> None:
    first = vote()
    assert asked.add_votes([first, first, vote("i001")]) == [True, False, True]
    assert asked.add_votes([first]) == [False]
    assert asked.add_votes([replace(first, at=5.0)]) == [False]
    assert asked.count_votes("q") == 2
    for other in (replace(first, answer="ham"), replace(first, item="i001"), replace(first, note="!")):
        with pytest.raises(ConflictError, match="stored already with another content"):
            asked.add_votes([vote("i005"), other])
    assert asked.count_votes("q") == 2


def test_a_key_sent_by_many_threads_at_once_is_one_vote(asked: Store) -> None:
    first = vote()
    news = _together([lambda: asked.add_votes([first])] * 16)
    assert sorted(news) == [[False]] * 15 + [[True]]
    assert len(asked.votes("q", effective=False)) == 1


@pytest.mark.parametrize(
    ("bad", "error", "why"),
    [
        ({"key": "1"}, InputError, "not a UUID"),
        ({"key": "A" * 36}, InputError, "not a UUID"),
        ({"item": "nowhere"}, NotFoundError, "No item 'nowhere'"),
        ({"item": "\0"}, InputError, "NUL"),
        ({"question": "nothing"}, NotFoundError, "No version 1 of a question 'nothing'"),
        ({"version": 2}, NotFoundError, "No version 2"),
        ({"version": 2**40}, InputError, "out of range"),
        ({"source": ""}, InputError, "0 characters"),
        ({"answer": None}, InputError, "needs an answer"),
        ({"answer": float("nan")}, InputError, "NaN"),
        ({"answer": "\ud800"}, InputError, "surrogate"),
        ({"answer": 2**63}, InputError, "64 bits"),
        ({"confidence": 1.5}, InputError, "out of range"),
        ({"seconds": -1}, InputError, "out of range"),
        ({"seconds": float("inf")}, InputError, "out of range"),
        ({"probability": True}, InputError, "number is needed"),
        ({"note": "a\0"}, InputError, "NUL"),
        ({"retracts": uuid7()}, NotFoundError, "to retract"),
    ],
)
def test_a_bad_vote_takes_its_call_with_it_and_no_other(asked: Store, bad: dict, error: type, why: str) -> None:
    def call() -> None:
        with pytest.raises(error, match=why):
            asked.add_votes([vote("i001"), vote(**bad)])

    _together([call, lambda: asked.add_votes([vote("i002")]), call])
    assert [v.item for v in asked.votes("q", effective=False)] == ["i002"]


def test_a_later_vote_supersedes(asked: Store) -> None:
    asked.add_votes([vote(answer="spam"), vote("i001"), vote(source="bob")])
    asked.add_votes([vote(answer="ham")])
    assert [(v.item, v.source, v.answer) for v in asked.votes("q")] == [
        ("i001", "ada", "spam"),
        ("i000", "bob", "spam"),
        ("i000", "ada", "ham"),
    ]
    assert [v.answer for v in asked.votes("q", item="i000", source="ada", effective=False)] == ["spam", "ham"]
    assert [v.answer for v in asked.votes("q", source="ada", newest=True)] == ["ham", "spam"]
    assert [v.source for v in asked.votes("q", item="i000", newest=True, limit=1)] == ["ada"]
    assert (asked.count_votes("q"), asked.count_votes("q", source="bob"), asked.count_votes("r")) == (3, 1, 0)


def test_undo_redo_and_correct(asked: Store) -> None:
    def answers() -> list[object]:
        return [v.answer for v in asked.votes("q")]

    first = vote(answer="spam")
    undo = vote(answer=ABSTAIN, retracts=first.key)
    redo = vote(answer=ABSTAIN, retracts=undo.key)
    correction = vote(answer="ham", retracts=first.key)
    back = vote(answer=ABSTAIN, retracts=correction.key)
    for step, expected in [(first, ["spam"]), (undo, []), (redo, ["spam"]), (correction, ["ham"]), (back, ["spam"])]:
        asked.add_votes([step])
        assert answers() == expected
    later = vote(answer="ham")
    asked.add_votes([later, vote(answer=ABSTAIN, retracts=later.key)])
    assert answers() == [], "what was superseded stays so"


def test_a_skip_is_a_vote(asked: Store) -> None:
    asked.add_votes([vote(answer="spam"), vote(answer=ABSTAIN, note="too long")])
    assert [(v.answer, v.note) for v in asked.votes("q")] == [(ABSTAIN, "too long")]


def test_nobody_retracts_for_another(asked: Store) -> None:
    first = vote()
    asked.add_votes([first])
    for other in (vote(source="bob"), vote("i001")):
        with pytest.raises(ConflictError, match="not of this source, question and item"):
            asked.add_votes([replace(other, retracts=first.key)])
    own = uuid7()
    with pytest.raises(InputError, match="cannot retract itself"):
        asked.add_votes([vote(key=own, retracts=own)])


def test_the_votes_frame(asked: Store) -> None:
    assert asked.votes_frame("q").is_empty()
    given = [vote("i001", seconds=2.0, probability=0.5, stratum="random", at=1.0), vote("i002", answer=ABSTAIN, at=2.0)]
    asked.add_votes([*given, vote("i003", at=3.0)])
    frame = asked.votes_frame("q")
    names = "key, item, source, answer, abstained, confidence, seconds, probability, stratum, version, at, note"
    assert ", ".join(frame.columns) == names
    assert frame.row(0) == (given[0].key, "i001", "ada", '"spam"', False, None, 2.0, 0.5, "random", 1, 1.0, "")
    assert frame.row(1)[3:5] == (None, True)
    assert asked.votes_frame("q") is frame
    asked.add_votes([vote("i003", answer="ham")])
    assert asked.votes_frame("q")["answer"].to_list() == ['"spam"', None, '"ham"']
    assert asked.votes_frame("other").schema == frame.schema


def test_equal_logs_have_equal_heads(place: str, tmp_path: Path) -> None:
    log = [vote(f"i{n:03d}", at=float(n), confidence=0.1 * n) for n in range(5)]
    heads = []
    for where, calls in ((place, [[v] for v in log]), (tmp_path / "other", [log])):
        with store.open(where, create=True) as s:
            s.add_items(ITEMS)
            s.save_question(Question("q", Choice("spam", "ham")))
            assert s.head() == "0" * 64
            seen = {s.head()}
            for call in calls:
                s.add_votes(call)
                s.add_votes(call)
                seen.add(s.head())
            assert len(seen) == len(calls) + 1
            assert s.verify() == 5
            heads.append(s.head())
            s.add_votes([vote()])
            heads.append(s.head())
    assert heads[0] == heads[2]
    assert len(set(heads)) == 3


# Assignments


def test_a_lease_takes_the_first_that_are_free(asked: Store) -> None:
    assert lease(asked, "ada", 3) == ["i000", "i001", "i002"]
    assert lease(asked, "bob", 2) == ["i003", "i004"]
    assert lease(asked, "ada", 2) == ["i005", "i006"], "what she holds is not handed to her again"
    assert lease(asked, "bob", 2, items=range(7)) == []
    assert lease(asked, "bob", 0) == []
    assert lease(asked, "cy", 100) == [f"i{i:03d}" for i in range(7, 40)]
    assert [a.item for a in asked.open_assignments("q", source="ada")] == ["i000", "i001", "i002", "i005", "i006"]
    assert len(asked.open_assignments("q")) == 40


def test_an_assignment_comes_back_as_it_was(asked: Store) -> None:
    given = candidate("i004", "ada")
    assert asked.lease("q", "ada", [given], 1, 1) == [given]
    assert asked.assignment(given.id) == given
    assert asked.close_assignment(given.id)
    assert not asked.close_assignment(given.id)
    assert asked.assignment(given.id) == given
    assert asked.open_assignments("q") == []
    with pytest.raises(NotFoundError, match="No assignment"):
        asked.close_assignment(uuid7())


def test_overlap_counts_answers_and_holds_of_others(asked: Store) -> None:
    one = range(1)
    assert lease(asked, "ada", overlap=2, items=one) == ["i000"]
    assert lease(asked, "bob", overlap=2, items=one) == ["i000"]
    assert lease(asked, "cy", overlap=2, items=one) == []
    asked.add_votes([vote(source="ada")])
    assert lease(asked, "cy", overlap=2, items=one) == []
    assert lease(asked, "ada", overlap=3, items=one) == [], "nobody is asked twice"
    asked.add_votes([vote(source="bob", answer=ABSTAIN)])
    assert asked.open_assignments("q") == [], "an answer ends the hold"
    assert lease(asked, "bob", overlap=9, items=one) == [], "nobody is asked again what they skipped"
    assert lease(asked, "cy", overlap=2, items=one) == ["i000"], "a skip leaves the place to another"


def test_an_undone_answer_can_be_asked_again(asked: Store) -> None:
    first = vote()
    asked.add_votes([first])
    assert lease(asked, "ada", items=range(1)) == []
    asked.add_votes([vote(answer=ABSTAIN, retracts=first.key)])
    assert lease(asked, "ada", items=range(1)) == ["i000"]


def test_an_expired_hold_is_free(asked: Store) -> None:
    assert lease(asked, "ada", items=range(1), lasts=-1) == ["i000"]
    assert asked.open_assignments("q") == []
    assert lease(asked, "bob", items=range(1)) == ["i000"]
    asked.add_votes([vote(source="ada")])
    assert asked.count_votes("q") == 1, "a late answer is kept"
    now = time.time()
    wanted = [candidate("i000", "cy")]
    assert asked.lease("q", "cy", wanted, 1, 1, now=now) == []
    assert len(asked.open_assignments("q", now=now + 599)) == 1
    assert asked.open_assignments("q", now=now + 601) == []


def test_audits_have_an_overlap_of_their_own(asked: Store) -> None:
    one = range(1)
    assert lease(asked, "ada", overlap=1, items=one, stratum="audit") == ["i000"]
    assert lease(asked, "bob", overlap=1, items=one) == ["i000"], "an audit takes no place of a question"
    assert lease(asked, "cy", overlap=1, items=one, stratum="audit") == [], "nor is one item audited twice"
    assert lease(asked, "cy", overlap=None, items=one, stratum="audit") == ["i000"], "unless it is asked for"
    asked.add_votes([vote(source="ada", stratum="audit"), vote(source="bob")])
    assert lease(asked, "dan", overlap=1, items=one) == []
    assert lease(asked, "dan", overlap=1, items=one, stratum="audit") == []
    assert lease(asked, "bob", overlap=9, items=one, stratum="audit") == [], "nobody audits themselves"
    assert lease(asked, "dan", overlap=2, items=one) == ["i000"]


def test_questions_do_not_share_their_queues(asked: Store) -> None:
    asked.save_question(Question("r", Choice("a", "b")))
    assert lease(asked, "ada", items=range(1)) == ["i000"]
    other = [replace(candidate("i000", "bob"), question="r")]
    assert len(asked.lease("r", "bob", other, 1, 1)) == 1


def test_assignments_added_outright_are_not_asked_whether_they_are_free(asked: Store) -> None:
    assert lease(asked, "ada", items=range(1)) == ["i000"]
    asked.add_assignments([candidate("i000", "bob")])
    asked.add_assignments([])
    assert len(asked.open_assignments("q")) == 2


def test_bad_leases(asked: Store) -> None:
    with pytest.raises(InputError, match="for another question or source"):
        asked.lease("q", "bob", [candidate("i000", "ada")], 1, 1)
    with pytest.raises(InputError, match="overlap: 0 is out of range"):
        asked.lease("q", "ada", [candidate("i000", "ada")], 1, 0)
    with pytest.raises(InputError, match="out of range"):
        asked.lease("q", "ada", [replace(candidate("i000", "ada"), probability=1.5)], 1, 1)
    twice = candidate("i000", "ada")
    asked.lease("q", "ada", [twice], 1, 1)
    with pytest.raises(ConflictError, match="exists already"):
        asked.lease("q", "ada", [replace(twice, item="i001")], 1, 1)
    with pytest.raises(NotFoundError, match="does not exist"):
        asked.add_assignments([candidate("nowhere", "ada")])
    assert len(asked.open_assignments("q")) == 1


def test_threads_racing_for_items_never_get_one_too_often(asked: Store) -> None:
    def annotate(name: str) -> list[str]:
        mine: list[str] = []
        while taken := lease(asked, name, n=2, overlap=2):
            mine.extend(taken)
            asked.add_votes([vote(item, name) for item in taken])
        return mine

    got = _together([lambda name=f"p{k}": annotate(name) for k in range(6)])
    handed = sorted(item for mine in got for item in mine)
    assert handed == sorted([item.id for item in ITEMS] * 2), "each to exactly two"
    assert all(len(set(mine)) == len(mine) for mine in got)
    assert asked.count_votes("q") == 80
    assert asked.verify() == 80


# Columns and media


def test_columns_are_kept_by_version(asked: Store) -> None:
    first = pl.DataFrame({"item": ["i000", "i001"], "label": ["spam", None], "confidence": [0.5, None]})
    asked.put_column("q", "Règle n° 1/..", "v1", first)
    asked.put_column("q", "Règle n° 1/..", "v2", first.head(1))
    asked.put_column("q", "other", "v1", first.head(0))
    assert asked.column("q", "Règle n° 1/..").equals(first.head(1))
    assert asked.column("q", "Règle n° 1/..", "v1").equals(first)
    assert asked.column("q", "other").schema == first.schema
    assert [(c.source, c.version, c.n) for c in asked.columns("q")] == [
        ("Règle n° 1/..", "v1", 2), ("Règle n° 1/..", "v2", 1), ("other", "v1", 0),
    ]  # fmt: skip
    asked.put_column("q", "Règle n° 1/..", "v1", first.tail(1))
    assert asked.column("q", "Règle n° 1/..").equals(first.tail(1)), "cast again, it is the latest"
    assert [c.version for c in asked.columns("q")] == ["v2", "v1", "v1"]
    with pytest.raises(NotFoundError, match=r"No votes of 'rule' on 'q'. Known: Règle"):
        asked.column("q", "rule")
    with pytest.raises(NotFoundError, match="in its version 'v9'"):
        asked.column("q", "other", "v9")


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        ({"item": ["i000"]}, "No column 'label'. Columns: item"),
        ({"label": ["spam"]}, "No column 'item'"),
        ({"item": ["i000", "i000"], "label": ["spam", None]}, "stands twice"),
        ({"item": ["i000", None], "label": ["spam", None]}, "missing"),
        ({"item": ["nowhere"], "label": ["spam"]}, "1 items are unknown, such as 'nowhere'"),
        ({"item": [1], "label": ["spam"]}, "Int64, not texts"),
    ],
)
def test_what_is_no_column_is_refused(asked: Store, frame: dict, why: str) -> None:
    with pytest.raises(InputError, match=why):
        asked.put_column("q", "rule", "v1", pl.DataFrame(frame))
    with pytest.raises(NotFoundError, match="No question 'r'"):
        asked.put_column("r", "rule", "v1", pl.DataFrame({"item": ["i000"], "label": ["spam"]}))
    assert asked.columns("q") == []


def test_media_are_named_by_their_content(s: Store, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"abc" * 1_000_000)
    name = s.put_media(tmp_path / "a.bin", ".PNG")
    assert name == s.put_media(b"abc" * 1_000_000, "png")
    assert name.endswith(".png")
    assert len(name) == 68
    assert s.media_path(name).read_bytes() == b"abc" * 1_000_000
    assert s.media_path(name).name == name
    for ending in ("", "p/../g", "png\n", "x" * 11, "\0"):
        with pytest.raises(InputError, match="cannot end the name"):
            s.put_media(b"abc", ending)
    for bad in (
        "../project.db",
        "a.png",
        f"{'0' * 64}.png",
        f"{name}/",
        f"./{name}",
        f"{name}\0",
        "",
        None,
        name.upper(),
    ):
        with pytest.raises(NotFoundError, match="No media file"):
            s.media_path(bad)
    with pytest.raises(NotFoundError, match="no such file"):
        s.put_media(tmp_path / "gone.png", "png")


def test_media_may_have_a_folder_of_their_own(place: str, tmp_path: Path) -> None:
    with store.open(place, create=True, media=tmp_path / "elsewhere") as s:
        name = s.put_media(b"abc", "png")
        assert s.media_path(name) == tmp_path / "elsewhere" / name


# Predictions, people, events


def test_predictions_become_a_table(s: Store) -> None:
    assert s.predictions_frame("m").columns == ["id", "at", "label", "confidence"]
    first = Prediction(uuid7(), "m", {"text": "win", "n": 1, "label": "?"}, "spam", 0.9, {"spam": 0.9, "ham": 0.1}, 5.0)
    second = Prediction(uuid7(), "m", {"text": "hi", "n": 2}, "ham", 0.8, {"spam": 0.2, "ham": 0.8})
    assert s.add_predictions([first, second, Prediction(uuid7(), "other", {}, 1.5)]) == 3
    assert s.add_predictions([first]) == 0
    frame = s.predictions_frame("m")
    assert frame.drop("id", "at").rows(named=True) == [
        {"label": "spam", "confidence": 0.9, "p_spam": 0.9, "p_ham": 0.1, "text": "win", "n": 1, "input.label": "?"},
        {"label": "ham", "confidence": 0.8, "p_spam": 0.2, "p_ham": 0.8, "text": "hi", "n": 2, "input.label": None},
    ]
    assert frame["at"][0] == 5.0
    assert s.predictions_frame("other")["label"].to_list() == [1.5]
    with pytest.raises(InputError, match="out of range"):
        s.add_predictions([Prediction(uuid7(), "m", {}, "spam", 2.0)])
    with pytest.raises(InputError, match="text or a number"):
        s.add_predictions([Prediction(uuid7(), "m", {}, None)])


def test_people_and_their_links(s: Store) -> None:
    for name in ("bob", "ada", "bob"):
        s.save_person(name)
    assert s.people() == ["bob", "ada"]
    with pytest.raises(InputError, match="cannot name a person"):
        s.save_person("Ada <script>")
    old = s.make_link("ada")
    new = s.make_link("ada")
    assert len(new) == 43
    assert (s.person_of(new), s.person_of(old), s.person_of(""), s.person_of("\ud800")) == ("ada", None, None, None)
    with pytest.raises(NotFoundError, match=r"No person 'cy'. Known: ada, bob"):
        s.make_link("cy")


def test_the_audit_trail(s: Store) -> None:
    s.record("collected", {"n": 3, "files": ["a.csv"]})
    s.record("frozen", {})
    assert [(e.n, e.event, e.data) for e in s.events()] == [
        (2, "frozen", {}),
        (1, "collected", {"n": 3, "files": ["a.csv"]}),
    ]
    assert [e.event for e in s.events(1)] == ["frozen"]
    with pytest.raises(InputError, match="NaN"):
        s.record("x", {"a": float("nan")})


def _together(works: list[Callable[[], object]]) -> list:
    """Run all at the same time; their results, or the first error."""
    results: list = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(k: int) -> None:
        start.wait()
        try:
            results[k] = works[k]()
        except BaseException as error:  # noqa: BLE001 - raised below, where pytest sees it
            results[k] = error

    threads = [threading.Thread(target=run, args=(k,)) for k in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
