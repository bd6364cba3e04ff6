"""The guard: is something asked that labels cannot support?

A sentence is taken apart into what is judged (a trait, a feeling, a fate), whose it is, and what it is judged by.
A warning needs all three to hang together: the trait must be a person's (not a website's or a court's), the evidence
a person's body or likeness, and the words between must tie them. It knows English only, and it is a net, not a proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from groundswell.core.frame import Frame
from groundswell.core.question import Question
from groundswell.frame.config import ProjectConfig
from groundswell.frame.sentence import (
    NEAR,
    Claim,
    Sentence,
    Span,
    claims,
    is_a,
    pattern,
    read,
    sentences,
    spans,
    tokens_of,
)

FAR = 14


@dataclass(frozen=True, slots=True)
class ClaimWarning:
    """Something was asked that labels cannot support.

    ``kind`` names it, ``text`` is the sentence, ``trait`` and ``evidence`` the words in it that gave it away;
    ``reason``, ``instead`` and ``citation`` say why not, what to do, and where that is shown.
    """

    kind: str
    text: str
    asks: str
    trait: str
    evidence: str
    reason: str
    instead: str
    citation: str

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 160 else f"{self.text[:157]}…"
        return (
            f"“{shown}” asks, from '{self.evidence}', {self.asks}; labels cannot support that. {self.reason} "
            f"({self.citation}). {self.instead}."
        )


def guard(subject: ProjectConfig | Frame | Question | str | Iterable[str]) -> list[ClaimWarning]:
    """Warnings about what is asked, at most one of a kind; empty if nothing is wrong.

    Of a frame, ``purpose`` and ``predicted`` are read, of a question its text and labels. What is said about harm or
    constraints is not: naming a danger is not asking for it.

    Examples
    --------
    >>> [w.kind for w in guard("Rate how trustworthy each face looks.")]
    ['honesty']
    >>> guard("Is this news source reliable?"), guard("Is there a face in this photo?")
    ([], [])
    """
    texts, questions = _texts(subject)
    everything = [sentence for text in texts for sentence in sentences(text)]
    context = [s for s in everything if s.evidence] or [s for s in everything if _only_pictures(s)]
    found: dict[str, ClaimWarning] = {}
    for sentence in everything:
        for claim in claims():
            if claim.kind not in found:
                warning = _tied(sentence, claim) or _by_context(sentence, claim, context)
                if warning is not None:
                    found[claim.kind] = warning
    for question in questions:
        for warning in _by_labels(question, context):
            found.setdefault(warning.kind, warning)
    return list(found.values())


def _texts(subject: Any) -> tuple[list[str], list[Question]]:
    if isinstance(subject, str):
        return [subject], []
    if isinstance(subject, Frame):
        return [subject.purpose, subject.predicted], []
    if isinstance(subject, Question):
        return [subject.text], [subject]
    if isinstance(subject, ProjectConfig):
        texts, _ = _texts(subject.frame)
        return [*texts, *(question.text for question in subject.questions)], list(subject.questions)
    return [str(text) for text in subject], []


def _only_pictures(sentence: Sentence) -> bool:
    """Whether pictures or recordings are spoken of without saying of what."""
    return bool(sentence.at("medium")) and not any(sentence.at(k) for k in ("thing", "medical", "drawn", "hiding"))


# whose trait it is


def _traits(sentence: Sentence, claim: Claim) -> list[Span]:
    """Where the claim's words stand and are a person's."""
    if claim.kind == "honesty" and sentence.at("genuine"):
        return []
    if (claim.kind == "criminality" and sentence.at("known")) or _reports(sentence):
        return []
    plain = pattern("resting").sub(lambda match: re.sub(r"l(?:ies|ying)", "rests", match[0]), sentence.plain)
    return [span for span in spans(claim.words, plain) if not _of_a_thing(sentence, span)]


def _reports(sentence: Sentence) -> bool:
    """'Does the comment call somebody a criminal?' asks about the comment."""
    verbs = {span[0] for span in sentence.at("reporting")}
    return any(writing[1] in verbs or writing[1] + 1 in verbs for writing in sentence.at("writing"))


_NOUN = re.compile(
    r"(?:ity|ness|ions?|ence|ance|traits?|risk|iq|lies|liars?|moods?|criminals?|terrorists?|stress|engagement|loyalty)$"
)


def _of_a_thing(sentence: Sentence, trait: Span) -> bool:
    """Whether the trait is a thing's: 'a smart doorbell', 'is the website honest', 'reliability of the sensor'."""
    tokens = sentence.tokens
    things = {i for span in sentence.at("thing") for i in range(*span)}
    people = {i for span in (*sentence.at("person"), *sentence.body) for i in range(*span)}
    start, end = trait
    if end in things:
        # 'A reliable detector' is a thing that is reliable; a 'personality detector' looks for personality.
        return not (_NOUN.search(tokens[end - 1]) and is_a("instrument", tokens[end]))
    following = tokens[end] if end < len(tokens) else ""
    if following in ("and", "or"):
        if end + 2 in things and end + 1 not in people:
            return True
    elif end + 1 in things and end not in people and not any(is_a(k, following) for k in ("by", "at", "little")):
        return True
    if following in ("of", "is", "are", "was", "were", "does", "do") and _heads_a_thing(
        tokens, end + 1, things, people
    ):
        return True
    before = start - 1
    while before >= 0 and is_a("filler", tokens[before]):
        before -= 1
    return before > 0 and before in things and before not in people and not tokens[start].startswith("hir")


def _heads_a_thing(tokens: tuple[str, ...], start: int, things: set[int], people: set[int]) -> bool:
    """Whether the noun phrase that begins there has a thing for its head: 'of the face detection'."""
    while start < len(tokens) and is_a("article", tokens[start]):
        start += 1
    head = next((i for i in range(start, min(start + 3, len(tokens))) if i in things), None)
    return head is not None and not any(i in people and i + 1 not in things for i in range(start, head))


# how it hangs together


def _tied(sentence: Sentence, claim: Claim) -> ClaimWarning | None:
    for trait in _traits(sentence, claim):
        for evidence in sentence.evidence:
            if _hang_together(sentence, trait, evidence):
                return _warning(claim, sentence, sentence.words(trait), sentence.words(evidence))
        if _looks(sentence, trait):
            return _warning(claim, sentence, sentence.words(trait), "looks")
    return None


def _hang_together(sentence: Sentence, trait: Span, evidence: Span) -> bool:
    asked = bool(sentence.at("judging"))
    if evidence[0] < trait[1] and trait[0] < evidence[1]:
        return asked
    first, second = sorted((trait, evidence))
    gap = second[0] - first[1]
    between = sentence.words((first[1], second[0]))
    if _has("so", between) and not _has("question", between):
        return False
    if gap <= 2:
        return asked or len(sentence.tokens) <= NEAR
    if first == trait:
        return (gap <= FAR and _has("by", between)) or (gap <= NEAR and asked and _has("at", between))
    return gap <= FAR and asked and _has("show", between)


def _has(kind: str, words: str) -> bool:
    return pattern(kind).search(words) is not None


def _looks(sentence: Sentence, trait: Span) -> bool:
    """'Does this man look like a criminal?' has no word for the evidence but 'look'."""
    tokens = sentence.tokens
    if sentence.at("records"):
        return False
    people = [span[0] for span in sentence.at("person")]
    if tokens[trait[1] : trait[1] + 1] == ("looking",):
        return any(0 < p - trait[1] <= 3 for p in people)
    for i in range(max(0, trait[0] - 4), trait[0]):
        if re.fullmatch(r"look(?:s|ed|ing)?", tokens[i]) and tokens[i + 1] not in ("for", "at", "after", "up", "into"):
            return any(0 < i - p <= NEAR for p in people)
    if tokens[max(trait[0] - 1, 0)] == "how" and "look" in tokens[trait[1] : trait[1] + NEAR]:
        return any(trait[1] <= p < tokens.index("look", trait[1]) for p in people)
    return False


def _by_context(sentence: Sentence, claim: Claim, context: list[Sentence]) -> ClaimWarning | None:
    """The trait of a person is asked here; that a body is the evidence was said in another sentence."""
    others = [other for other in context if other is not sentence]
    short = len(sentence.tokens) <= 3
    if not others or not (short or sentence.at("judging")) or sentence.at("records") or sentence.at("hiding"):
        return None
    for trait in _traits(sentence, claim):
        near = any(abs(p[0] - trait[0]) <= NEAR + 2 for p in sentence.at("person"))
        pictured = sentence.at("medium") and any(other.at("person") for other in others)
        it = "it" in sentence.tokens[max(0, trait[0] - 3) : trait[0]] and any(other.body for other in others)
        if short or near or pictured or it:
            seen = (others[0].evidence or others[0].at("medium"))[0]
            return _warning(claim, sentence, sentence.words(trait), others[0].words(seen))
    return None


_DEGREE = re.compile(r"^(?:not|very|somewhat|rather|looks|seems|highly|low|high|a|an|is|un|non|likely|probably)\s+")


def _by_labels(question: Question, context: list[Sentence]) -> Iterator[ClaimWarning]:
    """A label is a trait, and a body is the evidence."""
    asked = read(question.text)
    if not context or (asked.at("thing") and not asked.at("person") and not asked.body):
        return
    if any(sentence.at("genuine") for sentence in (*context, asked)):
        return
    for label in question.labels:
        plain = " ".join(tokens_of(label))
        while _DEGREE.match(plain):
            plain = _DEGREE.sub("", plain)
        for claim in claims():
            if claim.kind != "emotion" and claim.words.fullmatch(plain):
                seen = (context[0].evidence or context[0].at("medium"))[0]
                yield _warning(claim, read(f"{question.text} {label}".strip()), plain, context[0].words(seen))


def _warning(claim: Claim, sentence: Sentence, trait: str, evidence: str) -> ClaimWarning:
    return ClaimWarning(
        claim.kind, sentence.text, claim.asks, trait, evidence, claim.reason, claim.instead, claim.citation
    )
