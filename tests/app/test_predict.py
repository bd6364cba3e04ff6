"""The prediction service."""

from __future__ import annotations

import pytest

from groundswell.app import create_predict
from groundswell.core.errors import InputError, NotFoundError


def test_it_predicts_with_reasons(model):
    answer = model.post("/predict", json={"items": [{"text": "win"}, {"text": "ok", "length": 2, "known": None}]})
    assert answer.status_code == 200
    assert answer.json()["model"] == "v1"
    assert answer.json()["predictions"][1] == {
        "label": "spam",
        "confidence": 0.9,
        "p": {"spam": 0.9, "ham": 0.1},
        "because": [{"feature": "win", "weight": 1.2}],
    }


def test_its_card_is_a_page_and_json(model):
    page = model.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>v1</h1>" in page.text
    assert "<td>logistic</td><td>95.1 % (93.1 to 96.7)" in page.text
    assert "<script" not in page.text
    assert model.get("/card.css").headers["content-type"].startswith("text/css")
    assert model.get("/card").json()["card"]["labels"] == ["spam", "ham"]
    assert model.get("/health").json() == {"status": "ok", "model": "v1"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": [{}]},
        {"items": ["text"]},
        {"items": [{"text": {"a": 1}}]},
        {"items": [{"text": ["a"]}]},
        {"items": [{"text": "x" * 100_001}]},
        {"items": [{"text": "x"}] * 1001},
        {"items": [{"text": "x"}], "model": "v2"},
        {"items": [{str(i): i for i in range(1001)}]},
        [],
    ],
    ids=lambda body: str(body)[:40],
)
def test_what_it_cannot_read_it_refuses(body, model):
    answer = model.post("/predict", json=body)
    assert answer.status_code == 422
    assert set(answer.json()) == {"what", "where", "hint"}


def test_bodies_have_a_limit(model):
    items = [{"text": "x" * 99_999}] * 50
    assert model.post("/predict", json={"items": items}).status_code == 413


def test_what_the_model_cannot_use_is_the_callers_mistake(model, project):
    def refuse(name, items):
        raise InputError("The model needs the field 'text'", where="items.0", hint="Known: length")

    project.predict = refuse
    answer = model.post("/predict", json={"items": [{"length": 3}]})
    assert answer.status_code == 422
    assert answer.json() == {"what": "The model needs the field 'text'", "where": "items.0", "hint": "Known: length"}


def test_a_number_is_a_prediction_too(model, project):
    thing = type("Predicted", (), {"label": 3.4, "confidence": None, "p": {}, "because": [("tax", -0.1)]})
    project.predict = lambda name, items: [thing]
    answer = model.post("/predict", json={"items": [{"tax": 20}]}).json()["predictions"][0]
    assert (answer["label"], answer["confidence"]) == (3.4, None)


def test_an_unknown_model_does_not_start(project):
    with pytest.raises(NotFoundError):
        create_predict(project, "v2")
