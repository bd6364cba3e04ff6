"""Texts that are the same, or nearly: MinHash and locality-sensitive hashing.

Two texts are near duplicates if the sets of their five-character pieces overlap, by Jaccard's index, in at least
four fifths. MinHash: Broder 1997, doi:10.1109/SEQUEN.1997.666900. Banding: Indyk and Motwani 1998,
doi:10.1145/276698.276876. Every pair that the hashes propose is then compared exactly.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Hashes: TypeAlias = npt.NDArray[np.uint64]

PIECE = 5
_BANDS, _ROWS = 12, 4
_CHUNK = 1 << 20  # pieces hashed at once: what fits the cache
_BUDGET = 20_000_000  # pieces in all; beyond, only those whose hash is divisible by a number are kept
_LONGEST = 20_000  # characters of a text that are looked at
_SLACK = 0.2  # signatures of 48 numbers miss the true overlap by less than this


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows that are alike; ``similarity`` is the least overlap that joined them, 1 if they are the same."""

    rows: tuple[int, ...]
    similarity: float


def same(values: Sequence[Hashable | None]) -> list[Alike]:
    """Rows with equal values; ``None`` equals nothing.

    Examples
    --------
    >>> same(["a", "b", "a", None, None])
    [Alike(rows=(0, 2), similarity=1.0)]
    """
    rows: dict[Hashable, list[int]] = {}
    for row, value in enumerate(values):
        if value is not None:
            rows.setdefault(value, []).append(row)
    return [Alike(tuple(group), 1.0) for group in rows.values() if len(group) > 1]


def near(texts: Sequence[str | None], *, threshold: float = 0.8, seed: int = 0) -> list[Alike]:
    """Groups of texts that are nearly, but not all exactly, the same. Case and spacing count for nothing.

    Parameters
    ----------
    texts
        ``None`` and blank texts are like nothing.
    threshold
        Least Jaccard index of the sets of five-character pieces with some other text of the group, in (0, 1]. At
        the default a pair that just has it is missed with a probability below 0.3 %.

    Examples
    --------
    >>> near(["Win a free prize today, call now!", "lunch at one?", "WIN a free prize today,  call now!!"])
    [Alike(rows=(0, 2), similarity=0.96...)]
    """
    plain = [" ".join(text.casefold().split())[:_LONGEST] if text else "" for text in texts]
    first: dict[str, int] = {}
    of = np.fromiter((first.setdefault(text, row) for row, text in enumerate(plain)), np.int64, len(plain))
    rows = np.array([row for text, row in first.items() if text], np.int64)
    if len(rows) == 0:
        return []
    pieces, starts = _pieces([plain[row] for row in rows])
    pairs = _candidates(_signatures(pieces, starts, seed), threshold)
    joined = np.arange(len(rows))
    overlap = dict[tuple[int, int], float]()
    for a, b in pairs:
        share = _jaccard(pieces[starts[a] : starts[a + 1]], pieces[starts[b] : starts[b + 1]])
        if share >= threshold:
            overlap[a, b] = share
            _join(joined, a, b)
    return list(_groups(texts, rows, of, joined, overlap))


def _pieces(texts: Sequence[str]) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Hashes of the pieces of all texts, one after the other, and where each text's begin (and the end)."""
    padded = [text if len(text) >= PIECE else text.ljust(PIECE) for text in texts]
    points = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32)
    length = np.fromiter(map(len, padded), np.int64, len(padded))
    ends = np.cumsum(length)
    rolling = np.zeros(len(points) - PIECE + 1, np.uint64)
    for offset in range(PIECE):
        rolling *= np.uint64(0x9E3779B97F4A7C15)
        rolling += points[offset : len(points) - PIECE + 1 + offset]
    rolling = _mix(rolling)
    whole = np.ones(len(rolling) + PIECE - 1, bool)
    for back in range(1, PIECE):  # pieces that would run into the next text
        whole[ends - back] = False
    whole = whole[: len(rolling)]
    share = -(-len(rolling) // _BUDGET)
    if share > 1:
        whole &= (rolling % np.uint64(share) == 0) | _firsts(ends - length, len(rolling))
    counts = np.add.reduceat(whole, ends - length)
    return rolling[whole], np.concatenate([[0], np.cumsum(counts)])


def _firsts(starts: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.bool_]:
    # The first piece of each text always stays, so that no text is left without any.
    mask = np.zeros(n, bool)
    mask[starts] = True
    return mask


def _mix(x: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195)."""
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x


def _signatures(pieces: Hashes, starts: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.uint32]:
    """``(n_texts, bands × rows)``: the least of each of as many hash functions over a text's pieces."""
    rng = np.random.default_rng(seed)
    factors = rng.integers(0, 2**63, _BANDS * _ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    found = np.empty((len(starts) - 1, len(factors)), np.uint32)
    text = 0
    while text < len(found):
        last = int(np.searchsorted(starts, starts[text] + _CHUNK, side="right")) - 1
        last = min(max(last, text + 1), len(found))
        part = pieces[starts[text] : starts[last]]
        at = starts[text:last] - starts[text]
        for n, factor in enumerate(factors):
            found[text:last, n] = np.minimum.reduceat((part * factor) >> np.uint64(32), at)
        text = last
    return found


def _candidates(signatures: npt.NDArray[np.uint32], threshold: float) -> list[tuple[int, int]]:
    """Pairs that share a band and whose signatures agree about enough; each text against the first of its bucket."""
    pairs = []
    for band in range(_BANDS):
        part = np.ascontiguousarray(signatures[:, band * _ROWS : (band + 1) * _ROWS])
        keys = part.view([("", part.dtype)] * _ROWS).ravel()
        _, first, bucket = np.unique(keys, return_index=True, return_inverse=True)
        head = first[bucket]
        other = np.flatnonzero(head != np.arange(len(head)))
        pairs.append(np.stack([head[other], other], 1))
    every = np.unique(np.concatenate(pairs), axis=0)
    agree = np.zeros(len(every))
    for start in range(0, len(every), 1 << 18):
        a, b = every[start : start + (1 << 18)].T
        agree[start : start + (1 << 18)] = (signatures[a] == signatures[b]).mean(1)
    return [(int(a), int(b)) for a, b in every[agree >= threshold - _SLACK]]


def _jaccard(a: Hashes, b: Hashes) -> float:
    left, right = set(a.tolist()), set(b.tolist())
    both = len(left & right)
    return both / (len(left) + len(right) - both)


def _root(joined: npt.NDArray[np.int64], row: int) -> int:
    while joined[row] != row:
        joined[row] = joined[joined[row]]
        row = int(joined[row])
    return row


def _join(joined: npt.NDArray[np.int64], a: int, b: int) -> None:
    left, right = _root(joined, a), _root(joined, b)
    joined[max(left, right)] = min(left, right)


def _groups(
    texts: Sequence[str | None],
    rows: npt.NDArray[np.int64],
    of: npt.NDArray[np.int64],
    joined: npt.NDArray[np.int64],
    overlap: dict[tuple[int, int], float],
) -> Iterator[Alike]:
    least: dict[int, float] = {}
    for (a, _), share in overlap.items():
        root = _root(joined, a)
        least[root] = min(share, least.get(root, 1.0))
    position = {int(row): n for n, row in enumerate(rows)}
    members: dict[int, list[int]] = {}
    for row, first in enumerate(of):
        if int(first) in position:
            members.setdefault(_root(joined, position[int(first)]), []).append(row)
    for root in sorted(members):
        group = members[root]
        if len({texts[row] for row in group}) > 1:
            yield Alike(tuple(group), least.get(root, 1.0))
