"""Bodies that are no honest JSON: 422, never 500. The control is a framework's own reading, which takes them."""

from __future__ import annotations

import contextlib
import json

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from groundswell.app.strict import MAX_DEPTH, parse_json
from groundswell.core.answers.boxes import Boxes
from groundswell.core.answers.choice import Choice
from groundswell.core.answers.spans import Spans
from groundswell.core.errors import InputError
from groundswell.core.question import Question

VOTES = "/api/questions/spam/votes"


def bodies(ballot):
    """Broken variants of a good vote, by name."""
    good = json.dumps(ballot)

    def put(answer: str) -> bytes:
        return good.replace('"ham"', answer).encode("utf-8", "surrogatepass")

    return {
        "deep array": put("[" * 100_000 + "]" * 100_000),
        "deep object": put('{"a":' * 100_000 + "1" + "}" * 100_000),
        "unclosed": put("[" * 100_000),
        "nan": put("NaN"),
        "infinity": put("-Infinity"),
        "too large a float": put("1e400"),
        "5,000 digits": put("9" * 5000),
        "2^63": put(str(2**63)),
        "-2^63 - 1": put(str(-(2**63) - 1)),
        "duplicate keys": put('"ham", "answer": "spam"'),
        "nested duplicate keys": put('{"a": 1, "a": 2}'),
        "lone surrogate": put(r'"\ud800"'),
        "surrogate in a key": put(r'{"\udfff": 1}'),
        "raw surrogate": put('"\ud800"'),
        "NUL": put(r'"a\u0000b"'),
        "raw control character": put('"a\x01b"'),
        "latin-1": put('"ham"').replace(b"ham", b"h\xe4m"),
        "utf-16": good.encode("utf-16"),
        "bom": b"\xef\xbb\xbf" + good.encode(),
        "empty": b"",
        "not JSON": b"answer=ham",
        "null": b"null",
        "a list": b"[]",
        "a text": b'"x"',
        "a long list": put("[" + "1," * 300_000 + "1]"),
    }


CASES = list(bodies({"answer": "ham"}))


@pytest.mark.parametrize("case", CASES)
def test_v1_v2_broken_bodies_are_refused(case, owner, make_ballot, page_headers, project):
    body = bodies(make_ballot(owner))[case]
    response = owner.post(VOTES, content=body, headers={**page_headers, "content-type": "application/json"})
    assert response.status_code == 422, response.text
    assert set(response.json()) == {"what", "where", "hint"}
    assert project.votes == {}


def test_v1_control_the_frameworks_own_reading_takes_them(stranger):
    careless = FastAPI()

    @careless.post("/votes")
    def vote(body: dict) -> int:
        return len(body)

    client = type(stranger)(careless, raise_server_exceptions=False)
    statuses = {}
    for case, body in bodies({"answer": "ham"}).items():
        statuses[case] = client.post("/votes", content=body, headers={"content-type": "application/json"}).status_code
    taken = [case for case, status in statuses.items() if status == 200]
    assert {"nan", "duplicate keys", "lone surrogate", "NUL", "2^63"} <= set(taken)


def test_v2_what_fits_64_bits_is_kept(post, owner, make_ballot, project):
    note = "é \U0001f600 ‮ \u0301 'quoted' \\ \x7f"
    body = make_ballot(owner, note=note)
    assert post(owner, VOTES, body).status_code == 200
    assert project.votes[body["key"]].note == note
    assert parse_json(str(2**63 - 1).encode()) == 2**63 - 1


def test_bodies_have_a_limit(owner, page_headers):
    headers = {**page_headers, "content-type": "application/json"}
    chunks = (b" " * 2**20 for _ in range(9))  # sent without a length
    for content in (b" " * (8 * 2**20 + 1), chunks):
        response = owner.post(VOTES, content=content, headers=headers)
        assert response.status_code == 413
        assert set(response.json()) == {"what", "where", "hint"}


SPANS = (
    [{"start": 5, "end": 2, "label": "PER"}],
    [{"start": -1, "end": 2, "label": "PER"}],
    [{"start": 0, "end": 2**40, "label": "PER"}],
    [{"start": 0.5, "end": 2, "label": "PER"}],
    [{"start": True, "end": 2, "label": "PER"}],
    [{"start": 0, "end": 2, "label": "LOC"}],
    [{"start": 0, "end": 2}],
    [{"start": 0, "end": 2, "label": "PER", "by": "eve"}],
    {"start": 0, "end": 2, "label": "PER"},
    "PER",
)


@pytest.mark.parametrize("answer", SPANS, ids=str)
def test_v3_spans_that_make_no_sense(answer, owner, post, make_ballot, project):
    project.asked = Question("spam", Spans("PER", "ORG"))
    assert post(owner, VOTES, make_ballot(owner, answer=answer)).status_code == 422


def test_v3_offsets_round_trip_in_code_points(owner, post, make_ballot, project):
    project.asked = Question("spam", Spans("PER"))
    body = make_ballot(owner, answer=[{"start": 1, "end": 2, "label": "PER"}])
    assert post(owner, VOTES, body).status_code == 200
    assert owner.get("/api/questions/spam/mine").json()[0]["answer"] == body["answer"]


BOXES = (
    '[{"x": NaN, "y": 0, "width": 1, "height": 1, "label": "cat"}]',
    '[{"x": 1e999, "y": 0, "width": 1, "height": 1, "label": "cat"}]',
    '[{"x": -1, "y": 0, "width": 1, "height": 1, "label": "cat"}]',
    '[{"x": 0, "y": 0, "width": 0, "height": 1, "label": "cat"}]',
    '[{"x": "0", "y": 0, "width": 1, "height": 1, "label": "cat"}]',
    "[" + ",".join(['{"x": 0, "y": 0, "width": 1, "height": 1, "label": "cat"}'] * 100_001) + "]",
)


@pytest.mark.parametrize("answer", BOXES, ids=lambda text: text[:30])
def test_v3_boxes_that_make_no_sense(answer, owner, make_ballot, page_headers, project):
    project.asked = Question("spam", Boxes("cat"))
    body = json.dumps(make_ballot(owner, answer="ANSWER")).replace('"ANSWER"', answer)
    response = owner.post(VOTES, content=body, headers={**page_headers, "content-type": "application/json"})
    assert response.status_code == 422


def test_v3_a_choice_is_one_of_its_labels(owner, post, make_ballot, project):
    project.asked = Question("spam", Choice("spam", "ham"))
    for answer in ("Spam", "", ["spam"], 1, True, {"label": "spam"}):
        assert post(owner, VOTES, make_ballot(owner, answer=answer)).status_code == 422
    assert post(owner, VOTES, make_ballot(owner, answer=None)).status_code == 422
    assert post(owner, VOTES, make_ballot(owner, abstain=True)).status_code == 422  # an answer as well


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc é", max_size=4), inner, max_size=4),
    max_leaves=30,
)  # fmt: skip


@given(JSON)
def test_honest_json_is_read_as_it_is(value):
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_nothing_but_one_error_comes_of_bytes(body):
    with contextlib.suppress(InputError):
        parse_json(body)


def test_depth_is_counted_alike_for_lists_and_objects():
    assert parse_json(b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1)) is not None
    with pytest.raises(InputError, match="nested"):
        parse_json(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))
