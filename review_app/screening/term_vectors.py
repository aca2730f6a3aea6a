"""Texts as vectors: TF-IDF of words and pairs of words, and words that share parts count as alike.

Counts are logarithmic, inverse frequencies smoothed and rows of length 1, as scikit-learn's TfidfVectorizer has them
(https://scikit-learn.org/stable/modules/feature_extraction.html#tfidf-term-weighting). Parts are four characters of a
word and of the spaces around it (Lodhi et al., J Mach Learn Res 2002;2:419-444): inflections, spellings and the stems
of drug names. They belong to the word and are not counted in each text, which is what makes them cheap.

Texts may come from an iterator; the peak of memory grows by about 4 KB for each of 230 words.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import compile as pattern
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Numbers = NDArray[Any]
WORD = pattern(r"\w\w+")
PARTS_WEIGH, PART = 0.35, 4
TOO_COMMON = 0.95
SELDOM = 20_000  # a pair that one text in so many has is the rarest that is kept, of few texts that two have
BATCH = 1_000  # texts, as many as are in memory at a time in all their detail


@dataclass(frozen=True, slots=True, eq=False)
class TermVectors:
    """`shared`: a row a text, a column a word or pair of words, sparse float32. `alone`: the squared length of the
    pairs that a text shares with (nearly) no other. They are at right angles to all else, so that no more is needed of
    them."""

    shared: Any
    alone: Numbers
    _parts: Any
    _words: list[str]
    _pairs: Numbers

    def term(self, column: int) -> str:
        """The words behind a column."""
        if column < len(self._words):
            return self._words[column]
        first, second = divmod(int(self._pairs[column - len(self._words)]), len(self._words))
        return f"{self._words[first]} {self._words[second]}"

    def with_alike(self, weights: Numbers) -> Numbers:
        """Weights of the columns, to each word's added those of words with the same parts."""
        spread = weights.copy()
        words = len(self._words)
        spread[:words] += self._parts @ (self._parts.T @ weights[:words])
        return spread


def term_vectors(texts: Iterable[str]) -> TermVectors | None:
    """None when no text has a word."""
    words, tokens, ends = _tokens(texts)
    if not words:
        return None
    pairs = _repeated(_pair_keys(tokens, ends, len(words)), max(2, len(ends) // SELDOM))
    shared, unshared = _counts(tokens, ends, len(words), pairs)
    return TermVectors(shared, _weigh(shared, unshared), _parts(words), words, pairs)


def _tokens(texts: Iterable[str]) -> tuple[list[str], Numbers, Numbers]:
    """The distinct words; the places of all words of all texts among them, one after the other; where texts end."""
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    tokens, ends = array("i"), array("q", [0])
    for text in texts:
        tokens.extend(map(known.__getitem__, WORD.findall(text.lower())))
        ends.append(len(tokens))
    return list(known), np.frombuffer(tokens, np.int32), np.frombuffer(ends, np.int64)


def _pair_keys(tokens: Numbers, ends: Numbers, words: int) -> Numbers:
    """One number for each word and the next; -1 where the text ends."""
    keys = tokens.astype(np.int64)
    keys *= words
    keys[:-1] += tokens[1:]
    keys[ends[ends > 0] - 1] = -1
    return keys


def _repeated(keys: Numbers, times: int) -> Numbers:
    """Those that occur so many times (2 at least) or more, each once, sorted."""
    keys.sort()
    last = keys[times - 1 :]
    again = last == keys[: len(last)]
    again[1:] &= ~again[:-1]
    found: Numbers = last[again]
    return found[found >= 0]


def _counts(tokens: Numbers, ends: Numbers, words: int, pairs: Numbers) -> tuple[Any, Numbers]:
    """How often each text has each word and pair, and how many other pairs it has."""
    columns, counts, starts, unshared = array("i"), array("f"), array("q", [0]), array("q")
    for first in range(0, len(ends) - 1, BATCH):
        own = ends[first : first + BATCH + 1]
        batch, others = _batch_counts(tokens[own[0] : own[-1]], own - own[0], words, pairs)
        columns.frombytes(batch.indices.astype(np.int32).tobytes())
        counts.frombytes(batch.data.tobytes())
        starts.extend(starts[-1] + batch.indptr[1:])
        unshared.extend(others)
    parts = np.frombuffer(counts, np.float32), np.frombuffer(columns, np.int32), np.frombuffer(starts, np.int64)
    return csr_matrix(parts, shape=(len(unshared), words + len(pairs))), np.frombuffer(unshared, np.int64)


def _batch_counts(tokens: Numbers, ends: Numbers, words: int, pairs: Numbers) -> tuple[Any, Numbers]:
    keys = _pair_keys(tokens, ends, words)
    places = np.searchsorted(pairs, keys)
    is_shared = (np.append(pairs, -1)[places] == keys) & (keys >= 0)
    columns = np.stack([tokens, np.where(is_shared, places + words, -1)], axis=1).ravel()
    kept = columns >= 0
    starts = np.append(0, np.cumsum(kept))[2 * ends]
    ones = np.ones(starts[-1], np.float32)
    counted = csr_matrix((ones, columns[kept], starts), shape=(len(ends) - 1, words + len(pairs)))
    counted.sum_duplicates()
    return counted, np.diff(np.append(0, np.cumsum((keys >= 0) & ~is_shared))[ends])


def _weigh(counts: Any, unshared: Numbers) -> Numbers:
    """Makes counts rows of length 1, in place; the squared length of what is unshared in each."""
    texts, columns = counts.shape
    bounds = [(first, min(first + BATCH, texts)) for first in range(0, texts, BATCH)]
    cuts = [slice(counts.indptr[first], counts.indptr[end]) for first, end in bounds]
    frequency = sum(np.bincount(counts.indices[cut], minlength=columns) for cut in cuts)
    inverse = np.log((1 + texts) / (1 + frequency)) + 1
    # A word of every text tells nothing; but a few texts alike are no reason to forget their words.
    inverse[frequency > max(2, int(TOO_COMMON * texts))] = 0
    inverse, rarest = inverse.astype(np.float32), np.log((1 + texts) / 2) + 1
    alone: Numbers = unshared * rarest**2
    for (first, end), cut in zip(bounds, cuts, strict=True):
        values = counts.data[cut]
        values[:] = (1 + np.log(values)) * inverse[counts.indices[cut]]
        rows = np.repeat(np.arange(end - first), np.diff(counts.indptr[first : end + 1]))
        squares = np.bincount(rows, values**2, minlength=end - first) + alone[first:end]
        squares[squares == 0] = 1
        values /= np.sqrt(squares).astype(np.float32)[rows]
        alone[first:end] /= squares
    return alone.astype(np.float32)


def _parts(words: Sequence[str]) -> Any:
    """A row a word, a column a part; the length of a row is what parts weigh."""
    known: defaultdict[str, int] = defaultdict()
    known.default_factory = known.__len__
    columns, ends = array("i"), array("i", [0])
    for word in words:
        spaced = f" {word} "
        columns.extend({known[spaced[at : at + PART]] for at in range(len(spaced) - PART + 1)})
        ends.append(len(columns))
    sizes = np.diff(ends)
    values = np.repeat((PARTS_WEIGH / np.sqrt(sizes)).astype(np.float32), sizes)
    return csr_matrix((values, np.frombuffer(columns, np.int32), np.frombuffer(ends, np.int32)))
