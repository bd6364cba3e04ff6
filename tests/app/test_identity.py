"""Attacks: votes and views of somebody else. Each has a control, a careless variant."""

from __future__ import annotations

import logging
import re

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from groundswell.app import Access, create_predict
from groundswell.app.access import Session
from groundswell.core.ids import uuid7


class Lax(BaseModel):
    answer: str
    source: str = "session"


@pytest.mark.parametrize(
    "extra", [{"source": "eve"}, {"person": "eve"}, {"role": "admin"}, {"project_id": 2}, {"created_at": 0}, {"at": 0},
              {"stratum": "random"}, {"probability": 1.0}]
)  # fmt: skip
def test_i3_a_body_cannot_say_more_than_it_may(extra, owner, post, make_ballot, project):
    response = post(owner, "/api/questions/spam/votes", make_ballot(owner) | extra)
    assert response.status_code == 422
    assert next(iter(extra)) in response.json()["where"]
    assert project.votes == {}


def test_i3_control_a_lax_body_lets_it_through(stranger):
    careless = FastAPI()

    @careless.post("/votes")
    def vote(body: Lax) -> str:
        return body.source

    assert type(stranger)(careless).post("/votes", json={"answer": "ham", "source": "eve"}).json() == "eve"


def test_i3_a_vote_belongs_to_the_session(owner, ben, post, make_ballot, project):
    body = make_ballot(ben)
    assert post(owner, "/api/questions/spam/votes", body).status_code == 404  # ben's assignment
    assert post(ben, "/api/questions/spam/votes", body).status_code == 200
    assert {vote.source for vote in project.votes.values()} == {"ben"}
    assert post(owner, "/api/questions/spam/undo", {"key": uuid7(), "retracts": body["key"]}).status_code == 404
    assert owner.get("/api/questions/spam/mine").json() == []


def test_i3_a_persons_link_opens_no_other_session(stranger, access):
    own = dict(part.split("=", 1) for part in access.query("ben").split("&"))
    eve = dict(part.split("=", 1) for part in access.query("eve").split("&"))
    for tried in (
        {"token": own["token"]},  # the name left out: not the owner
        {"token": own["token"], "person": eve["person"]},
        {"token": own["token"], "person": "eve." + own["person"].split(".")[1]},
        {"token": own["token"], "person": "eve"},
        {"token": own["token"], "person": ""},
        {"token": "the-token", "person": own["person"]},
        {"token": "", "person": own["person"]},
        {"token": "wrong"},
        {"token": ""},
    ):
        stranger.cookies.clear()
        response = stranger.get("/", params=tried)
        assert response.status_code == 401
        assert "set-cookie" not in response.headers
    assert stranger.get("/", params=own).status_code == 200  # control: the link itself opens
    assert stranger.get("/api/project").json()["person"] == "ben"


def test_i3_a_link_of_an_earlier_start_is_over(access, stranger):
    before = Access(secret=access.secret, token="yesterday", owner="ada")
    assert stranger.get(f"/?{before.query('ben')}").status_code == 401
    cookie = before.cookie(Session("ben", owner=False))  # but a session lasts, so that answers made offline arrive
    stranger.cookies.set(access.cookie_name, cookie)
    assert stranger.get("/api/questions/spam/mine").status_code == 200


def test_i4_the_answer_among_an_items_own_fields_stays_hidden(owner):
    asked = owner.get("/api/questions/spam/next").json()
    assert [set(a["item"]["meta"]) for a in asked["assignments"]] == [{"length"}] * 3
    hidden = owner.get("/api/questions/spam/items/a").json()
    assert hidden["item"]["meta"] == {"length": 3}


def test_i4_what_others_said_is_hidden_before_the_answer(owner, ben, post, make_ballot):
    post(ben, "/api/questions/spam/votes", make_ballot(ben, answer="spam"))  # item a
    post(ben, "/api/questions/spam/votes", make_ballot(ben, answer="spam"))  # item b
    ballot = make_ballot(owner)
    before = owner.get("/api/questions/spam/items/a").json()
    assert before["hidden"] is True
    assert (before["votes"], before["pushes"], before["belief"], before["prior"]) == ([], [], {}, {})
    listed = owner.get("/api/questions/spam/beliefs").json()
    assert (listed["hidden"], [row["item"] for row in listed["rows"]]) == (3, ["d"])
    shown = owner.get("/api/explore").json()["map"]
    assert shown["label"] == [None, None, None, "spam"]
    assert [f["item"] for f in owner.get("/api/audit").json()["findings"]] == [None]
    post(owner, "/api/questions/spam/votes", ballot)
    after = owner.get("/api/questions/spam/items/a").json()
    assert after["hidden"] is False
    assert {vote["source"] for vote in after["votes"]} == {"ada", "ben", "prize", "shy"}


def test_i4_a_person_by_link_sees_only_what_they_answered(ben, post, make_ballot):
    post(ben, "/api/questions/spam/votes", make_ballot(ben))
    assert ben.get("/api/questions/spam/items/a").json()["hidden"] is False
    assert ben.get("/api/questions/spam/items/d").json()["hidden"] is True
    assert [row["item"] for row in ben.get("/api/questions/spam/beliefs?label=spam").json()["rows"]] == ["a"]
    assert ben.get("/api/explore").json()["map"]["confidence"] == [0.9, None, None, None]
    assert ben.get("/api/events").status_code == 403
    assert ben.get("/api/watch").status_code == 403
    assert ben.get("/api/project").json()["owner"] is False


def test_i4_control_the_project_itself_would_tell(project):
    assert project.said("spam", "a")[0].answer == "spam"
    assert project.item("a").meta["label"] == "spam"


def test_nothing_else_is_hidden_from_the_owner(owner):
    assert owner.get("/api/questions/spam/items/a").json()["hidden"] is False
    assert owner.get("/api/questions/spam/beliefs").json()["hidden"] == 0


def test_the_prediction_service_may_ask_for_a_token(project, model, stranger):
    asking = type(stranger)(create_predict(project, "v1", token="s3cret"), base_url="http://localhost")
    body = {"items": [{"text": "win"}]}
    assert asking.post("/predict", json=body).status_code == 401
    assert asking.get("/", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert asking.post("/predict", json=body, headers={"authorization": "Bearer s3cret"}).status_code == 200
    assert model.post("/predict", json=body).status_code == 200  # control
    assert model.post("/predict", json=body, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert model.get("/card", headers={"host": "evil.com"}).status_code == 400


def test_paths_are_not_files(owner, static):
    for path in ("/../secret.py", "/..%2fsecret.py", "/assets/..%2f..%2fsecret.py", "/secret.py",
                 "/%2e%2e/static/icon.svg", "/assets../index.html", "//etc/passwd.txt", "/label%00"):  # fmt: skip
        response = owner.get(path)
        assert response.status_code == 404, path
        assert "no file type" not in response.text


def test_log_lines_cannot_be_forged(owner, caplog):
    caplog.set_level(logging.INFO, "groundswell.access")
    owner.get("/label%0aGET /forged 200")
    assert all(re.fullmatch(r"GET \S+ \d{3} \d+ ms", record.getMessage()) for record in caplog.records)
