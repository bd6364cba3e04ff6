"""The façade: every verb, in the order of the road, on a project small enough to know by heart."""

from __future__ import annotations

import random

import polars as pl
import pytest

import groundswell as gs
from groundswell.core.errors import ConflictError, InputError, NotFoundError, UnsupportedClaimError
from groundswell.core.ids import uuid7

PITS = [
    "deep hole near the kerb",
    "a wheel broke in this deep pit",
    "somebody was injured here",
    "pit as deep as a bucket",
]
CRACKS = ["a thin crack", "hairline crack in the asphalt", "crack beside the drain", "long crack, not deep"]


def reports(n: int = 120) -> tuple[list[str], dict[str, str]]:
    """Texts and what is true of each."""
    rng = random.Random(1)
    truth = {}
    for i in range(n):
        dangerous = rng.random() < 0.4
        truth[f"report {i}: {rng.choice(PITS if dangerous else CRACKS)}, street {i}"] = (
            "dangerous" if dangerous else "minor"
        )
    return list(truth), truth


@pytest.fixture
def potholes(tmp_path):
    texts, truth = reports()
    pl.DataFrame({"body": texts, "borough": [f"b{i % 5}" for i in range(len(texts))]}).write_csv(tmp_path / "in.csv")
    with gs.open(tmp_path / "potholes") as project:
        project.add_question("severity", gs.Choice("minor", "dangerous"), text="How bad is it?")
        project.collect(tmp_path / "in.csv", text="body", group="borough")
        yield project, truth


def add_rules(project):
    @project.source(kind="heuristic")
    def injury(item):
        return "dangerous" if "injured" in item.text else gs.ABSTAIN

    project.add_source(
        gs.Pattern("deep", r"deep (?:hole|pit)|as deep", answer="dangerous"),
        gs.Search("crack", "crack AND NOT wheel", answer="minor"),
    )


def answer_all(project, truth, n, person="ada"):
    done = 0
    while done < n:
        asked = project.ask("severity", of=person, n=min(10, n - done))
        if not asked:
            break
        for one in asked:
            project.vote(one, answer=truth[one.item.text])
        done += len(asked)
    return done


def test_a_folder_is_a_project_and_stays_one(tmp_path):
    with gs.open(tmp_path / "p") as project:
        project.add_question("q", gs.Choice("a", "b"))
    with gs.open(tmp_path / "p") as again:
        assert again.question().labels == ("a", "b")
        assert again.question().version == 1
        again.add_question("q", gs.Choice("a", "b", "c"))
        assert again.question().version == 2
    with pytest.raises(NotFoundError, match="No project here"):
        gs.open(tmp_path / "elsewhere", create=False)


def test_the_same_file_twice_adds_nothing(potholes, tmp_path):
    project, truth = potholes
    again = project.collect(tmp_path / "in.csv", text="body", group="borough")
    assert (again.new, again.known) == (0, len(truth))


def test_rules_vote_and_beliefs_follow(potholes):
    project, truth = potholes
    add_rules(project)
    cast = {c.source: c for c in project.cast()}
    assert cast.keys() == {"injury", "deep", "crack"}
    assert all(c.ran for c in cast.values())
    assert not any(c.ran for c in project.cast()), "nothing changed, so nothing runs again"
    beliefs = project.believe()
    texts = dict(project.items_frame.select("item", "text").iter_rows())
    right = sum(beliefs.label_of(item) == truth[texts[item]] for item in beliefs.items)
    assert right / len(truth) > 0.9
    table = {row.name: row for row in project.source_table()}
    said = sum("crack" in text and "wheel" not in text for text in truth)
    assert table["crack"].n == said
    assert table["deep"].definition.startswith("pattern: deep")


def test_asking_never_repeats_and_an_answer_moves_the_belief(potholes):
    project, truth = potholes
    add_rules(project)
    project.cast()
    asked = project.ask(of="ada", n=5)
    assert len({one.item.id for one in asked}) == 5
    assert all(one.why and 0 < one.assignment.probability <= 1 for one in asked)
    first = asked[0]
    before = project.believe().of(first.item.id)
    receipt = project.vote(first, answer=truth[first.item.text])
    assert receipt.new
    assert receipt.belief[truth[first.item.text]] >= before[truth[first.item.text]]
    assert {said.source for said in receipt.said} >= {"injury", "deep", "crack"}
    assert [one.item.id for one in project.ask(of="ada", n=4)] == [one.item.id for one in asked[1:]]
    others = project.ask(of="ben", n=10)
    assert not {one.item.id for one in others} & {one.item.id for one in asked}, "overlap is 1"


def test_a_repeated_key_is_one_vote_and_an_undo_asks_again(potholes):
    project, truth = potholes
    (one,) = project.ask(of="ada")
    key = uuid7()
    label = truth[one.item.text]
    assert project.vote(one, answer=label, key=key).new
    assert not project.vote(one, answer=label, key=key).new
    with pytest.raises(ConflictError):
        project.vote(one, answer="minor" if label == "dangerous" else "dangerous", key=key)
    undone = project.undo(None, person="ada", retracts=key)
    assert undone.asked is not None
    assert undone.asked.item.id == one.item.id
    assert project.mine("severity", "ada") == []
    with pytest.raises(NotFoundError):
        project.undo(None, person="ben", retracts=key)


def test_wrong_answers_and_strangers_assignments_are_refused(potholes):
    project, _ = potholes
    (one,) = project.ask(of="ada")
    with pytest.raises(gs.GroundswellError, match="is not a label"):
        project.vote(one, answer="huge")
    given = one.assignment
    with pytest.raises(NotFoundError):
        project.vote("severity", answer="minor", person="ben", assignment=given.id, item=given.item, version=1)


def test_the_road_to_a_watched_model(potholes):
    project, truth = potholes
    add_rules(project)
    project.cast()
    answer_all(project, truth, 30)
    assert isinstance(project.audit(), list)
    assert project.certify(checks=20) is None
    while asked := [one for one in project.ask(of="ada", n=20) if one.assignment.stratum == "audit"]:
        for one in asked:
            project.vote(one, answer=truth[one.item.text])
    release = project.release(name="v1")
    certificate = release.certificate
    assert certificate is not None
    assert certificate.n == 20
    beliefs = project.believe()
    texts = dict(project.items_frame.select("item", "text").iter_rows())
    share = sum(beliefs.label_of(item) == truth[texts[item]] for item in beliefs.items) / len(truth)
    assert share >= certificate.bound
    with pytest.raises(ConflictError):
        project.release(name="v1")
    trained = project.train("v1")
    assert trained.ladder[0].model == "commonest"
    said = project.predict("v1", [{"text": "a deep hole, a wheel broke"}, {"text": "a thin crack"}])
    assert [one.label for one in said] == ["dangerous", "minor"]
    assert said[0].because
    watched = project.watch("v1")
    assert watched[0].n_predictions == 2
    assert project.offer("v1", 5) == 2
    status = project.status()
    assert {stage.key for stage in status.stages if stage.state == "done"} >= {
        "collect",
        "cast",
        "release",
        "train",
        "watch",
    }
    path = project.report(None)
    assert "How bad is it?" in path.read_text("utf-8")


def test_a_changed_rule_is_a_new_column_and_a_dropped_one_is_silent(tmp_path):
    folder = tmp_path / "p"
    config = """
name = "p"
[frame]
purpose = "try"
[questions.q]
answer = "choice"
labels = ["a", "b"]
[[sources]]
name = "x"
type = "pattern"
pattern = "x"
answer = "a"
"""
    folder.mkdir()
    (folder / "groundswell.toml").write_text(config)
    (tmp_path / "in.csv").write_text("text\nx one\ny two\n")
    with gs.open(folder) as project:
        project.collect(tmp_path / "in.csv")
        project.cast()
        first = project.source_table()[0].version
    (folder / "groundswell.toml").write_text(config.replace('pattern = "x"', 'pattern = "y"'))
    with gs.open(folder) as project:
        project.cast()
        assert project.source_table()[0].version != first
        texts = dict(project.items_frame.select("text", "item").iter_rows())
        assert {s.answer for s in project.said("q", texts["y two"])} == {"a"}
        assert {s.answer for s in project.said("q", texts["x one"])} == {None}
    (folder / "groundswell.toml").write_text(config[: config.index("[[sources]]")])
    with gs.open(folder) as project:
        project.cast()
        assert project.source_table() == []


def test_what_labels_cannot_support_needs_a_recorded_override(tmp_path):
    from groundswell.frame import template

    config = template("spam")
    from dataclasses import replace

    asking = replace(config.questions[0], text="How trustworthy is the person in this photo of a face?")
    bad = replace(config, questions=(asking,))
    with pytest.raises(UnsupportedClaimError):
        gs.new(tmp_path / "faces", config=bad)
    assert not (tmp_path / "faces" / "groundswell.toml").exists()
    with gs.new(tmp_path / "faces", config=bad, override="a study of raters' prejudice") as project:
        assert project.frame.override == "a study of raters' prejudice"
        assert any(event.data.get("override") for event in project.events())
    with gs.open(tmp_path / "later") as project:
        with pytest.raises(UnsupportedClaimError):
            project.add_question("trust", gs.Choice("yes", "no"), text="Does this face look trustworthy?")
        assert project.questions() == []
        project.add_question("spam", gs.Choice("yes", "no"), text="Is it spam?")
    file = tmp_path / "later" / "groundswell.toml"
    file.write_text(file.read_text().replace("Is it spam?", "Does this face look trustworthy?"))
    with pytest.raises(UnsupportedClaimError):
        gs.open(tmp_path / "later")


def test_heuristics_of_a_file_need_permission(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "groundswell.toml").write_text(
        'name = "p"\n[questions.q]\nanswer = "choice"\nlabels = ["a", "b"]\n'
        '[[sources]]\nname = "loud"\ntype = "heuristic"\nfunction = "loud"\n'
    )
    (folder / "rules.py").write_text(
        "from groundswell import ABSTAIN, heuristic\n\n@heuristic(answers=('a',))\ndef loud(item):\n"
        "    return 'a' if item.text.isupper() else ABSTAIN\n"
    )
    (tmp_path / "in.csv").write_text("text\nSHOUT\nwhisper\n")
    with gs.open(folder) as project:
        project.collect(tmp_path / "in.csv")
        with pytest.raises(InputError, match="allow"):
            project.cast()
        (done,) = project.cast(allow_code=True)
        assert done.votes == 1


def test_answers_that_are_no_single_label_are_asked_at_random_and_kept(tmp_path):
    (tmp_path / "in.csv").write_text("text\nbeach and dog\ncar\ndog\n")
    with gs.open(tmp_path / "p") as project:
        project.add_question("tags", gs.Choices("beach", "dog", "car"))
        project.collect(tmp_path / "in.csv")
        (one,) = project.ask(of="ada")
        receipt = project.vote(one, answer=["dog", "beach"])
        assert receipt.new
        assert receipt.belief == {}
        assert project.mine("tags", "ada")[0].answer == ["beach", "dog"]
        assert project.status().answers == 1
        with pytest.raises(InputError, match="choices"):
            project.believe()


def test_items_that_came_later_are_believed_and_asked_too(potholes, tmp_path):
    project, _ = potholes
    add_rules(project)
    project.cast()
    before = len(project.believe())
    (tmp_path / "more.csv").write_text("body,borough\na crack in Elm Street,b9\n")
    project.collect(tmp_path / "more.csv", text="body", group="borough")
    assert len(project.current()) == before + 1
    new = project.items_frame["item"].to_list()[-1]
    assert project.answer(None, item=new, person="ada", answer="minor").belief["minor"] > 0.5


def test_pictures_are_mapped_asked_and_released(tmp_path):
    from PIL import Image

    folder = tmp_path / "photos"
    folder.mkdir()
    for i in range(12):
        Image.new("RGB", (40, 30), (20 * i, 10, 255 - 20 * i)).save(folder / f"{i}.png")
    with gs.open(tmp_path / "p") as project:
        project.add_question("warm", gs.Choice("warm", "cold"))
        project.collect(folder)
        assert len(project.explore()["map"].to_json()["x"]) == 12
        for one in project.ask(of="ada", n=12):
            assert one.item.media
            red = Image.open(project.media_path(one.item.media)).getpixel((5, 5))[0]
            project.vote(one, answer="warm" if red > 110 else "cold")
        assert project.explore()["balance"].to_json()["unknown"] == 0
        assert project.release(name="v1").manifest["items"] == 12
        with pytest.raises(InputError, match="pictures"):
            project.train("v1")
