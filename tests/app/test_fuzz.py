"""Requests drawn from the schema and from beyond it: whatever is sent, the server answers below 500."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell.app import create_predict, openapi
from groundswell.core.ids import uuid7

CALLS = int(os.environ.get("GROUNDSWELL_FUZZ_CALLS", "400"))
SCHEMA = openapi.schema()
TEXT = st.text(max_size=40)
ODD = st.sampled_from(
    ["", "spam", "ham", "a", "c/d e", "../x", "%00", "\x00", "\ud800", "𝕏", "-1", "1e400", "NaN", "9" * 400]
)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | TEXT | ODD,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT | ODD, inner, max_size=4),
    max_leaves=12,
)
KNOWN = {
    "key": st.builds(uuid7),
    "retracts": st.builds(uuid7),
    "item": st.just("@item") | st.sampled_from(["a", "b", "c/d e", "d"]),
    "version": st.integers(1, 3),
    "answer": st.sampled_from(["spam", "ham"]),
    "seconds": st.floats(0, 1e6),
    "confidence": st.floats(0, 1),
    "abstain": st.booleans(),
    "note": TEXT,
    "assignment": st.just("@assignment") | TEXT,
}

GOOD = {"assignment": "@assignment", "item": "@item", "version": 1, "answer": "ham", "abstain": False}


def query(parameter):
    """Values of one parameter: mostly as the schema says, sometimes not."""
    shape = parameter["schema"]
    if "enum" in shape:
        fitting = st.sampled_from(shape["enum"])
    elif shape.get("type") == "integer":
        fitting = st.integers(shape.get("minimum", 0), shape.get("maximum", 100))
    else:
        fitting = ODD
    return fitting.map(str) | fitting.map(str) | ODD | TEXT


@st.composite
def requests(draw):
    """Method, path, query, body (bytes or None)."""
    path, methods = draw(st.sampled_from(sorted(SCHEMA["paths"].items())))
    method, operation = draw(st.sampled_from(sorted(methods.items())))
    params = {}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            fitting = st.just("spam") if parameter["name"] == "q" else KNOWN["item"]
            path = path.replace(f"{{{parameter['name']}}}", draw(fitting | fitting | fitting | TEXT | ODD))
        elif draw(st.booleans()):
            params[parameter["name"]] = draw(query(parameter))
    body = None
    if method == "post":
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        fields = SCHEMA["components"]["schemas"][reference.rsplit("/", 1)[1]]["properties"]
        fitting = {name: draw(KNOWN[name]) for name in fields if draw(st.integers(0, 9))}
        wrong = draw(st.dictionaries(st.sampled_from(sorted(fields)) | TEXT, VALUE, max_size=2))
        good = fitting | GOOD | {"key": uuid7()} if "assignment" in fields else fitting
        value = draw(st.sampled_from([good, fitting, fitting | wrong]) | VALUE)
        body = json.dumps(value).encode("utf-8", "surrogatepass")
        body = draw(st.just(body) | st.binary(max_size=30).map(lambda junk, body=body: body[: len(junk)] + junk))
    return method.upper(), path, params, body


def send(owner, headers, method, path, params, body):
    """Send a drawn request; a vote gets a real assignment, so that some are stored."""
    if body is not None and b"@assignment" in body:
        asked = owner.get("/api/questions/spam/next").json()["assignments"]
        if asked:
            given = asked[0]
            body = body.replace(b"@assignment", given["id"].encode()).replace(b"@item", given["item"]["id"].encode())
    params = {name: value.encode("utf-8", "replace").decode() for name, value in params.items()}
    headers = {**headers, "content-type": "application/json"}
    address = quote(path, safe="/", errors="replace")
    return owner.send(owner.build_request(method, address, params=params, content=body, headers=headers))


def start_over(owner, headers):
    """Take back every answer once all are given."""
    if owner.get("/api/questions/spam/next").json()["remaining"] == 0:
        for mine in owner.get("/api/questions/spam/mine").json():
            undo = {"key": uuid7(), "retracts": mine["key"]}
            assert owner.post("/api/questions/spam/undo", json=undo, headers=headers).status_code == 200


def fuzz(client, headers, calls):
    """Send drawn requests; the statuses seen, by method."""
    statuses = set()

    @settings(max_examples=calls, deadline=None, derandomize=True)
    @given(requests())
    def call(drawn):
        response = send(client, headers, *drawn)
        statuses.add((drawn[0], response.status_code))
        assert response.status_code < 500, (drawn, response.text)
        if response.status_code >= 400:
            assert set(response.json()) == {"what", "where", "hint"}
        elif drawn[0] == "POST":
            start_over(client, headers)

    call()
    return statuses


def test_no_request_ends_above_499(owner, page_headers):
    statuses = fuzz(owner, page_headers, CALLS)
    assert {("GET", 200), ("GET", 422), ("POST", 200), ("POST", 404), ("POST", 422)} <= statuses


def test_no_request_to_a_real_project_ends_above_499(ada, page_headers):
    statuses = fuzz(ada, page_headers, CALLS // 2)
    assert {("GET", 200), ("GET", 404), ("GET", 422), ("POST", 200), ("POST", 422)} <= statuses


@settings(max_examples=CALLS // 4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.just("items") | TEXT, VALUE | st.lists(st.dictionaries(TEXT, VALUE, max_size=3), max_size=3)))
def test_no_prediction_ends_above_499(model, body):
    content = json.dumps(body).encode("utf-8", "surrogatepass")
    response = model.post("/predict", content=content, headers={"content-type": "application/json"})
    assert response.status_code in (200, 422)


@pytest.mark.parametrize(
    "method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "X" * 60]
)
def test_every_method_is_answered(method, owner, project, page_headers):
    for client in (owner, type(owner)(create_predict(project, "v1"), base_url="http://localhost")):
        for path in ("/", "/api/project", "/api/questions/spam/votes", "/predict", "/media/x"):
            headers = {**page_headers, "content-type": "application/json"}
            response = client.request(method, path, content=b"{}", headers=headers, follow_redirects=False)
            assert response.status_code < 500
