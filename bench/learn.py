"""How good and how fast models of text are, on messages and comments, with right and with wrong labels.

Five-fold cross-validation in which copies of a text are never on both sides; F1 and log-loss against the right
answers. ``--release FOLDER`` adds models trained on a release of the demo (labels as believed, not as known).

Run: ``PYTHONPATH=src python bench/learn.py [--data shared/data] [--release groundswell-demo/releases/v1]``
"""

from __future__ import annotations

import argparse
import csv
import gzip
import time
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer

from groundswell import learn
from groundswell.demo.sms import messages
from groundswell.learn.crossfit import fold_of
from groundswell.learn.models.base import Step
from groundswell.learn.soft import fit_soft
from groundswell.release.split import belonging

LABELS = ("ham", "spam")


class Clock:
    """Seconds by the clock and of the processor since it was made."""

    def __init__(self) -> None:
        self.start, self.busy = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        return f"{time.perf_counter() - self.start:6.2f} s (processor {time.process_time() - self.busy:.2f} s)"


def comments(data: Path) -> list[tuple[str, str]]:
    """YouTube comments with their labels, from the shared vote sets."""
    folder = data / "votes" / "youtube"
    with gzip.open(folder / "gold.csv.gz", "rt", encoding="utf-8") as f:
        gold = {row["item"]: LABELS[int(row["label"])] for row in csv.DictReader(f)}
    with gzip.open(folder / "items.csv.gz", "rt", encoding="utf-8") as f:
        return [(row["text"], gold[row["item"]]) for row in csv.DictReader(f) if row["item"] in gold]


def copies(texts: list[str]) -> np.ndarray:
    """Codes of texts that are equal but for case and spaces."""
    return np.unique([" ".join(text.lower().split()) for text in texts], return_inverse=True)[1]


def told(name: str, p: np.ndarray, truth: np.ndarray, clock: object = "") -> None:
    """One line."""
    found = learn.score(LABELS, truth, p)
    print(f"  {name:34} F1 {found.f1('spam')}  log-loss {found.calibration.log_loss:.4f}  {clock}")


def plain(X: object, q: np.ndarray, groups: np.ndarray, C: float) -> np.ndarray:
    """As :func:`learn.crossfit`, without lifting rare labels."""
    fold = fold_of(groups, q.argmax(1), 5, 0)
    p = np.empty(q.shape)
    for k in range(5):
        W, b = fit_soft(X[fold != k], q[fold != k], np.ones((fold != k).sum()), C=C)
        p[fold == k] = softmax(X[fold == k] @ W + b, axis=1)
    return p


def choices(name: str, rows: list[tuple[str, str]]) -> None:
    """What features, penalty and balance do."""
    texts, truth = [text for text, _ in rows], np.array([LABELS.index(label) for _, label in rows])
    groups, series = copies(texts), pl.Series(texts)
    print(f"{name}: {len(texts)} texts, {truth.mean():.0%} spam")
    clock = Clock()
    X = learn.TextFeatures().fit(series).transform(series)
    print(f"  features {X.shape}, {X.nnz / len(texts):.0f} a text {clock}")
    rng = np.random.default_rng(0)
    wrong = rng.random(len(truth)) < np.where(truth == 1, 0.12, 0.03)
    for kind, labels in (("right labels", truth), ("wrong labels", np.where(wrong, 1 - truth, truth))):
        q = np.eye(2)[labels]
        for C in (1.0, 10.0, 100.0):
            clock = Clock()
            told(f"{kind}, C = {C:g}", learn.crossfit(X, q, C=C, groups=groups), truth, clock)
        told(f"{kind}, C = 10, rare not lifted", plain(X, q, groups, 10.0), truth)
    q = np.eye(2)[truth]
    for part, options in (
        ("words", {"pairs": False, "letters": False, "style": False}),
        ("words and pairs", {"letters": False, "style": False}),
        ("words, pairs, letters", {"style": False}),
    ):
        found = learn.TextFeatures(**options).fit(series).transform(series)
        told(f"only {part}", learn.crossfit(found, q, groups=groups), truth)
    theirs = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    told("scikit-learn's words", learn.crossfit(theirs, q, groups=groups), truth)


def rungs(rows: list[tuple[str, str]]) -> None:
    """The ladder on a random fifth that has no copy among the rest."""
    texts = [text for text, _ in rows]
    fold = fold_of(copies(texts), np.zeros(len(texts), np.intp), 5, 0)
    frame = pl.DataFrame({"text": texts, "label": [label for _, label in rows]})
    clock = Clock()
    found = learn.ladder(frame.filter(pl.Series(fold != 0)), frame.filter(pl.Series(fold == 0)), "label")
    print(f"ladder {clock}")
    for rung in found:
        print(f"  {rung.to_text()}; F1 {rung.evaluation.f1('spam')}")


def line() -> None:
    """Tax and emissions."""
    steps: list[Step] = []
    table = pl.DataFrame({"tax": [5, 10, 15, 25], "emissions": [5.0, 4.3, 3.7, 2.9]})
    made = learn.train(table, "emissions", kind="regression", model="linear", watch=steps.append)
    for step in (steps[0], steps[9], steps[19], steps[49], steps[-1]):
        print(f"  epoch {step.epoch:3}: loss {step.loss:8.4f}, line {step.line[0]:+.4f} · tax {step.line[1]:+.4f}")
    print(f"  at 20: {made.predict(pl.DataFrame({'tax': [20]})).item():.3f}")


def believed(folder: Path, rows: list[tuple[str, str]]) -> None:
    """A model from what was believed of four fifths, against the right answers to the fifth."""
    frame, gold = pl.read_parquet(folder / "data.parquet"), dict(rows)
    texts = frame["text"].to_list()
    truth = np.array([LABELS.index(gold[text]) for text in texts])
    q = learn.soft_labels(frame, LABELS)
    X = learn.TextFeatures().fit(frame["text"]).transform(frame["text"])
    print("trained on beliefs, judged by the right answers, five folds, mean of four foldings")
    told("beliefs themselves", q, truth)
    groups = belonging(frame)
    for name, labels in (("soft labels", q), ("hard labels", np.eye(2)[q.argmax(1)]), ("right", np.eye(2)[truth])):
        found = [learn.score(LABELS, truth, learn.crossfit(X, labels, groups=groups, seed=s)) for s in range(4)]
        f1, loss = (
            np.mean(one) for one in zip(*((e.f1("spam").value, e.calibration.log_loss) for e in found), strict=True)
        )
        print(f"  model, {name:27} F1 {100 * f1:.1f} %  log-loss {loss:.4f}")


def main() -> None:
    """Everything, in a minute or two."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--release", type=Path)
    given = parser.parse_args()
    line()
    rows = messages()
    choices("SMS", rows)
    if (given.data / "votes" / "youtube").is_dir():
        choices("YouTube", comments(given.data))
    rungs(rows)
    many = pl.Series([text for text, _ in rows] * 18)
    clock = Clock()
    X = learn.TextFeatures().fit(many).transform(many)
    print(f"features of {len(many)} texts {X.shape} {clock}")
    clock = Clock()
    learn.text_embedding(pl.DataFrame({"text": many[:5572]}))
    print(f"embedding of 5572 texts {clock}")
    if given.release:
        believed(given.release, rows)


if __name__ == "__main__":
    main()
