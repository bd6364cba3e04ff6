"""On real messages: as good as promised, as fast as promised."""

from __future__ import annotations

import time

import numpy as np
import polars as pl
import pytest

from groundswell import learn
from groundswell.demo.sms import messages


@pytest.fixture(scope="module")
def sms():
    rows = messages()
    texts = pl.Series("text", [text for text, _ in rows])
    truth = np.array([label == "spam" for _, label in rows]).astype(int)
    copies = np.unique([" ".join(text.lower().split()) for text in texts], return_inverse=True)[1]
    begin = time.process_time()
    features = learn.TextFeatures().fit_transform(texts)
    return texts, truth, copies, features, time.process_time() - begin


def test_out_of_fold_models_find_the_spam(sms):
    _, truth, copies, features, _ = sms
    found = learn.score(["ham", "spam"], truth, learn.crossfit(features, np.eye(2)[truth], groups=copies))
    assert found.f1("spam").value >= 0.955
    assert found.calibration.log_loss < 0.04
    assert found.calibration.error < 0.02


def test_soft_and_doubtful_labels_are_withstood(sms):
    _, truth, copies, features, _ = sms
    rng = np.random.default_rng(0)
    q = np.clip(np.where(truth == 1, 0.85, 0.1) + rng.normal(0, 0.15, len(truth)), 0.01, 0.99)
    found = learn.score(["ham", "spam"], truth, learn.crossfit(features, np.column_stack([1 - q, q]), groups=copies))
    assert found.f1("spam").value >= 0.94


def test_seconds_of_the_processor(sms):
    _, truth, _, features, reading = sms
    begin = time.process_time()
    learn.crossfit(features, np.eye(2)[truth])
    assert reading < 2.0
    assert time.process_time() - begin < 2.0


def test_words_that_everybody_would_name_speak_for_spam(sms):
    texts, truth, *_ = sms
    frame = pl.DataFrame({"text": texts, "label": np.array(["ham", "spam"])[truth]})
    model = learn.train(frame, "label")
    weights = dict(model.weights().select("feature", "weight").iter_rows())
    for word in ("free", "txt", "claim", "(5-digit number)", "(share of digits)"):
        assert weights[word] > 0.5
    for word in ("i", "ok", "my"):
        assert weights[word] < 0
