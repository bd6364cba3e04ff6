"""The plain questions of ``groundswell new``, and the project that follows from the answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from groundswell.core.answers import AnswerType, answer_type
from groundswell.core.errors import InputError
from groundswell.core.frame import Frame
from groundswell.core.question import Question
from groundswell.frame.config import ProjectConfig
from groundswell.frame.deriving import derive

LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from: what is stored and what is shown."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class PlainQuestion:
    """Something to ask the person who begins a project.

    Parameters
    ----------
    key
        Under which the answer is kept.
    text
        The question, in plain words.
    help
        A line that helps to answer it.
    choices
        What to choose from; empty for free text.
    default
        Taken for an empty answer.
    required
        Whether an empty answer without a default is refused.
    only_if
        Key of an earlier question and the answers to it that make this one worth asking.
    """

    key: str
    text: str
    help: str = ""
    choices: tuple[Option, ...] = ()
    default: str = ""
    required: bool = False
    only_if: tuple[str, tuple[str, ...]] | None = None

    def applies(self, answers: Mapping[str, str]) -> bool:
        """Whether to ask it, given the answers so far."""
        return self.only_if is None or answers.get(self.only_if[0], "") in self.only_if[1]

    def check(self, answer: str) -> str:
        """The answer in its normal form: a number or a shown text stands for its choice, nothing for the default.

        Raises
        ------
        InputError
            If it is none of the choices, too long, or missing.
        """
        given = " ".join(answer.split()) or self.default
        if not given and self.required:
            raise InputError("An answer is needed here", hint=self.help or None)
        if len(given) > LONGEST:
            raise InputError(f"The answer has {len(given):,} characters", hint=f"At most {LONGEST:,}")
        if not self.choices or not given:
            return given
        if given.isdecimal() and 1 <= int(given[:9]) <= len(self.choices):
            return self.choices[int(given) - 1].value
        for option in self.choices:
            if given.casefold() in (option.value.casefold(), option.text.casefold()):
                return option.value
        begins = [o.value for o in self.choices if o.value.startswith(given.casefold())]
        if len(begins) == 1:
            return begins[0]
        listed = ", ".join(option.value for option in self.choices)
        raise InputError(f"'{given[:40]}' is not one of the choices", hint=f"1 to {len(self.choices)}, or {listed}")


def _options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, text) for value, text in pairs)


_YES_NO = _options(("no", "no"), ("yes", "yes"))
_LABELLED = ("one", "several", "boxes", "spans")

_QUESTIONS = (
    PlainQuestion(
        "purpose", "What do you want to be able to do?",
        "One or two sentences, as you would tell a friend. 'Find spam before it reaches the inbox.'", required=True,
    ),
    PlainQuestion(
        "used_by", "Who will use the result, and what will they do differently?",
        "If nobody would act differently, the project may not be worth its labels.",
    ),
    PlainQuestion(
        "goal", "Is it about these items, or about new ones to come?",
        choices=_options(
            ("predict", "new ones: something shall decide or sort when they arrive (prediction)"),
            ("understand", "these: I want to know how many, how much, or why (inference)"),
        ),
        default="predict",
    ),
    PlainQuestion(
        "predicted", "What do you want to know about each item? Ask it as you would ask a person.",
        "'Is this message spam?' The people who label will read this question.", required=True,
    ),
    PlainQuestion(
        "form", "How would a person answer it?",
        choices=_options(
            ("yes-no", "yes or no"),
            ("one", "with one of several labels"),
            ("several", "with any number of labels at once (tags)"),
            ("number", "with a number"),
            ("boxes", "by drawing boxes in a picture"),
            ("spans", "by marking words in a text"),
            ("text", "by writing a text"),
            ("liking", "not at all: only the person concerned knows what they like"),
        ),
        default="yes-no",
    ),
    PlainQuestion(
        "labels", "Which labels are there? Separate them by commas.",
        "Short and distinct. Add one for what fits nowhere if such items exist.", required=True,
        only_if=("form", _LABELLED),
    ),
    PlainQuestion("ordered", "Do the labels form a scale, from less to more?", choices=_YES_NO, default="no",
                  only_if=("form", ("one",))),
    PlainQuestion(
        "yes", "What is a 'yes' called?", "A short word for what you are looking for: spam, fraud, pothole.",
        default="yes", only_if=("form", ("yes-no",)),
    ),
    PlainQuestion("no", "And a 'no'?", default="no", only_if=("form", ("yes-no",))),
    PlainQuestion(
        "range", "Between which two numbers does the answer lie?", "'0 to 10'. Empty if there are no bounds.",
        only_if=("form", ("number",)),
    ),
    PlainQuestion(
        "rarity", "How often do you expect what you are looking for, or the rarest label?",
        choices=_options(
            ("common", "often: one in three or more"),
            ("uncommon", "now and then: about one in ten"),
            ("rare", "hardly ever: one in a hundred or less"),
            ("unknown", "I do not know"),
        ),
        default="unknown", only_if=("form", ("yes-no", "one", "several")),
    ),
    PlainQuestion(
        "worse", "Which mistake is worse?",
        choices=_options(
            ("miss", "to miss one that is there"),
            ("alarm", "a false alarm"),
            ("equal", "they are about equally bad"),
        ),
        default="equal", only_if=("form", ("yes-no",)),
    ),
    PlainQuestion(
        "on_record", "Are the answers written down somewhere already?",
        "Clicks, payments, complaints, an older system: such records save labelling.", choices=_YES_NO, default="no",
        only_if=("form", ("yes-no", "one", "several", "number")),
    ),
    PlainQuestion(
        "existing", "How is it done today?", "A person, a rule, nothing at all: this is what has to be beaten."
    ),
    PlainQuestion(
        "success", "What must be reached for it to be worth using?", "'It finds 9 of 10, and 1 alarm in 20 is false.'"
    ),
    PlainQuestion(
        "harmed", "Who could be harmed if it is wrong, or if it is right and misused?",
        "Think of those who are in the data and of those who are not.",
    ),
    PlainQuestion("constraints", "Which limits are there?", "Money, time, speed, privacy, law."),
    PlainQuestion(
        "instructions", "What would you tell somebody who labels for the first time? Which cases are hard?",
        "Good instructions save more labels than any model.",
        only_if=("form", ("yes-no", *_LABELLED, "number", "text")),
    ),
    PlainQuestion("hypotheses", "What do you expect to find? Separate guesses by semicolons.", "May be empty."),
)  # fmt: skip


def questions_to_ask() -> list[PlainQuestion]:
    """The questions in order. Ask those that apply, check each answer, and pass all to :func:`from_answers`.

    Examples
    --------
    >>> form = questions_to_ask()[4]
    >>> form.check("2"), form.check("Yes or no"), form.check("")
    ('one', 'yes-no', 'yes-no')
    """
    return list(_QUESTIONS)


def from_answers(name: str, answers: Mapping[str, str]) -> ProjectConfig:
    """The project that follows from the answers (key of a question to answer; missing ones take their default).

    Raises
    ------
    InputError
        If an answer does not fit; ``where`` names the question.
    """
    given: dict[str, str] = {}
    for question in _QUESTIONS:
        if question.applies(given):
            try:
                given[question.key] = question.check(answers.get(question.key, ""))
            except InputError as e:
                raise InputError(e.what, where=question.text, hint=e.hint) from None
    labels = _labels(given)
    task, why, metrics = derive(
        given["form"],
        labels=labels,
        rarity=given.get("rarity", "unknown"),
        worse=given.get("worse", "equal"),
        ordered=given.get("ordered") == "yes",
        on_record=given.get("on_record") == "yes",
        understand=given["goal"] == "understand",
    )
    frame = Frame(
        purpose=given["purpose"],
        predicted=given["predicted"],
        used_by=given["used_by"],
        task=task,
        task_why=why,
        metrics=metrics,
        success=given["success"],
        existing=given["existing"],
        harmed=given["harmed"],
        constraints=given["constraints"],
        positive=labels[0] if given["form"] == "yes-no" else "",
        hypotheses=tuple(guess.strip() for guess in given["hypotheses"].split(";") if guess.strip()),
    )
    name = short_name(name)
    if given["form"] == "liking":
        return ProjectConfig(name, frame)
    asked = Question(
        short_name(labels[0]) if given["form"] == "yes-no" and labels[0] != "yes" else name,
        _answer(given, labels),
        text=given["predicted"],
        instructions=given["instructions"],
    )
    return ProjectConfig(name, frame, (asked,))


def short_name(text: str) -> str:
    """A name that :func:`groundswell.core.ids.check_name` accepts, made from any text.

    Examples
    --------
    >>> short_name("Is it Spam?"), short_name("…")
    ('is-it-spam', 'question')
    """
    plain = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:63].rstrip("-_")
    return plain or "question"


def _labels(given: Mapping[str, str]) -> tuple[str, ...]:
    if given["form"] == "yes-no":
        return (given["yes"], given["no"])
    labels = tuple(dict.fromkeys(label.strip() for label in given.get("labels", "").split(",") if label.strip()))
    if given["form"] == "one" and len(labels) < 2:
        raise InputError("One label leaves nothing to choose", hint="Give at least two, separated by commas")
    return labels


def _answer(given: Mapping[str, str], labels: tuple[str, ...]) -> AnswerType:
    form = given["form"]
    if form in ("yes-no", "one"):
        return answer_type("choice", {"labels": list(labels), "ordered": given.get("ordered") == "yes"})
    if form == "several":
        return answer_type("choices", {"labels": list(labels)})
    if form == "number":
        bounds = re.findall(r"(?<!\d)-?\d+(?:\.\d+)?", given.get("range", ""))
        if given.get("range") and len(bounds) != 2:
            raise InputError(f"'{given['range'][:40]}' is not two numbers", hint="For example: 0 to 10")
        return answer_type("number", dict(zip(("minimum", "maximum"), map(float, bounds), strict=False)))
    return answer_type(form, {"labels": list(labels)} if form != "text" else {})
