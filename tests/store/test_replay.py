"""What is effective is a function of the log: any history, against the rules written out the slow way."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell import store
from groundswell.core.abstain import ABSTAIN
from groundswell.core.vote import Vote
from groundswell.store import Store, votes

EXAMPLES = int(os.environ.get("GROUNDSWELL_EXAMPLES", "60"))


def replay(log: list[Vote]) -> list[Vote]:
    """The effective votes, straight from the words of the contract."""

    def is_undo(vote: Vote) -> bool:
        return vote.answer is ABSTAIN and vote.retracts is not None

    def retracted(vote: Vote) -> bool:
        return any(other.retracts == vote.key and not retracted(other) for other in log)

    def superseded(position: int, vote: Vote) -> bool:
        place = (vote.question, vote.item, vote.source)
        return any(
            (other.question, other.item, other.source) == place and not is_undo(other) and other.retracts != vote.key
            for other in log[position + 1 :]
        )

    return [
        vote
        for position, vote in enumerate(log)
        if not is_undo(vote) and not retracted(vote) and not superseded(position, vote)
    ]


# (what to do, item, source, which earlier vote, whether the call ends here)
step = st.tuples(
    st.sampled_from(["answer", "answer", "skip", "undo", "undo", "correct", "again"]),
    st.integers(0, 1),
    st.sampled_from(["ada", "bob"]),
    st.integers(0, 30),
    st.booleans(),
)


def history(steps: list[tuple[str, int, str, int, bool]]) -> list[list[Vote]]:
    """Calls of votes that the store accepts: whoever retracts, retracts a vote of their own."""
    log: list[Vote] = []
    calls: list[list[Vote]] = [[]]
    for n, (what, item, source, back, ends) in enumerate(steps):
        key = f"00000000-0000-7000-8000-{n:012d}"
        place = ("q", 1, f"i{item}", source)
        own = [earlier for earlier in log if (earlier.item, earlier.source) == place[2:]]
        made = Vote(key, *place, ("spam", "ham")[n % 2], at=float(n))
        if what == "skip":
            made = Vote(key, *place, ABSTAIN, at=float(n))
        elif what in ("undo", "correct") and own:
            chosen = own[-1 - back % len(own)].key
            made = Vote(key, *place, ABSTAIN if what == "undo" else f"c{n}", retracts=chosen, at=float(n))
        elif what == "again" and log:
            made = log[back % len(log)]
        if made not in log:
            log.append(made)
        calls[-1].append(made)
        if ends:
            calls.append([])
    return [call for call in calls if call]


def check(s: Store, calls: list[list[Vote]]) -> None:
    log: list[Vote] = []
    for call in calls:
        new = [vote not in log and vote not in call[:k] for k, vote in enumerate(call)]
        assert s.add_votes(call) == new
        log.extend(vote for vote, is_new in zip(call, new, strict=True) if is_new)
        assert s.votes("q") == replay(log)
        # Brought up to date from what it was after the call before.
        assert s.votes_frame("q")["key"].to_list() == [vote.key for vote in replay(log)]
    assert s.votes("q", effective=False) == log
    assert s.verify() == len(log)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(step, max_size=30))
def test_any_history_on_sqlite(
    begin: Callable[..., Store], tmp_path_factory: pytest.TempPathFactory, steps: list
) -> None:
    folder = tmp_path_factory.mktemp("project")
    calls = history(steps)
    with begin(folder, 2) as s:
        check(s, calls)
        head, effective = s.head(), s.votes("q")
    with store.open(folder) as s:
        assert (s.head(), s.votes("q")) == (head, effective)


@pytest.mark.postgres
@settings(max_examples=max(EXAMPLES // 6, 5), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(step, max_size=30))
def test_any_history_on_postgresql(begin: Callable[..., Store], postgres_server: str, steps: list) -> None:
    import uuid

    import psycopg

    schema = f"test_{uuid.uuid4().hex[:12]}"
    try:
        with begin(f"{postgres_server}?schema={schema}", 2) as s:
            check(s, history(steps))
    finally:
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


@settings(max_examples=10 * EXAMPLES, deadline=None)
@given(st.lists(step, max_size=40))
def test_any_history_in_memory(steps: list) -> None:
    log = list(dict.fromkeys(vote.key for call in history(steps) for vote in call))
    every = {vote.key: vote for call in history(steps) for vote in call}
    expected = {(vote.item, vote.source): vote.key for vote in replay([every[key] for key in log])}
    found = {}
    for item in ("i0", "i1"):
        for source in ("ada", "bob"):
            group = [
                {"key": v.key, "answer": None if v.answer is ABSTAIN else v.answer, "retracts": v.retracts}
                for v in map(every.get, log)
                if v is not None and (v.item, v.source) == (item, source)
            ]
            row = votes.effective(group)
            if row is not None:
                found[item, source] = row["key"]
    assert found == expected


def test_the_rules_themselves_would_catch_a_mistake() -> None:
    """The control: an undo that brings back what was superseded is not what the contract says."""
    first, second = Vote("1", "q", 1, "i", "ada", "spam"), Vote("2", "q", 1, "i", "ada", "ham")
    undo = Vote("3", "q", 1, "i", "ada", ABSTAIN, retracts="2")
    assert replay([first, second]) == [second]
    assert replay([first, second, undo]) == []
    assert replay([first, second, undo, Vote("4", "q", 1, "i", "ada", ABSTAIN, retracts="3")]) == [second]
