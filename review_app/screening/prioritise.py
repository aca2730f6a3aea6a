"""Which record to screen next: TF-IDF and a linear support vector machine, trained on what was decided so far.

The machine, its regularisation and the weight of an inclusion are those that ASReview's authors found best over the
SYNERGY collection and ship as their default (ELAS u4, https://github.com/asreview/asreview): words and pairs of words,
logarithmic counts, squared hinge loss, C 0.11, all inclusions together weighing 9.8 times all exclusions. Added are

- parts of words (four characters within a word), so that inflections, spellings and the stems of drug names count as
  alike (Lodhi et al., J Mach Learn Res 2002;2:419-444);
- undecided records as weak exclusions, a random sample of them where there are many, because few are inclusions:
  Cormack and Grossman, Autonomy and reliability of continuous active learning, 2015, https://arxiv.org/abs/1504.06868.
  It is also theirs that a ranking is renewed when a tenth has been added to what is decided: less hardly changes it.
"""

import importlib.util
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

C, INCLUSIONS_WEIGH, UNDECIDED_WEIGH, PARTS_WEIGH = 0.11, 9.8, 0.15, 0.2
UNDECIDED_AT_MOST = 1_000


def is_installed() -> bool:
    """Whether scikit-learn is there; without it only `random_order` works."""
    return importlib.util.find_spec("sklearn") is not None


@dataclass(frozen=True, slots=True)
class RecordText:
    """What a record is ranked by; either may be empty."""

    id: int
    title: str
    abstract: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A term of a record and what it adds to its score: above 0 for inclusion, below 0 against it."""

    term: str
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Undecided records, the likeliest inclusion first. `trained`: False while decisions are all of one kind, when
    they are in the order they were given in."""

    ids: tuple[int, ...]
    trained: bool
    _ranker: "Ranker"
    _coefficients: Any

    def why(self, record_id: int, limit: int = 5) -> tuple[Reason, ...]:
        """The words and pairs of words that moved this record most, the strongest first; () when not trained."""
        return self._ranker.reasons(record_id, self._coefficients, limit) if self.trained else ()


class Ranker:
    """Ranks records by decisions on some of them. Records are made vectors once, here; the same records, seed and
    decisions give the same ranking. It holds nothing that changes, so that one may serve several threads."""

    def __init__(self, records: Sequence[RecordText], *, seed: int = 0) -> None:
        """Raises ValueError when two records have one id."""
        self._rows = {record.id: row for row, record in enumerate(records)}
        if len(self._rows) < len(records):
            raise ValueError("two records have the same id")
        self._seed = seed
        self._vectors, self._terms = _vectors([f"{record.title} {record.abstract}" for record in records])

    def fit(self, decisions: Mapping[int, bool]) -> Ranking:
        """The ranking after `decisions`: by id, whether the record was included. Raises KeyError for an unknown id."""
        import numpy as np

        rows = np.array([self._rows[record_id] for record_id in decisions], dtype=int)
        included = np.array(list(decisions.values()), dtype=bool)
        undecided = np.setdiff1d(np.arange(len(self._rows)), rows)
        ids = np.array(list(self._rows), dtype=object)
        if self._vectors is None or not included.any() or included.all():
            return Ranking(tuple(ids[undecided]), False, self, None)
        coefficients, scores = self._train(rows, included, undecided)
        best = undecided[np.argsort(-scores, kind="stable")]
        return Ranking(tuple(ids[best]), True, self, coefficients)

    def _train(self, rows: Any, included: Any, undecided: Any) -> tuple[Any, Any]:
        """The coefficients of the terms, and the scores of the undecided records."""
        import numpy as np
        from sklearn.svm import LinearSVC

        ratio = included.sum() / (INCLUSIONS_WEIGH * (~included).sum())
        weights = np.where(included, 1.0, ratio)
        weights *= len(weights) / weights.sum()
        drawn = undecided
        if len(undecided) > UNDECIDED_AT_MOST:
            drawn = np.random.default_rng(self._seed).choice(undecided, UNDECIDED_AT_MOST, replace=False)
        weak = UNDECIDED_WEIGH * weights[~included].sum() / max(1, len(drawn))
        # A looser end than the default ranks as well, in a fifth of the time.
        machine = LinearSVC(C=C, tol=0.1, random_state=self._seed).fit(
            self._vectors[np.concatenate([rows, drawn])],
            np.concatenate([included, np.zeros(len(drawn), dtype=bool)]),
            sample_weight=np.concatenate([weights, np.full(len(drawn), weak)]),
        )
        return machine.coef_[0], self._vectors[undecided] @ machine.coef_[0]

    def reasons(self, record_id: int, coefficients: Any, limit: int) -> tuple[Reason, ...]:
        """What `Ranking.why` tells; parts of words are left out, they say nothing to a reader."""
        row = self._vectors[self._rows[record_id]]
        added = [
            Reason(self._terms[column], float(value * coefficients[column]))
            for column, value in zip(row.indices, row.data, strict=True)
            if column < len(self._terms)
        ]
        return tuple(sorted(added, key=lambda reason: (-abs(reason.weight), reason.term))[:limit])


def _vectors(texts: Sequence[str]) -> tuple[Any, list[str]]:
    """One row a text, of length 1: the shared words and pairs of words, whose names are given, then shared parts of
    words, then what the text shares with no other. None when no text has a word."""
    import numpy as np
    from scipy.sparse import diags, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    # A word of every text tells nothing; but a few texts alike are no reason to forget their words.
    most = max(2, int(0.95 * len(texts)))
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=most)
    parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), sublinear_tf=True, max_df=most)
    try:
        of_words, of_parts = words.fit_transform(texts), parts.fit_transform(texts)
    except ValueError:
        return None, []
    vectors = normalize(hstack([of_words, PARTS_WEIGH * of_parts]).tocsr())
    shared = np.bincount(vectors.indices, minlength=vectors.shape[1]) > 1
    # Terms of one text only are at right angles to every other: their length alone matters, so that one column does.
    alone = vectors[:, np.flatnonzero(~shared)]
    lengths = diags(np.sqrt(np.asarray(alone.multiply(alone).sum(axis=1)).ravel()))
    names = words.get_feature_names_out()[shared[: of_words.shape[1]]]
    return hstack([vectors[:, np.flatnonzero(shared)], lengths]).tocsr(), list(names)


def renewed_after(decided: int, batch: int | None = None) -> int:
    """How many decisions a ranking lasts: `batch`, or a tenth of those it was trained on, but one at least."""
    return batch or max(1, decided // 10)


def random_order(ids: Iterable[int], *, seed: int) -> tuple[int, ...]:
    """The records in an order that no model had a say in, the same for the same seed."""
    shuffled = sorted(ids)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 -- chance, no secret
    return tuple(shuffled)
