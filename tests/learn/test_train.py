"""Training says clearly what it cannot use, and learns what there is to learn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from groundswell import learn
from groundswell.core.errors import InputError, NotFoundError
from groundswell.learn.models.descent import steepness

TAX = pl.DataFrame({"tax": [5, 10, 15, 25], "emissions": [5.0, 4.3, 3.7, 2.9]})


def test_the_carbon_tax_line():
    steps = []
    line = learn.train(TAX, "emissions", kind="regression", model="linear", settings={"rate": 0.1}, watch=steps.append)
    weights = dict(line.weights().select("feature", "weight").iter_rows())
    assert weights["tax"] == pytest.approx(-0.1, abs=0.01)
    assert weights["(bias)"] == pytest.approx(5.4, abs=0.05)
    assert line.predict(pl.DataFrame({"tax": [20]})).item() == pytest.approx(3.4, abs=0.1)
    slope, intercept = np.polyfit(TAX["tax"], TAX["emissions"], 1)
    assert (weights["tax"], weights["(bias)"]) == pytest.approx((slope, intercept), abs=1e-6)
    assert steps[-1].line == pytest.approx((slope, intercept), abs=1e-6)


def test_the_loss_falls_at_every_step():
    steps = []
    learn.train(TAX, "emissions", kind="regression", model="linear", watch=steps.append)
    losses = [step.loss for step in steps]
    assert all(after <= before + 1e-12 for before, after in pairwise(losses))
    assert [step.epoch for step in steps] == list(range(1, len(steps) + 1))
    assert {step.rate for step in steps} == {0.1}


def test_a_rate_that_would_diverge_is_lowered_and_says_so():
    model = learn.train(TAX, "emissions", kind="regression", model="linear", settings={"rate": 50.0, "epochs": 2000})
    assert "would diverge" in model.card()["notes"][-1]
    assert model.predict(TAX).to_numpy() == pytest.approx([4.88, 4.36, 3.85, 2.81], abs=0.02)


def test_many_like_features_do_not_make_the_default_diverge():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(100, 1)) + 0.01 * rng.normal(size=(100, 60))
    frame = pl.DataFrame(x, schema=[f"x{i}" for i in range(60)]).with_columns(y=pl.Series(x.mean(1)))
    model = learn.train(frame, "y", kind="regression", model="linear")
    assert learn.evaluate(model, frame).numbers.explained.value > 0.95


def test_steepness_is_the_largest_eigenvalue():
    x = np.random.default_rng(0).normal(size=(200, 4)) * [1, 2, 3, 4]
    one = np.column_stack([x, np.ones(200)])
    assert steepness(x, np.ones(200)) == pytest.approx(np.linalg.eigvalsh(one.T @ one / 200).max(), rel=0.02)


@pytest.mark.parametrize("model", ["linear", "logistic", "naive-bayes", "sklearn-logistic"])
def test_labels_are_learned_from_text(messages, model):
    made = learn.train(messages[:150], "answer", model=model)
    assert learn.evaluate(made, messages[150:]).accuracy.value > 0.9


def test_soft_labels_teach_like_repeated_rows(messages):
    soft = np.where(messages["answer"].to_numpy()[:, None] == np.array(["ham", "spam"]), 0.8, 0.2)
    made = learn.train(messages.drop("answer"), "answer", weights=soft, labels=["ham", "spam"])
    said = made.predict(messages)
    assert (said == messages["answer"]).mean() > 0.9
    assert made.predict_proba(messages).max() < 0.97


def test_soft_labels_that_are_hard_are_the_same_as_labels(messages):
    hard = np.where(messages["answer"].to_numpy()[:, None] == np.array(["ham", "spam"]), 1.0, 0.0)
    one = learn.train(messages, "answer").predict_proba(messages)
    np.testing.assert_allclose(learn.train(messages, "answer", weights=hard).predict_proba(messages), one, atol=1e-9)


def test_rows_of_weight_zero_are_not_learned_from(messages):
    flipped = messages.with_columns(
        answer=pl.when(pl.col("answer") == "spam").then(pl.lit("ham")).otherwise(pl.lit("spam"))
    )
    both = pl.concat([messages, flipped])
    made = learn.train(both, "answer", weights=np.r_[np.ones(200), np.zeros(200)])
    assert (made.predict(messages) == messages["answer"]).mean() > 0.95
    assert made.card()["rows"] == 200
    assert made.card()["rows_left_out"] == 200


def test_rows_without_a_label_are_left_out(messages):
    some = messages.with_columns(answer=pl.when(pl.int_range(pl.len()) < 100).then("answer"))
    assert learn.train(some, "answer").card()["rows"] == 100


@pytest.mark.parametrize(
    ("values", "expected"), [([0, 1], (0, 1)), ([True, False], (False, True)), (["b", "a"], ("a", "b"))]
)
def test_labels_come_back_as_they_came_in(values, expected):
    frame = pl.DataFrame({"x": [0.0, 5.0] * 10, "y": values * 10})
    model = learn.train(frame, "y")
    assert model.labels == expected
    assert model.predict(frame).to_list() == values * 10


def test_regression_on_numbers_and_categories(houses):
    model = learn.train(houses, "price", kind="regression")
    weights = dict(model.weights().select("feature", "weight").iter_rows())
    assert weights["size"] == pytest.approx(3.0, abs=0.02)
    assert weights["city = B"] - weights["city = A"] == pytest.approx(-20, abs=1.5)
    assert model.predict(pl.DataFrame({"size": [100.0], "city": ["A"]})).item() == pytest.approx(350, abs=3)


def test_more_labels_than_rows_of_each():
    frame = pl.DataFrame({"x": range(6), "y": list("abcdef")})
    p = learn.train(frame, "y").predict_proba(frame)
    np.testing.assert_allclose(p.sum(1), 1.0)


def test_a_label_that_no_row_has_is_next_to_impossible(messages):
    made = learn.train(messages, "answer", labels=["eggs", "ham", "spam"])
    assert made.labels == ("eggs", "ham", "spam")
    assert made.predict_proba(messages)[:, 0].max() < 1e-3


def test_an_empty_text_gets_an_answer(messages):
    p = learn.train(messages, "answer").predict_proba(pl.DataFrame({"text": ["", None]}))
    assert np.isfinite(p).all()


def test_no_rows_to_predict(messages):
    model = learn.train(messages, "answer")
    assert model.predict_proba(messages[:0]).shape == (0, 2)
    assert model.predict(messages[:0]).to_list() == []
    assert model.predict_frame(messages[:0]).height == 0
    assert model.explain(messages[:0]) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"target": "anser"}, "Did you mean 'answer'"),
        ({"target": "answer", "kind": "sorting"}, "kind = 'sorting'"),
        ({"target": "answer", "kind": "regression"}, "not numbers"),
        ({"target": "answer", "model": "sklearn-ridge"}, "not for classification"),
        ({"target": "answer", "settings": {"speed": 1}}, "no setting 'speed'"),
        ({"target": "answer", "settings": {"C": -1}}, "C = -1"),
        ({"target": "answer", "model": "linear", "settings": {"rate": 0}}, "learning rate of 0"),
        ({"target": "answer", "model": "linear", "settings": {"rate": float("nan")}}, "learning rate"),
        ({"target": "answer", "model": "linear", "settings": {"epochs": 0}}, "0 epochs"),
        ({"target": "answer", "weights": [1.0]}, "Weights of shape"),
        ({"target": "answer", "weights": [-1.0] * 200}, "below 0"),
        ({"target": "answer", "weights": [float("nan")] * 200}, "NaN"),
        ({"target": "answer", "weights": [0.0] * 200}, "no row to learn from"),
        ({"target": "answer", "weights": np.ones((200, 3))}, "3 columns of soft labels for 2 labels"),
        ({"target": "answer", "weights": np.ones((200, 2, 2))}, "Weights of shape"),
        ({"target": "answer", "labels": ["ham"]}, "holds the label 'spam'"),
        ({"target": "answer", "columns": ["txt"]}, "Did you mean 'text'"),
        ({"target": "answer", "columns": ["text", "answer"]}, "among the columns"),
        ({"target": "answer", "columns": []}, "Nothing to learn from"),
    ],
)
def test_nonsense_is_refused_in_one_line(messages, arguments, said):
    with pytest.raises(InputError, match=said.replace("(", r"\(")) as caught:
        learn.train(messages, **arguments)
    assert "\n" not in str(caught.value)


def test_an_unknown_model_lists_what_exists(messages):
    with pytest.raises(NotFoundError, match="Did you mean 'linear'"):
        learn.train(messages, "answer", model="liner")


@pytest.mark.parametrize("model", [name for name in learn.MODELS if name not in ("sklearn-ridge", "commonest")])
def test_one_label_only_is_refused(messages, model):
    with pytest.raises(InputError, match="only the label 'ham'"):
        learn.train(messages.filter(pl.col("answer") == "ham"), "answer", model=model)


def test_numbers_as_labels_are_pointed_to_regression():
    with pytest.raises(InputError, match='kind="regression"'):
        learn.train(TAX, "emissions")


def test_an_id_as_target_is_refused():
    frame = pl.DataFrame({"x": range(2000), "y": [str(i) for i in range(2000)]})
    with pytest.raises(InputError, match="is it an id"):
        learn.train(frame, "y")


def test_empty_table():
    with pytest.raises(InputError):
        learn.train(TAX[:0], "emissions", kind="regression")


def test_infinite_targets_are_left_out():
    frame = pl.DataFrame({"x": [1.0, 2, 3, 4], "y": [2.0, 4, float("inf"), float("nan")]})
    model = learn.train(frame, "y", kind="regression", model="linear", settings={"epochs": 500})
    assert model.predict(pl.DataFrame({"x": [3.0]})).item() == pytest.approx(6.0, abs=0.01)


def test_soft_labels_are_read_from_columns():
    frame = pl.DataFrame({"p_a": [0.2, None], "p_b": [0.8, 1.0]})
    np.testing.assert_array_equal(learn.soft_labels(frame, ["b", "a"]), [[0.8, 0.2], [1.0, 0.0]])
    with pytest.raises(InputError, match="No column 'p_c'"):
        learn.soft_labels(frame, ["c"])
