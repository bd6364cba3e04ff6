"""Sentences taken apart: which kinds of words stand where."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, TypeAlias

Span: TypeAlias = tuple[int, int]
LONGEST = 20_000
NEAR = 6


@dataclass(frozen=True)
class Claim:
    """Something that labels cannot support, as ``claims.toml`` holds it."""

    kind: str
    asks: str
    reason: str
    instead: str
    citation: str
    words: re.Pattern[str]


@dataclass(frozen=True)
class Sentence:
    """A sentence, its words, and where the kinds of words stand in it: spans of tokens, end excluded."""

    text: str
    tokens: tuple[str, ...]
    body: tuple[Span, ...]
    evidence: tuple[Span, ...]

    @property
    def plain(self) -> str:
        """The words with single blanks between them."""
        return " ".join(self.tokens)

    def at(self, kind: str) -> list[Span]:
        """Where words of that kind stand."""
        return spans(pattern(kind), self.plain)

    def words(self, span: Span) -> str:
        """The words of a span."""
        return " ".join(self.tokens[span[0] : span[1]])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("groundswell.frame").joinpath("claims.toml").read_text("utf-8"))


def _compiled(words: Sequence[str]) -> re.Pattern[str]:
    joined = "|".join(words).replace("{will}", _data()["words"]["will"])
    return re.compile(rf"(?<!\S)(?:{joined})(?!\S)")


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """The words of one kind."""
    return _compiled(_data()["words"][kind])


@cache
def claims() -> tuple[Claim, ...]:
    """All claims that are known."""
    return tuple(Claim(**{**claim, "words": _compiled(claim["words"])}) for claim in _data()["claim"])


def is_a(kind: str, words: str) -> bool:
    """Whether these words are of that kind."""
    return pattern(kind).fullmatch(words) is not None


def spans(found: re.Pattern[str], plain: str) -> list[Span]:
    """Where a pattern matches, in tokens."""
    hits = []
    for match in found.finditer(plain):
        start = plain.count(" ", 0, match.start())
        hits.append((start, start + match[0].count(" ") + 1))
    return hits


def tokens_of(text: str) -> tuple[str, ...]:
    """Letters and digits in lower case; everything else parts them."""
    return tuple(re.findall(r"[^\W_]+", text.lower()))


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text, taken apart."""
    for sentence in re.split(r"(?<=[.?!;])\s+|\n{2,}", text[:LONGEST]):
        if sentence.strip():
            yield read(" ".join(sentence.split()))


@lru_cache(maxsize=2048)
def read(text: str) -> Sentence:
    """One sentence, taken apart."""
    tokens = tokens_of(text)
    plain = " ".join(tokens)
    body = tuple(span for span in spans(pattern("body"), plain) if not _idle(tokens, span))
    return Sentence(text, tokens, body, tuple(_evidence(plain, body)))


def _idle(tokens: tuple[str, ...], span: Span) -> bool:
    """Whether a word of the body is none here: to face charges, face value, a clock's face, the passive voice."""
    start, end = span
    word = tokens[start]
    before = tokens[start - 1] if start else ""
    after = tokens[end] if end < len(tokens) else ""
    if is_a("no_body", before) or (word, after) in (("face", "value"), ("face", "to"), ("face", "up")):
        return True
    if word == "voice" and tokens[end : end + 3] == ("of", "the", "customer"):
        return True
    return word == "face" and is_a("verb_before", before) and is_a("object_after", after)


def _evidence(plain: str, body: Sequence[Span]) -> list[Span]:
    """Where a person's body stands as evidence, or a picture or recording of a person.

    None where the finding is medical, the face drawn, or the point of it all to hide the face.
    """
    if pattern("medical").search(plain) or pattern("drawn").search(plain):
        return []
    hiding = spans(pattern("hiding"), plain)

    def hidden(span: Span) -> bool:
        return any(0 < span[0] - verb[0] <= NEAR for verb in hiding)

    inside = {i for span in body for i in range(*span)}
    shown = [span for span in spans(pattern("person"), plain) if span[0] not in inside]
    medium = [span for span in spans(pattern("medium"), plain) if span[0] not in inside]
    seen = [span for span in body if not hidden(span)]
    if shown and len(seen) == len(body) and not any(map(hidden, medium)):
        seen += medium
    return sorted(seen)
