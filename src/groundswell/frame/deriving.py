"""From plain answers to the kind of machine-learning task and the measures that suit it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from groundswell.core.errors import InputError, did_you_mean

METRICS: dict[str, str] = {
    "accuracy": "the share of right answers",
    "error against the commonest answer": "how much better it is than always giving the commonest answer",
    "F1": "the balance between finding all of them (recall) and being right when it says so (precision)",
    "macro-F1": "F1 for each label, averaged, so that a rare label counts as much as a common one",
    "per-label F1": "F1 for each label on its own, because labels do not exclude one another",
    "precision": "of those it picks out, the share that is right",
    "recall": "of those that are there, the share it finds",
    "PR-AUC": "precision averaged over all levels of recall: fair where the sought answer is rare",
    "recall at 90 % precision": "the share found while nine of ten alarms are right",
    "precision at 95 % recall": "the share of alarms that are right while nineteen of twenty are found",
    "cost per decision": "what the mistakes of both kinds cost, in your own money",
    "calibration error": "how far the stated probabilities are from the shares that come true",
    "mean absolute error": "how far off a number is on average, in its own unit",
    "R²": "the share of the ups and downs that it explains",
    "log loss": "how surprised it is by what happens: rewards honest probabilities",
    "quadratic kappa": "agreement beyond chance, where a miss by two steps counts four times a miss by one",
    "mean average precision": "for boxes: precision averaged over recall, at a given overlap with the true box",
    "recall of boxes": "the share of true boxes that are found with at least half overlap",
    "span F1": "F1 of stretches of text that match in start, end and label",
    "chrF": "how many pieces of letters two texts share",
    "human preference": "which of two answers people choose, not knowing which is whose",
    "recall at 10": "the share of what somebody goes on to like that stands among the ten things shown",
    "NDCG at 10": "the same, with a place near the top worth more",
    "interval of the share": "the estimated share with its margin of error",
}

FORMS = ("yes-no", "one", "several", "number", "boxes", "spans", "text", "liking")
RARITY = ("common", "uncommon", "rare", "unknown")
WORSE = ("miss", "alarm", "equal")
TASKS: dict[str, str] = {
    "binary": "binary classification",
    "classes": "classification into several classes",
    "multi-label": "multi-label classification",
    "regression": "regression",
    "boxes": "object detection",
    "spans": "span extraction",
    "text": "text generation",
    "recommendation": "recommendation",
}


class Derived(NamedTuple):
    """The kind of task (a key of :data:`TASKS`), why, and names of suitable measures, the most important first."""

    task: str
    why: str
    metrics: tuple[str, ...]


def derive(
    form: str,
    *,
    labels: Sequence[str] = (),
    rarity: str = "unknown",
    worse: str = "equal",
    ordered: bool = False,
    on_record: bool = False,
    understand: bool = False,
) -> Derived:
    """The task that follows from how one would answer, in one's own words.

    Parameters
    ----------
    form
        One of :data:`FORMS`: ``yes-no``, ``one`` of several labels, ``several`` at once, a ``number``, ``boxes`` in a
        picture, ``spans`` of words, written ``text``, or what somebody will be ``liking``.
    labels
        The possible answers.
    rarity
        Of the sought answer (or the rarest label): ``common``, ``uncommon`` (about 1 in 10), ``rare`` (1 in 100 or
        less), ``unknown``.
    worse
        The worse mistake: a ``miss``, a false ``alarm``, or both ``equal``.
    ordered
        Whether the labels form a scale.
    on_record
        Whether the answers are written down already (clicks, payments, an old system).
    understand
        Whether one wants to understand these items (inference) rather than predict new ones.

    Examples
    --------
    >>> derive("yes-no", rarity="rare").metrics
    ('PR-AUC', 'recall at 90 % precision', 'cost per decision')
    >>> derive("liking").task
    'recommendation'
    """
    for value, known, name in ((form, FORMS, "form"), (rarity, RARITY, "rarity"), (worse, WORSE, "worse")):
        if value not in known:
            raise InputError(f"{name} = '{value}'", hint=did_you_mean(value, known))
    if form == "yes-no" or (form == "one" and len(labels) == 2):
        task, why, metrics = _yes_no(rarity, worse)
    elif form == "one":
        task, why, metrics = _one(labels, rarity, ordered)
    else:
        task, why, metrics = _PLAIN[form]
    if on_record and form != "liking":
        why += (
            " The answers are on record already, so nobody need label them: take them from there, keep what is only "
            "known afterwards out of the features, and test on a later stretch of time than you train on. Ask people "
            "about a small random sample, to learn how right the record is."
        )
    if understand:
        why += (
            " You want to understand these items rather than predict new ones: what counts is an estimate with its "
            "margin of error, so draw at random, label blindly, and report intervals."
        )
        metrics = ("interval of the share", *metrics)
    return Derived(task, why, metrics)


def explain(metrics: Sequence[str]) -> list[str]:
    """'name: what it means' for every measure that is known, the others as they are."""
    return [f"{name}: {METRICS[name]}" if name in METRICS else name for name in metrics]


def _yes_no(rarity: str, worse: str) -> Derived:
    why = "There are two answers and every item has exactly one: binary classification."
    if rarity == "rare":
        why += (
            " The sought answer is rare, so accuracy would mislead: always saying no would be right 99 times in 100. "
            "Rank by suspicion and count how many are found among the first."
        )
        at = "precision at 95 % recall" if worse == "miss" else "recall at 90 % precision"
        return Derived("binary", why, ("PR-AUC", at, "cost per decision"))
    if worse == "miss":
        why += " A miss is the worse mistake: fix the recall, then look at the precision."
        return Derived("binary", why, ("precision at 95 % recall", "F1", "calibration error"))
    if worse == "alarm":
        why += " A false alarm is the worse mistake: fix the precision, then look at the recall."
        return Derived("binary", why, ("recall at 90 % precision", "F1", "calibration error"))
    if rarity == "common":
        why += " Both are common, so plain accuracy tells the truth."
        return Derived("binary", why, ("accuracy", "F1", "calibration error"))
    why += (
        " One answer may be less common, so its F1 says more than accuracy, which always guessing the other flatters."
    )
    return Derived("binary", why, ("F1", "precision", "recall", "calibration error"))


def _one(labels: Sequence[str], rarity: str, ordered: bool) -> Derived:
    count = f"{len(labels)} answers" if labels else "several answers"
    if ordered:
        why = (
            f"There are {count} on a scale and every item has exactly one: classification into ordered classes. A near "
            "miss is better than a far one."
        )
        return Derived("classes", why, ("quadratic kappa", "macro-F1", "accuracy"))
    why = f"There are {count} and every item has exactly one: classification into several classes."
    if rarity in ("rare", "uncommon"):
        why += " Some labels are rare: averaged over labels, F1 does not forget them."
    return Derived("classes", why, ("macro-F1", "accuracy", "calibration error"))


_PLAIN: dict[str, Derived] = {
    "several": Derived(
        "multi-label",
        "Several labels can be right at once, or none: multi-label classification, one yes-or-no question for each "
        "label. Right or wrong as a whole would be too strict, so every label is measured on its own.",
        ("per-label F1", "macro-F1", "PR-AUC"),
    ),
    "number": Derived(
        "regression",
        "The answer is a number: regression. Being off by a little is better than by a lot, so distance is measured.",
        ("mean absolute error", "R²"),
    ),
    "boxes": Derived(
        "boxes",
        "What is sought has a place in the picture: object detection. Draw a box round each one; a found box counts if "
        "it overlaps the true one by at least half.",
        ("mean average precision", "recall of boxes"),
    ),
    "spans": Derived(
        "spans",
        "What is sought is a stretch of the text: span extraction.",
        ("span F1", "precision", "recall"),
    ),
    "text": Derived(
        "text",
        "The answer is written text: generation. Many answers can be right, so let people compare two of them blindly; "
        "overlap with one reference is a cheap stand-in.",
        ("human preference", "chrF"),
    ),
    "liking": Derived(
        "recommendation",
        "What a person will like is best learned from what they and people like them have liked: recommendation by "
        "collaborative filtering. The likes are the labels, so no labelling is needed; what somebody else thinks of a "
        "thing says little about whether you will like it. Collect (person, thing, liked or not) instead, and test on "
        "later likes.",
        ("recall at 10", "NDCG at 10", "error against the commonest answer"),
    ),
}
