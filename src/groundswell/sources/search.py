"""Search: a Boolean query with AND, OR, NOT, brackets, phrases and prefixes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import polars as pl

from groundswell.core.errors import InputError
from groundswell.sources.base import SOURCES, Condition, Context, settings

LONGEST = 100_000
DEEPEST = 100
_TOKEN = re.compile(r'\s*(?:(?P<open>\()|(?P<close>\))|"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s()"]+))')
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True)
class Term:
    """A word, a phrase (several words) or a prefix."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class All:
    """AND."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    """OR."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """NOT."""

    part: Node


Node: TypeAlias = Term | All | Either | Not


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


def parse(query: str, where: str = "query") -> Node:
    """The tree of a query. Operators are written in capitals; words side by side are joined by AND.

    NOT binds closest, then AND, then OR.

    Raises
    ------
    InputError
        With the position of the fault, counted from 1.

    Examples
    --------
    >>> parse("crack AND NOT wheel")
    All(parts=(Term(words=('crack',), prefix=False), Not(part=Term(words=('wheel',), prefix=False))))
    >>> parse("crack AND (hole")
    Traceback (most recent call last):
    groundswell.core.errors.InputError: query: The bracket at position 11 is not closed. Add a ) after it
    """
    if not isinstance(query, str) or not query.strip():
        raise InputError("The query is empty", where=where, hint='For example: prize AND NOT "no prize"')
    if len(query) > LONGEST:
        raise InputError(f"The query has {len(query):,} characters", where=where, hint=f"At most {LONGEST:,}")
    parser = _Parser(_tokens(query, where), where)
    tree = parser.either(0)
    parser.finish()
    return tree


def _tokens(query: str, where: str) -> list[_Token]:
    found = []
    position = 0
    while position < len(query.rstrip()):
        match = _TOKEN.match(query, position)
        if match is None:  # pragma: no cover - the token pattern takes any character
            raise InputError(f"Cannot read the query at position {position + 1}", where=where)
        kind = str(match.lastgroup)
        kind = "phrase" if kind == "end" else kind
        at = match.start("phrase") - 1 if kind == "phrase" else match.start(kind)
        if kind == "phrase" and not match["end"]:
            raise InputError(
                f"The quotation mark at position {at + 1} is not closed", where=where, hint='Add a " after it'
            )
        text = match[kind]
        if kind == "word" and text in _OPERATORS:
            kind = text
        found.append(_Token(kind, text, at + 1))
        position = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[_Token], where: str) -> None:
        self.tokens = tokens
        self.where = where
        self.next = 0

    def fail(self, what: str, hint: str | None = None) -> InputError:
        return InputError(what, where=self.where, hint=hint)

    def peek(self) -> str:
        return self.tokens[self.next].kind if self.next < len(self.tokens) else "nothing"

    def take(self) -> _Token:
        self.next += 1
        return self.tokens[self.next - 1]

    def finish(self) -> None:
        if self.next < len(self.tokens):
            token = self.tokens[self.next]
            raise self.fail(f"The bracket ) at position {token.at} was never opened", "Remove it, or add a ( before it")

    def either(self, depth: int) -> Node:
        parts = [self.all(depth)]
        while self.peek() == "OR":
            self.take()
            parts.append(self.all(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def all(self, depth: int) -> Node:
        parts = [self.one(depth)]
        while self.peek() not in ("OR", "close", "nothing"):
            if self.peek() == "AND":
                self.take()
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def one(self, depth: int) -> Node:
        negated = False
        while self.peek() == "NOT":
            self.take()
            negated = not negated
        found = self.group(depth)
        return Not(found) if negated else found

    def group(self, depth: int) -> Node:
        kind = self.peek()
        if kind == "nothing":
            last = self.tokens[-1]
            raise self.fail(
                f"The query ends after '{last.text}' at position {last.at}, where a word should follow",
                "Write and, or, not in small letters, or in quotation marks, to search for the words themselves",
            )
        token = self.take()
        if kind == "open":
            if depth >= DEEPEST:
                raise self.fail(f"More than {DEEPEST} brackets within brackets at position {token.at}")
            if self.peek() == "close":
                raise self.fail(f"Nothing stands between the brackets at position {token.at}")
            found = self.either(depth + 1)
            if self.peek() != "close":
                raise self.fail(f"The bracket at position {token.at} is not closed", "Add a ) after it")
            self.take()
            return found
        if kind in ("phrase", "word"):
            return self.term(token)
        raise self.fail(
            f"'{token.text}' at position {token.at} stands where a word should",
            "AND and OR stand between two words; NOT before one",
        )

    def term(self, token: _Token) -> Term:
        text = token.text.strip()
        prefix = text.endswith("*")
        words = tuple(text.removesuffix("*").split())
        if not words:
            raise self.fail(f"Nothing to search for at position {token.at}")
        if any("*" in word for word in words):
            raise self.fail(
                f"The * in '{text[:40]}' at position {token.at} is not at the end", "A star may only end a word"
            )
        return Term(words, prefix)


def term_regex(term: Term) -> str:
    """A regular expression for a term: whole words, anything but letters and digits between those of a phrase.

    Examples
    --------
    >>> term_regex(Term(("free", "entry")))
    '\\\\bfree\\\\W+entry\\\\b'
    """
    inner = r"\W+".join(re.escape(word) for word in term.words)
    # A boundary next to a sign would ask for a letter on the other side of it: none there.
    before = r"\b" if _wordlike(term.words[0][0]) else ""
    after = r"\b" if _wordlike(term.words[-1][-1]) and not term.prefix else ""
    return f"{before}{inner}{after}"


def _wordlike(character: str) -> bool:
    return character.isalnum() or character == "_"


def compile_query(node: Node, text: pl.Expr) -> pl.Expr:
    """True where a text satisfies the query, null where there is no text; upper and lower case are one."""
    if isinstance(node, Term):
        return text.str.contains(f"(?i){term_regex(node)}")
    if isinstance(node, Not):
        return ~compile_query(node.part, text)
    if isinstance(node, All):
        return pl.all_horizontal([compile_query(part, text) for part in node.parts])
    terms = [part for part in node.parts if isinstance(part, Term)]
    others = [compile_query(part, text) for part in node.parts if not isinstance(part, Term)]
    # One pass for all plain terms of an OR.
    chunks = [terms[start : start + 200] for start in range(0, len(terms), 200)]
    joined = [text.str.contains(f"(?i)(?:{'|'.join(term_regex(t) for t in chunk)})") for chunk in chunks]
    return pl.any_horizontal([*joined, *others])


@SOURCES.register("search")
class Search(Condition):
    """Votes ``answer`` where a Boolean query is satisfied.

    ``AND``, ``OR`` and ``NOT`` in capitals, brackets, ``"phrases"``, ``prefix*``; words side by side are joined
    by AND. Whole words, whatever their case.

    Examples
    --------
    >>> items = pl.DataFrame({"item": ["a", "b", "c"], "text": ["a Crack", "crack and wheel", "cracked"]})
    >>> Search("crack", "crack AND NOT wheel", answer="minor").vote(items)["label"].to_list()
    ['minor', None, None]
    """

    type: ClassVar[str] = "search"

    def __init__(self, name: str, query: str, *, answer: str, field: str = "text", **common: Any) -> None:
        super().__init__(name, answer, field=field, **common)
        self.query = query
        self.tree = parse(query, f"source '{name}'")
        try:
            pl.select(self.holds(pl.lit("")))
        except pl.exceptions.ComputeError:
            raise InputError(
                "The query is too large for the engine", where=f"source '{name}'", hint="A lookup takes long lists"
            ) from None

    def definition(self) -> dict[str, Any]:
        """``query``, ``answer``, ``field``."""
        return {"query": self.query, "answer": self.answer, "field": self.field}

    @classmethod
    def from_config(cls, config: Mapping[str, Any], context: Context) -> Search:  # noqa: ARG003
        """Inverse of :meth:`config`."""
        return cls(**settings(config, ("name", "query", "answer"), ("field",)))

    def holds(self, text: pl.Expr) -> pl.Expr:
        """Whether the query is satisfied."""
        return compile_query(self.tree, text)
