"""The demo: one walk of the whole road, its figures, and what a second run does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from groundswell.core.errors import ConflictError
from groundswell.demo import walk as walking
from groundswell.demo.score import score

GROUNDSWELL = [sys.executable, "-c", "from groundswell.cli import main; main()"]


def run(folder, *options):
    done = subprocess.run(
        [*GROUNDSWELL, "demo", "--folder", str(folder), "--no-serve", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "sms"
    return folder, json.loads(run(folder, "--json").stdout)


def test_every_step_of_the_road_is_walked_and_timed(walked):
    _, figures = walked
    assert list(figures["steps"]) == [
        "frame", "collect", "explore", "cast", "believe", "ask", "audit", "release", "train", "serve", "report",
    ]  # fmt: skip
    assert all(step["seconds"] >= 0 for step in figures["steps"].values())
    assert figures["steps"]["collect"] == {**figures["steps"]["collect"], "items": 5572, "again": 0}
    assert figures["steps"]["cast"]["sources"] >= 10


def test_the_figures_hold(walked):
    steps = walked[1]["steps"]
    assert steps["believe"]["beliefs from rules"]["f1"] > 0.9
    assert steps["believe"]["beliefs from rules"]["n"] == 5572
    assert steps["ask"]["answers"] == 100
    assert steps["ask"]["beliefs"]["f1"] >= 0.96
    assert steps["train"]["held out"]["f1"] >= 0.94
    certificate = steps["release"]["certificate"]
    assert certificate["checks"] == 150
    assert certificate["truth"] >= certificate["bound"] > 0.9
    assert steps["serve"]["predictions"] > 400


def test_the_answers_stay_outside_the_project(walked):
    folder, _ = walked
    assert '"label"' not in (folder / "messages.jsonl").read_text("utf-8")


def test_the_report_is_one_file_with_nothing_from_elsewhere(walked):
    page = (walked[0] / "report.html").read_text("utf-8")
    assert "The person who is asked is played by the collection" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "").replace("http://127.0.0.1", "")
    assert "<script" not in page


def test_a_second_run_goes_on_with_the_same_project(walked):
    folder, figures = walked
    again = run(folder, "--json")
    assert json.loads(again.stdout) == figures
    assert "is complete" in again.stderr


def test_an_interrupted_walk_is_begun_anew_and_strangers_files_stay(tmp_path):
    folder = tmp_path / "demo"
    assert walking.prepare(folder, fresh=False) is None
    (folder / "project.db").write_text("half")
    assert walking.prepare(folder, fresh=False) is None
    assert not (folder / "project.db").exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("precious")
    with pytest.raises(ConflictError, match="not the demo's"):
        walking.prepare(mine, fresh=True)
    assert (mine / "thesis.txt").read_text() == "precious"


def test_scores_are_those_of_the_textbook():
    found = score(["spam", "spam", "ham", "ham"], ["spam", "ham", "spam", "ham"])
    assert (found.accuracy, found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5, 0.5)
