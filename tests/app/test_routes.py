"""The API's routes translate, and nothing more."""

from __future__ import annotations

import json

import anyio.to_thread

from groundswell.app import openapi
from groundswell.core.ids import uuid7
from groundswell.core.item import Item


def test_the_committed_schema_is_the_one_of_the_code(root):
    assert (root / "web" / "openapi.json").read_text() == openapi.text()


def test_project_says_where_it_stands(owner):
    found = owner.get("/api/project").json()
    assert found["person"] == "ada"
    assert found["owner"] is True
    assert found["question"]["answer"]["labels"] == ["spam", "ham"]
    assert found["question"]["hues"] == [0, 1]
    assert found["question"]["instructions_html"] == "<p>Judge the <em>message</em>.</p>\n"
    assert found["accuracy"] == {"value": 0.9, "low": 0.8, "high": 0.95, "n": 40}
    assert found["next"][0] == {"key": "L", "title": "Answer 20 questions", "detail": "4 minutes", "href": "/label"}
    assert len(found["certainty"]) == 20


def test_next_gives_the_same_questions_until_they_are_answered(owner, post, make_ballot):
    first = owner.get("/api/questions/spam/next?n=2").json()
    assert first == owner.get("/api/questions/spam/next?n=2").json()
    assert [a["item"]["kind"] for a in first["assignments"]] == ["text", "text"]
    assert first["assignments"][0]["why"] == "The rules disagree."
    post(owner, "/api/questions/spam/votes", make_ballot(owner))
    after = owner.get("/api/questions/spam/next?n=2").json()
    assert after["done_by_me"] == 1
    assert after["assignments"][0]["id"] == first["assignments"][1]["id"]


def test_suggestions_stay_hidden_unless_the_question_shows_them(owner):
    assert owner.get("/api/questions/spam/next").json()["assignments"][0]["suggestion"] is None


def test_what_rules_said_is_revealed_with_the_answer(owner, post, make_ballot):
    answer = post(owner, "/api/questions/spam/votes", make_ballot(owner, answer="spam")).json()
    assert answer["stored"] is True
    assert answer["new"] is True
    assert answer["belief"] == {"spam": 0.75, "ham": 0.25}
    assert answer["revealed"] == [
        {"source": "prize", "kind": "rule", "answer": "spam", "right": True},
        {"source": "shy", "kind": "rule", "answer": None, "right": None},
    ]


def test_the_same_vote_twice_is_one(owner, post, make_ballot, project):
    body = make_ballot(owner)
    assert post(owner, "/api/questions/spam/votes", body).json()["new"] is True
    again = post(owner, "/api/questions/spam/votes", body)
    assert (again.status_code, again.json()["new"]) == (200, False)
    assert len(project.votes) == 1
    assert post(owner, "/api/questions/spam/votes", body | {"answer": "spam"}).status_code == 409


def test_a_skip_is_an_abstention_and_a_night_is_not_a_pace(owner, post, make_ballot, project):
    body = make_ballot(owner, abstain=True, seconds=1e9)
    del body["answer"]
    assert post(owner, "/api/questions/spam/votes", body).status_code == 200
    stored = project.votes[body["key"]]
    assert repr(stored.answer) == "ABSTAIN"
    assert stored.seconds == 86_400
    assert owner.get("/api/questions/spam/mine").json() == [
        {"key": body["key"], "item": "a", "text_start": "win a prize", "answer": None, "abstained": True, "at": 1.0}
    ]


def test_undo_asks_again(owner, post, make_ballot):
    body = make_ballot(owner)
    post(owner, "/api/questions/spam/votes", body)
    undone = post(owner, "/api/questions/spam/undo", {"key": uuid7(), "retracts": body["key"]}).json()
    assert undone["assignment"]["item"]["id"] == body["item"]
    assert owner.get("/api/questions/spam/mine").json() == []


def test_beliefs_are_sorted_filtered_and_paged(owner):
    rows = owner.get("/api/questions/spam/beliefs").json()
    assert [row["item"] for row in rows["rows"]] == ["c/d e", "b", "a", "d"]
    assert rows["rows"][0]["p"] == {"spam": 0.4, "ham": 0.6}
    sure = owner.get("/api/questions/spam/beliefs?order=sure&label=spam&limit=1").json()
    assert (sure["total"], [row["item"] for row in sure["rows"]]) == (2, ["d"])
    assert owner.get("/api/questions/spam/beliefs?offset=9").json()["rows"] == []
    assert owner.get("/api/questions/spam/beliefs?label=spma").json()["hint"].startswith("Did you mean 'spam'")


def test_an_item_with_a_slash_in_its_id_is_reached(owner):
    found = owner.get("/api/questions/spam/items/c%2Fd%20e").json()
    assert found["item"]["id"] == "c/d e"
    assert found["pushes"] == [{"source": "prize", "kind": "rule", "vote": "spam", "label": "spam", "log_odds": 1.5}]
    assert found["prior"] == {"spam": 0.13, "ham": 0.87}
    assert [vote["source"] for vote in found["votes"]] == ["prize", "shy"]


def test_reports_have_their_shapes(owner):
    explored = owner.get("/api/explore").json()
    assert explored["map"]["label"] == ["spam", "ham", "ham", "spam"]
    assert explored["map"]["confidence"] == [0.9, 0.8, 0.6, 0.97]
    assert explored["counts"] == {"items": 4, "text": 4, "media": 0, "groups": 0}
    assert sum(explored["lengths"]["counts"]) == 4
    assert explored["clusters"] == [{"id": 0, "n": 4, "terms": ["win"]}]
    assert explored["balance"][0] == {"label": "ham", "n": 2, "share": 0.5}
    assert explored["fields"][0]["name"] == "length"
    assert explored["sentences"]["counts"].startswith("4 texts")
    audit = owner.get("/api/audit?limit=1").json()
    assert (audit["total"], audit["findings"][0]["text"]) == (2, "win a prize")
    assert owner.get("/api/releases").json()[0]["certificate"]["n"] == 60
    assert owner.get("/api/models").json()[0]["weights"] == [{"feature": "win", "label": "spam", "weight": 1.2}]
    assert owner.get("/api/watch").json()[0]["drift"][0]["level"] == "changed"
    assert owner.get("/api/events").json() == [{"at": 1.0, "event": "framed", "data": {}}]
    assert owner.get("/api/questions/spam/sources").json()[0]["definition"] == "win|prize"


def test_projects_work_in_the_thread_pool(owner, project):
    owner.get("/api/project")
    assert project.threads
    assert all("AnyIO worker" in name for name in project.threads), project.threads


def test_an_image_is_one_by_its_media(owner, project):
    project.stored = [Item("i", None, "0" * 64 + ".png"), Item("r", None, None, {"x": 1})]
    found = owner.get("/api/questions/spam/next").json()["assignments"]
    assert [a["item"]["kind"] for a in found] == ["image", "row"]


def test_errors_have_one_shape(owner, post):
    for response, status in (
        (owner.get("/api/questions/none/next"), 404),
        (owner.get("/api/nothing"), 404),
        (owner.get("/api/questions/spam/next?n=0"), 422),
        (owner.get("/api/questions/spam/items/unknown"), 404),
        (owner.get("/api/questions/spam/beliefs?order=worst"), 422),
        (post(owner, "/api/project", {}), 405),
        (post(owner, "/api/questions/spam/votes", {}), 422),
    ):
        assert response.status_code == status
        assert set(response.json()) == {"what", "where", "hint"}
        assert response.headers["content-type"] == "application/json"
        assert "Traceback" not in response.text


def test_our_own_mistake_tells_nothing(app, access, enter, project, caplog):
    def broken(question):
        raise RuntimeError("inner detail")

    project.status = broken
    client = enter(access, app, raise_server_exceptions=False)
    response = client.get("/api/project")
    assert response.status_code == 500
    assert set(response.json()) == {"what", "where", "hint"}
    assert "inner detail" not in response.text
    cookie = client.cookies[access.cookie_name]
    assert cookie not in caplog.text


def test_the_schema_is_json(owner):
    assert json.loads(openapi.text())["openapi"].startswith("3.1")


def test_a_request_goes_to_the_thread_pool_once(owner, monkeypatch):
    """Each hop costs about a tenth of a millisecond of the one interpreter that all annotators share."""
    hops = []
    run = anyio.to_thread.run_sync

    async def counted(function, *args, **options):
        hops.append(function)
        return await run(function, *args, **options)

    monkeypatch.setattr(anyio.to_thread, "run_sync", counted)
    owner.get("/api/questions/spam/next")
    assert len(hops) == 1
