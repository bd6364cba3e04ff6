"""Plain questions, the task and measures that follow, and the project made of them."""

from __future__ import annotations

import itertools

import pytest

from groundswell.core.errors import InputError
from groundswell.frame import METRICS, TASKS, derive, explain, from_answers, guard, parse, questions_to_ask, render
from groundswell.frame.deriving import FORMS, RARITY, WORSE

ANSWERS = {
    "purpose": "Find spam before it reaches the inbox.",
    "predicted": "Is this message spam?",
    "yes": "spam",
    "no": "ham",
}


def asked(key):
    return next(question for question in questions_to_ask() if question.key == key)


@pytest.mark.parametrize(
    "form, options, task, first",
    [
        ("yes-no", {}, "binary", "F1"),
        ("yes-no", {"rarity": "common"}, "binary", "accuracy"),
        ("yes-no", {"rarity": "rare"}, "binary", "PR-AUC"),
        ("yes-no", {"worse": "miss"}, "binary", "precision at 95 % recall"),
        ("yes-no", {"worse": "alarm"}, "binary", "recall at 90 % precision"),
        ("one", {"labels": ["a", "b", "c"]}, "classes", "macro-F1"),
        ("one", {"labels": ["a", "b"]}, "binary", "F1"),
        ("one", {"labels": ["a", "b", "c"], "ordered": True}, "classes", "quadratic kappa"),
        ("several", {}, "multi-label", "per-label F1"),
        ("number", {}, "regression", "mean absolute error"),
        ("boxes", {}, "boxes", "mean average precision"),
        ("spans", {}, "spans", "span F1"),
        ("text", {}, "text", "human preference"),
        ("liking", {}, "recommendation", "recall at 10"),
        ("yes-no", {"understand": True}, "binary", "interval of the share"),
    ],
)
def test_task_and_first_measure(form, options, task, first):
    found = derive(form, **options)
    assert (found.task, found.metrics[0]) == (task, first)
    assert len(found.why.split()) > 8


def test_every_combination_is_explained_with_known_measures():
    for form, rarity, worse, flag in itertools.product(FORMS, RARITY, WORSE, (False, True)):
        task, why, metrics = derive(form, rarity=rarity, worse=worse, ordered=flag, on_record=flag, understand=flag)
        assert task in TASKS
        assert set(metrics) <= set(METRICS)
        assert len(explain(metrics)) == len(metrics)
        assert ("on record" in why) == (flag and form != "liking")


def test_rare_answers_are_never_measured_by_accuracy():
    for worse in WORSE:
        assert "accuracy" not in derive("yes-no", rarity="rare", worse=worse).metrics


def test_a_form_that_does_not_exist():
    with pytest.raises(InputError, match="Did you mean 'boxes'"):
        derive("box")


def test_questions_are_plain_and_complete():
    for question in questions_to_ask():
        assert question.text.endswith((".", "?"))
        assert not {"classification", "regression", "metric", "binary", "inference"} & set(
            question.text.lower().split()
        )
        if question.choices:
            assert question.default in [option.value for option in question.choices]


def test_choices_by_number_name_start_and_default():
    form = asked("form")
    assert form.check(" 1 ") == "yes-no"
    assert form.check("BOXES") == "boxes"
    assert form.check("bo") == "boxes"
    assert form.check("") == "yes-no"
    for wrong in ("0", "99", "9" * 5000, "maybe", "s"):
        with pytest.raises(InputError, match="1 to 8"):
            form.check(wrong)


def test_free_answers():
    with pytest.raises(InputError, match="needed"):
        asked("purpose").check("  ")
    with pytest.raises(InputError, match="characters"):
        asked("purpose").check("x" * 6_000)
    assert asked("harmed").check("") == ""


def test_only_what_applies_is_asked():
    answers = {}
    keys = []
    for question in questions_to_ask():
        if question.applies(answers):
            keys.append(question.key)
            answers[question.key] = question.check({**ANSWERS, "form": "number"}.get(question.key, ""))
    assert "range" in keys
    assert not {"labels", "yes", "worse", "ordered"} & set(keys)


def test_a_project_follows_and_survives_its_file():
    config = from_answers("My Spam!", {**ANSWERS, "worse": "alarm", "hypotheses": "it is short; it shouts"})
    assert config.name == "my-spam"
    assert config.frame.task == "binary"
    assert config.frame.positive == "spam"
    assert config.frame.hypotheses == ("it is short", "it shouts")
    assert config.frame.metrics[0] == "recall at 90 % precision"
    question = config.questions[0]
    assert (question.name, question.labels, question.text) == ("spam", ("spam", "ham"), "Is this message spam?")
    assert parse(render(config)) == config


@pytest.mark.parametrize(
    "answers, kind, config",
    [
        ({"form": "one", "labels": "a, b, ,c, a"}, "choice", {"labels": ["a", "b", "c"]}),
        (
            {"form": "one", "labels": "low,mid,high", "ordered": "yes"},
            "choice",
            {"labels": ["low", "mid", "high"], "ordered": True},
        ),
        ({"form": "several", "labels": "dog"}, "choices", {"labels": ["dog"]}),
        ({"form": "number", "range": "0 to 10"}, "number", {"minimum": 0.0, "maximum": 10.0}),
        ({"form": "number", "range": "-5-5"}, "number", {"minimum": -5.0, "maximum": 5.0}),
        ({"form": "number", "range": ""}, "number", {}),
        ({"form": "boxes", "labels": "cookie"}, "boxes", {"labels": ["cookie"]}),
        ({"form": "spans", "labels": "name, place"}, "spans", {"labels": ["name", "place"]}),
        ({"form": "text"}, "text", {"longest": 100_000}),
    ],
)
def test_answer_types(answers, kind, config):
    made = from_answers("p", {**ANSWERS, **answers})
    answer = made.questions[0].answer
    assert (answer.name, answer.config()) == (kind, config)
    assert parse(render(made)) == made


def test_what_people_like_needs_no_question():
    config = from_answers("songs", {**ANSWERS, "form": "liking"})
    assert config.questions == ()
    assert "no labelling is needed" in config.frame.task_why


@pytest.mark.parametrize(
    "answers, message",
    [
        ({"form": "one", "labels": "a"}, "nothing to choose"),
        ({"form": "one"}, "An answer is needed"),
        ({"form": "number", "range": "many"}, "not two numbers"),
        ({"form": "number", "range": "9 to 1"}, "not below"),
        ({"purpose": ""}, "An answer is needed"),
        ({"yes": "same", "no": "same"}, "given twice"),
    ],
)
def test_answers_that_do_not_fit(answers, message):
    with pytest.raises(InputError, match=message):
        from_answers("p", {**ANSWERS, **answers})


def test_the_guard_reads_an_interview_too():
    config = from_answers(
        "faces",
        {"purpose": "Choose tenants from photos of them.", "predicted": "How trustworthy does this person look?"},
    )
    assert [warning.kind for warning in guard(config)] == ["honesty"]
