"""What every model under ``learn.MODELS`` must do; a new one is picked up by itself."""

from __future__ import annotations

import inspect
import json

import numpy as np
import polars as pl
import pytest
import scipy.sparse as sp

from groundswell import learn
from groundswell.core.errors import InputError

CASES = [(name, kind) for name, part in learn.MODELS.items() for kind in part.kinds]


def _table(kind, n=80, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    text = np.where(x[:, 0] > 0, "win a prize", "see you soon")
    frame = pl.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": np.where(x[:, 2] > 0, "u", "v"), "text": text})
    score = 3 * x[:, 0] - x[:, 1]
    if kind == "regression":
        return frame.with_columns(y=pl.Series(score))
    return frame.with_columns(y=pl.Series(np.array(["low", "middle", "top"])[np.digitize(score, [-1, 1])]))


@pytest.fixture(params=CASES, ids=[f"{name}-{kind}" for name, kind in CASES])
def case(request):
    return request.param


def _train(case, frame, **options):
    name, kind = case
    options = {"columns": ["a", "b", "c", "text"]} | options
    return learn.train(frame, "y", kind=kind, model=name, **options)


def test_is_named_and_documented(case):
    part = learn.MODELS[case[0]]
    assert part.name == case[0]
    assert inspect.getdoc(part)
    parameters = inspect.signature(part).parameters
    assert set(part().settings()) == set(parameters)
    for name in parameters:
        assert name in part.__doc__


def test_predicts_the_right_shapes_and_ranges(case):
    frame = _table(case[1])
    model = _train(case, frame)
    assert len(model.predict(frame)) == frame.height
    if case[1] == "regression":
        assert np.isfinite(model.predict(frame).to_numpy()).all()
        return
    p = model.predict_proba(frame)
    assert p.shape == (frame.height, 3)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(1), 1.0)
    assert set(model.predict(frame).to_list()) <= {"low", "middle", "top"}


def test_is_at_least_as_good_as_the_commonest_answer(case):
    frame, new = _table(case[1], 200), _table(case[1], 200, seed=1)
    rungs = learn.ladder(frame, new, "y", kind=case[1], models=[case[0]], columns=["a", "b", "c"])
    if case[0] != "commonest":
        assert rungs[-1].commonest.better


def test_is_deterministic(case):
    frame = _table(case[1])
    one, two = (_train(case, frame) for _ in range(2))
    np.testing.assert_array_equal(one.estimator.weights_, two.estimator.weights_)


def test_does_not_change_what_it_is_given(case):
    frame = _table(case[1])
    before = frame.clone()
    weights = np.ones(frame.height)
    _train(case, frame, weights=weights).predict(frame)
    assert frame.equals(before)
    assert (weights == 1).all()


def test_the_order_of_rows_does_not_matter(case):
    frame = _table(case[1])
    one, two = _train(case, frame), _train(case, frame.reverse())
    if case[1] == "regression":
        np.testing.assert_allclose(one.predict(frame).to_numpy(), two.predict(frame).to_numpy(), atol=1e-3)
    else:
        np.testing.assert_allclose(one.predict_proba(frame), two.predict_proba(frame), atol=1e-3)


def test_a_weight_of_two_is_a_row_twice(case):
    frame = _table(case[1])
    double = np.where(np.arange(frame.height) < 20, 2.0, 1.0)
    name, kind = case
    model = learn.MODELS[name]()
    x = sp.csr_matrix(np.column_stack([frame["a"], frame["b"], frame["c"] == "u"]).astype(float))
    if kind == "regression":
        y = frame["y"].to_numpy()[:, None]
    else:
        y = np.eye(3)[[["low", "middle", "top"].index(label) for label in frame["y"]]]
    rows = np.r_[np.arange(frame.height), np.arange(20)]
    one = model.fit(x, y, double).scores(x)
    two = learn.MODELS[name]().fit(x[rows], y[rows], np.ones(len(rows))).scores(x)
    np.testing.assert_allclose(one, two, atol=0.02)


def test_constant_missing_and_single_columns_do_no_harm(case):
    frame = _table(case[1]).with_columns(
        same=pl.lit(1.0), gone=pl.lit(None, pl.Float64), some=pl.when(pl.col("a") > 0).then(pl.col("b"))
    )
    model = _train(case, frame, columns=["a", "same", "gone", "some"])
    assert np.isfinite(model.estimator.weights_).all()
    assert model.estimator.bias_.shape == model.estimator.weights_.shape[1:]


def test_huge_and_tiny_numbers_do_no_harm(case):
    frame = _table(case[1]).with_columns(big=pl.col("a") * 1e12, small=pl.col("b") * 1e-12)
    model = _train(case, frame, columns=["big", "small"])
    assert np.isfinite(model.estimator.weights_).all()


def test_two_rows_suffice(case):
    values = [1.0, 2.0] if case[1] == "regression" else ["a", "b"]
    model = _train(case, pl.DataFrame({"x": [0.0, 1.0], "y": values}), columns=["x"])
    assert len(model.predict(pl.DataFrame({"x": [0.5]}))) == 1


def test_settings_and_card_are_json(case):
    json.dumps(_train(case, _table(case[1])).card(), allow_nan=False)


def test_survives_the_disk(case, tmp_path):
    frame = _table(case[1])
    model = _train(case, frame)
    model.save(tmp_path / "m")
    assert learn.load(tmp_path / "m").predict(frame).to_list() == model.predict(frame).to_list()


def test_watchers_see_every_epoch(case):
    steps = []
    model = _train(case, _table(case[1]), watch=steps.append)
    if "epochs" in model.estimator.settings():
        assert [step.epoch for step in steps] == list(range(1, model.estimator.settings()["epochs"] + 1))
        assert steps[-1].loss < steps[0].loss
    else:
        assert steps == []


def test_an_unknown_setting_is_refused(case):
    with pytest.raises(InputError, match="no setting"):
        _train(case, _table(case[1]), settings={"no_such": 1})
