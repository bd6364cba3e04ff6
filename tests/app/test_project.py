"""The app over real projects: the store, the sources, the beliefs and the queue behind the same routes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

import groundswell as gs
from groundswell.app import create, create_predict, openapi
from groundswell.core.ids import uuid7

SCHEMA = openapi.schema()


def gold(item):
    return "spam" if any(word in item["text"] for word in ("win", "prize", "free", "won cash")) else "ham"


def test_labelling_moves_beliefs(ada, post):
    before = ada.get("/api/project").json()
    assert before["counts"] == {"items": 40, "people": 0, "rules": 2, "answers": 0, "findings": 0}
    assert sum(before["certainty"]) == 40
    for answered in range(12):
        asked = ada.get("/api/questions/spam/next").json()
        assert asked["done_by_me"] == answered
        assert len({a["item"]["id"] for a in asked["assignments"]}) == 3
        first = asked["assignments"][0]
        assert first["why"]
        assert 0 < first["probability"] <= 1
        body = {"key": uuid7(), "assignment": first["id"], "item": first["item"]["id"], "version": first["version"]}
        told = post(ada, "/api/questions/spam/votes", body | {"answer": gold(first["item"]), "seconds": 2.0})
        assert told.status_code == 200, told.text
        assert sum(told.json()["belief"].values()) == pytest.approx(1)
        assert {r["source"] for r in told.json()["revealed"]} >= {"prize", "chat"}
    after = ada.get("/api/project").json()
    assert after["counts"]["answers"] == 12
    assert after["counts"]["people"] == 1
    mine = ada.get("/api/questions/spam/mine").json()
    assert len(mine) == 12
    found = ada.get(f"/api/questions/spam/items/{mine[0]['item']}").json()
    assert found["hidden"] is False
    assert "ada" in {vote["source"] for vote in found["votes"]}
    assert sum(found["belief"].values()) == pytest.approx(1)
    assert all(push["vote"] is None or push["vote"] in ("spam", "ham") for push in found["pushes"])


def test_votes_outlive_the_server(tmp_path, make_project, real_access, enter, post, make_ballot):
    with make_project(tmp_path / "sms") as project:
        client = enter(real_access, create(project, access=real_access))
        body = make_ballot(client)
        assert post(client, "/api/questions/spam/votes", body).json()["new"] is True
    with gs.open(tmp_path / "sms") as project:
        client = enter(real_access, create(project, access=real_access))
        assert post(client, "/api/questions/spam/votes", body).json()["new"] is False
        assert [mine["key"] for mine in client.get("/api/questions/spam/mine").json()] == [body["key"]]


def test_undo_asks_again_and_twice_is_once(ada, post, make_ballot):
    body = make_ballot(ada)
    post(ada, "/api/questions/spam/votes", body)
    undo = {"key": uuid7(), "retracts": body["key"]}
    undone = post(ada, "/api/questions/spam/undo", undo).json()
    assert undone["assignment"]["item"]["id"] == body["item"]
    assert ada.get("/api/questions/spam/mine").json() == []
    again = post(ada, "/api/questions/spam/undo", undo)
    assert (again.status_code, again.json()["new"]) == (200, False)
    asked = ada.get("/api/questions/spam/next").json()["assignments"]
    assert body["item"] in [a["item"]["id"] for a in asked]
    first = next(a for a in asked if a["item"]["id"] == body["item"])
    vote = body | {"key": uuid7(), "assignment": first["id"]}
    assert post(ada, "/api/questions/spam/votes", vote).status_code == 200


def test_a_repeat_with_other_content_is_a_conflict(ada, post, make_ballot):
    body = make_ballot(ada)
    post(ada, "/api/questions/spam/votes", body)
    assert post(ada, "/api/questions/spam/votes", body | {"answer": "spam"}).status_code == 409


def test_an_old_version_of_the_question_is_still_answered(ada, real, post, make_ballot):
    body = make_ballot(ada)
    real.add_question("spam", gs.Choice("spam", "ham", "unsure"), text="Is it spam?")
    assert post(ada, "/api/questions/spam/votes", body | {"answer": "unsure"}).status_code == 422
    assert post(ada, "/api/questions/spam/votes", body).status_code == 200
    assert post(ada, "/api/questions/spam/votes", body | {"key": uuid7(), "version": 9}).status_code == 404


def test_nobody_gets_more_than_the_overlap(real, real_access, enter, post):
    app = create(real, access=real_access)
    people = [enter(real_access, app, person=name) for name in ("ben", "cy", "dee")]
    answered, errors = [], []
    lock = threading.Lock()

    def work(client):
        while True:
            asked = client.get("/api/questions/spam/next?n=2").json()["assignments"]
            if not asked:
                return
            for a in asked:
                body = {"key": uuid7(), "assignment": a["id"], "item": a["item"]["id"], "version": a["version"]}
                told = post(client, "/api/questions/spam/votes", body | {"answer": gold(a["item"])})
                with lock:
                    answered.append(a["item"]["id"])
                    errors.extend([] if told.status_code == 200 else [told.text])

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, people))
    assert errors == []
    assert sorted(answered) == sorted(set(answered))
    assert len(answered) == 40


def test_people_are_told_apart(ada, real, real_access, enter, post, make_ballot):
    ben = enter(real_access, create(real, access=real_access), person="ben")
    body = make_ballot(ben)
    assert post(ada, "/api/questions/spam/votes", body).status_code == 404
    assert post(ben, "/api/questions/spam/votes", body).status_code == 200
    assert post(ada, "/api/questions/spam/undo", {"key": uuid7(), "retracts": body["key"]}).status_code == 404
    unknown = post(ada, "/api/questions/spam/undo", {"key": uuid7(), "retracts": uuid7()})
    other = post(ada, "/api/questions/spam/undo", {"key": uuid7(), "retracts": body["key"]})
    assert unknown.json() == other.json()  # nothing tells another's vote from none
    assert [vote.source for vote in real.votes_on("spam", body["item"])] == ["ben"]


def test_what_is_open_is_hidden(ada, post):
    asked = ada.get("/api/questions/spam/next?n=5").json()["assignments"]
    ids = {a["item"]["id"] for a in asked}
    for id in ids:
        found = ada.get(f"/api/questions/spam/items/{id}").json()
        assert (found["hidden"], found["votes"], found["belief"]) == (True, [], {})
    rows = ada.get("/api/questions/spam/beliefs?limit=100").json()
    assert (rows["hidden"], rows["total"]) == (5, 35)
    assert ids.isdisjoint({row["item"] for row in rows["rows"]})


def test_an_answer_in_a_field_is_hidden_once_a_source_reads_it(ada, real):
    from groundswell.sources import from_config

    real.add_source(from_config({"type": "legacy", "name": "old-system", "column": "gold"}))
    real.cast()
    for a in ada.get("/api/questions/spam/next?n=5").json()["assignments"]:
        assert "gold" not in a["item"]["meta"]
        assert "length" in a["item"]["meta"]


def test_reports_of_a_small_project(ada):
    explored = ada.get("/api/explore").json()
    assert explored["counts"]["items"] == 40
    assert sum(explored["lengths"]["counts"]) == 40
    assert {field["name"] for field in explored["fields"]} == {"gold", "length"}
    if explored["map"] is not None:
        assert len(explored["map"]["x"]) == explored["map"]["n"] == 40
    audit = ada.get("/api/audit").json()
    assert audit["total"] == len(audit["findings"])
    sources = {row["name"]: row for row in ada.get("/api/questions/spam/sources").json()}
    assert sources["prize"]["n"] > 5
    assert ada.get("/api/releases").json() == []
    assert ada.get("/api/models").json() == []
    assert ada.get("/api/watch").json() == []
    assert "cast" in {event["event"] for event in ada.get("/api/events").json()}


def test_from_release_to_prediction(ada, real, post, make_ballot):
    for _ in range(12):
        asked = ada.get("/api/questions/spam/next").json()["assignments"][0]
        post(ada, "/api/questions/spam/votes", make_ballot(ada, answer=gold(asked["item"])))
    real.release("spam", "v1")
    real.train("v1")
    [released] = ada.get("/api/releases").json()
    assert (released["name"], released["n"], sum(released["splits"].values())) == ("v1", 40, 40)
    [trained] = ada.get("/api/models").json()
    assert trained["release"] == "v1"
    assert len(trained["ladder"]) > 1
    assert trained["ladder"][0]["against_previous"] is None
    client = type(ada)(create_predict(real, "v1"), base_url="http://localhost")
    answer = client.post("/predict", json={"items": [{"text": "win a free prize"}, {"text": "ok see you at home"}]})
    assert answer.status_code == 200, answer.text
    first = answer.json()["predictions"][0]
    assert sum(first["p"].values()) == pytest.approx(1)
    assert first["confidence"] == pytest.approx(max(first["p"].values()))
    assert first["because"]
    page = client.get("/")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert ada.get("/api/watch").json()[0]["n_predictions"] == 2
    for bad in ({"text": 5}, {"text": None}, {"text": True}, {"words": "x"}, {"text": "x", "more": 1}, {"text": ""}):
        told = client.post("/predict", json={"items": [bad]})
        assert told.status_code in (200, 422), (bad, told.text)
    mixed = client.post("/predict", json={"items": [{"text": "x"}, {"text": 5}]})
    assert mixed.status_code == 422


def test_v3_spans_count_code_points_and_end_within_the_text(tmp_path, real_access, enter, post):
    (tmp_path / "one.jsonl").write_text('{"text": "😀 Ada"}', "utf-8")
    with gs.open(tmp_path / "names") as project:
        project.add_question("names", gs.Spans("PER"))
        project.collect(tmp_path / "one.jsonl")
        client = enter(real_access, create(project, access=real_access))
        given = client.get("/api/questions/names/next").json()["assignments"][0]
        body = {"key": uuid7(), "assignment": given["id"], "item": given["item"]["id"], "version": 1}
        for end, status in ((6, 422), (5, 200)):  # six UTF-16 units, five code points
            answer = [{"start": 2, "end": end, "label": "PER"}]
            assert post(client, "/api/questions/names/votes", body | {"answer": answer}).status_code == status
        [mine] = client.get("/api/questions/names/mine").json()
        span = mine["answer"][0]
        assert given["item"]["text"][span["start"] : span["end"]] == "Ada"


def test_pictures_are_shown(tmp_path, real_access, enter):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for i in range(4):
        Image.new("RGB", (40, 30), (60 * i, 0, 0)).save(folder / f"{i}.png")
    with gs.open(tmp_path / "photos") as project:
        project.add_question("kind", gs.Choice("road", "field"), text="What is it?")
        project.collect(folder)
        client = enter(real_access, create(project, access=real_access))
        asked = client.get("/api/questions/kind/next").json()["assignments"]
        assert [a["item"]["kind"] for a in asked] == ["image"] * 3
        picture = client.get(f"/media/{asked[0]['item']['media']}")
        assert picture.status_code == 200
        assert picture.headers["content-type"] == "image/png"


def test_a_project_without_data_says_what_to_do(tmp_path, real_access, enter):
    with gs.open(tmp_path / "empty") as project:
        client = enter(real_access, create(project, access=real_access))
        told = client.get("/api/project")
        assert told.status_code in (200, 404)
        assert told.status_code == 200 or told.json()["hint"]
        project.add_question("spam", gs.Choice("spam", "ham"))
        for path in SCHEMA["paths"]:
            if "{id}" not in path and not path.endswith(("votes", "undo")):
                told = client.get(path.replace("{q}", "spam"))
                assert told.status_code == 200 or (told.status_code == 422 and told.json()["hint"]), (path, told.text)


def test_the_secret_is_in_the_project_and_private(real):
    create(real)
    file = real.path / "secret.key"
    assert file.stat().st_mode & 0o077 == 0
    assert file.stat().st_size == 32
