"""The seven templates say what a good frame says, and their sources run."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from groundswell import frame
from groundswell.core.errors import NotFoundError
from groundswell.frame import TEMPLATES, load, template, template_text
from groundswell.sources import cast, from_config

EXPECTED = {
    "photo-tags": ("multi-label", "choices"),
    "spam": ("binary", "choice"),
    "spam-offensive": ("classes", "choice"),
    "music": ("recommendation", "choice"),
    "card-fraud": ("binary", "choice"),
    "ad-clicks": ("regression", "number"),
    "cookies": ("boxes", "boxes"),
}


def test_there_are_seven():
    assert set(TEMPLATES) == set(EXPECTED)
    with pytest.raises(NotFoundError, match=r"Did you mean 'cookies'\? Known: ad-clicks, card-fraud"):
        template("cookie")


@pytest.mark.parametrize("name", TEMPLATES)
class TestEach:
    def test_is_loaded_from_its_file(self, name, tmp_path):
        path = tmp_path / "groundswell.toml"
        path.write_text(template_text(name), encoding="utf-8")
        assert load(path) == template(name)
        assert template(name).frame.template == name

    def test_task_and_answer_type(self, name):
        config = template(name)
        assert (config.frame.task, config.questions[0].answer.name) == EXPECTED[name]

    def test_every_part_of_the_frame_is_thought_through(self, name):
        found = template(name).frame
        for field in dataclasses.fields(found):
            if field.name not in ("override", "warnings", "positive"):
                assert getattr(found, field.name), field.name
        for field in ("used_by", "task_why", "success", "existing", "harmed", "constraints"):
            assert len(getattr(found, field).split()) >= 12, field
        assert len(found.hypotheses) >= 2
        assert set(found.metrics) <= set(frame.METRICS)

    def test_questions_have_instructions_and_examples(self, name):
        for question in template(name).questions:
            assert question.text
            assert len(question.instructions.split()) >= 40
            assert len(question.examples) >= 2
            if question.answer.name == "choice":
                assert {example.answer for example in question.examples} == set(question.labels)
            assert sum(bool(example.why) for example in question.examples) >= len(question.examples) / 2

    def test_the_sought_label_is_one(self, name):
        config = template(name)
        labels = [label for question in config.questions for label in question.labels]
        assert config.frame.positive in (*labels, "")

    def test_sources_fit_the_question_and_run(self, name):
        config = template(name)
        question = config.questions[0]
        items = pl.DataFrame(
            {
                "item": ["a", "b"],
                "text": ["You have won a prize, call 09061 000 000 now", "thanks, see you at seven"],
                "group": ["beach", "other"],
                "liked": ["1", ""],
                "chargeback": ["fraud", ""],
                "email_domain": ["mailinator.com", "example.org"],
                "customer_since_days": [3, 900],
            }
        )
        columns = cast([from_config(source) for source in config.sources], items, question)
        if columns:
            said = [label for column in columns.values() for label in column["label"].drop_nulls()]
            assert said
            assert set(said) <= set(question.labels)

    def test_lines_are_short_enough_to_read(self, name):
        assert max(len(line) for line in template_text(name).splitlines()) <= 120


def test_music_says_why_nothing_is_labelled_and_what_to_do_instead():
    why = template("music").frame.task_why
    for words in ("Do not label", "collaborative filtering", "What to do instead", "on record"):
        assert words in why


def test_fraud_is_not_measured_by_accuracy_and_clicks_come_from_the_log():
    assert "accuracy" not in template("card-fraud").frame.metrics
    assert "accuracy would mislead" in template("card-fraud").frame.task_why
    assert "Nobody need label" in template("ad-clicks").frame.task_why


def test_cookies_are_boxed_then_judged():
    boxes, whole = template("cookies").questions
    assert (boxes.answer.name, whole.answer.name) == ("boxes", "choice")
    assert whole.labels == ("whole", "broken")
