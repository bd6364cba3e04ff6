"""Points for maps: alike texts lie close together."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from groundswell import learn
from groundswell.core.errors import InputError


def test_alike_texts_are_close(messages):
    points = learn.text_embedding(messages, d=16)
    assert points.shape == (200, 16)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1.0)
    spam = messages["answer"].to_numpy() == "spam"
    near = points @ points.T
    assert near[spam][:, spam].mean() > near[spam][:, ~spam].mean() + 0.1


def test_is_deterministic(messages):
    np.testing.assert_array_equal(learn.text_embedding(messages, d=8), learn.text_embedding(messages, d=8))


def test_few_rows_leave_the_rest_zero():
    points = learn.text_embedding(pl.DataFrame({"text": ["a b", "c d"]}), d=64)
    assert points.shape == (2, 64)
    assert (points[:, 2:] == 0).all()


def test_tables_have_points_too(houses):
    assert learn.text_embedding(houses, d=3).shape == (120, 3)


def test_empty_texts_lie_at_the_origin():
    frame = pl.DataFrame({"text": ["hello there"] * 5 + [""]})
    assert np.isfinite(learn.text_embedding(frame, d=4)).all()


@pytest.mark.parametrize("d", [0, -1, 10_000])
def test_nonsense_is_refused(messages, d):
    with pytest.raises(InputError, match="d ="):
        learn.text_embedding(messages, d=d)
