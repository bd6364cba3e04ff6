"""Pictures as points: alike ones lie together, and what is no picture is said to be none."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from groundswell.core.errors import InputError
from groundswell.learn import picture_features


def stripes(path, *, upright, seed):
    rng = np.random.default_rng(seed)
    wave = np.sin(np.arange(96) / 3 + rng.random() * 6) * 100 + 128
    grid = np.tile(wave, (80, 1)) if upright else np.tile(wave[:80, None], (1, 96))
    Image.fromarray((grid[..., None] + rng.normal(0, 8, (80, 96, 3))).clip(0, 255).astype("uint8")).save(path)
    return path


def test_alike_pictures_lie_together(tmp_path):
    paths = [stripes(tmp_path / f"{i}.png", upright=i % 2 == 0, seed=i) for i in range(12)]
    found = picture_features(paths)
    assert found.shape == (12, 768)
    near = np.argsort(((found[:, None] - found[None]) ** 2).sum(-1) + np.eye(12) * 99, axis=1)[:, 0]
    assert all(i % 2 == j % 2 for i, j in enumerate(near))


def test_colours_are_told_apart(tmp_path):
    for name, colour in (("a", (200, 30, 30)), ("b", (190, 35, 30)), ("c", (30, 30, 200))):
        Image.new("RGB", (40, 30), colour).save(tmp_path / f"{name}.jpg")
    a, b, c = picture_features([tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "c.jpg"])
    assert ((a - b) ** 2).sum() < ((a - c) ** 2).sum() / 10


def test_no_picture_is_nothing_and_a_broken_one_is_named(tmp_path):
    assert not picture_features([None]).any()
    (tmp_path / "x.png").write_bytes(b"\x89PNG no")
    with pytest.raises(InputError, match=r"x\.png"):
        picture_features([tmp_path / "x.png"])


def test_progress_is_told(tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "x.png")
    told = []
    picture_features([tmp_path / "x.png", None], progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
