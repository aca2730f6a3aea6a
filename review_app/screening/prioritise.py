"""Which record to screen next: TF-IDF and a linear model, trained on what was decided so far.

The terms, the regularisation and the weight of an inclusion are those that ASReview's authors found best over the
SYNERGY collection and ship as their default (ELAS u4, https://github.com/asreview/asreview): words and pairs of words,
logarithmic counts, C 0.11, all inclusions together weighing 9.8 times all exclusions. Different are

- the loss, squared without a hinge: with so much regularisation hardly a record is beyond the hinge, the ranking is the
  same, and it is found in a fraction of the time (least squares support vector machine, Suykens and Vandewalle, Neural
  Process Lett 1999;9:293-300);
- parts of words, by which words count as alike (`term_vectors`);
- undecided records as weak exclusions, a random sample of them where there are many, because few are inclusions:
  Cormack and Grossman, Autonomy and reliability of continuous active learning, 2015, https://arxiv.org/abs/1504.06868.
  It is also theirs that a ranking is renewed when a tenth has been added to what is decided: less hardly changes it.
"""

import importlib.util
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from review_app.screening.term_vectors import TermVectors

C, INCLUSIONS_WEIGH, UNDECIDED_WEIGH, PRECISION = 0.11, 9.8, 0.3, 0.01
UNDECIDED_AT_MOST = 1_000


def is_installed() -> bool:
    """Whether SciPy is there; without it only `random_order` works."""
    return importlib.util.find_spec("scipy") is not None


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

    def __init__(self, records: Iterable[RecordText], *, seed: int = 0) -> None:
        """Raises ValueError when two records have one id."""
        from review_app.screening.term_vectors import term_vectors

        self._rows: dict[int, int] = {}
        self._seed = seed
        self._vectors = term_vectors(self._texts(records))

    def _texts(self, records: Iterable[RecordText]) -> Iterator[str]:
        for row, record in enumerate(records):
            if self._rows.setdefault(record.id, row) != row:
                raise ValueError("two records have the same id")
            yield f"{record.title} {record.abstract}"

    def fit(self, decisions: Mapping[int, bool]) -> Ranking:
        """The ranking after `decisions`: by id, whether the record was included. Raises KeyError for an unknown id."""
        import numpy as np

        row_of = self._rows
        included = [row_of[record_id] for record_id, kept in decisions.items() if kept]
        excluded = [row_of[record_id] for record_id, kept in decisions.items() if not kept]
        is_undecided = np.ones(len(row_of), dtype=bool)
        is_undecided[included + excluded] = False
        undecided = np.flatnonzero(is_undecided)
        ids = np.array(list(row_of), dtype=object)
        if self._vectors is None or not included or not excluded:
            return Ranking(tuple(ids[undecided]), False, self, None)
        coefficients, scores = self._fitted(self._vectors, included, self._weights(included, excluded, undecided))
        best = undecided[np.argsort(-scores[undecided], kind="stable")]
        return Ranking(tuple(ids[best]), True, self, coefficients)

    def _weights(self, included: list[int], excluded: list[int], undecided: Any) -> Any:
        """What each record weighs: all together about as much as there are decisions."""
        import numpy as np

        drawn = undecided
        if len(undecided) > UNDECIDED_AT_MOST:
            drawn = np.random.default_rng(self._seed).choice(undecided, UNDECIDED_AT_MOST, replace=False)
        unit = (len(included) + len(excluded)) / (INCLUSIONS_WEIGH + 1)
        weights = np.zeros(len(self._rows), dtype=np.float32)
        weights[included] = unit * INCLUSIONS_WEIGH / len(included)
        weights[excluded] = unit / len(excluded)
        weights[drawn] = unit * UNDECIDED_WEIGH / max(1, len(drawn))
        return weights

    def _fitted(self, vectors: "TermVectors", included: list[int], weights: Any) -> tuple[Any, Any]:
        """The coefficients of the terms and the scores of all records, by ridge regression with an intercept in its
        dual form: one unknown a record, whatever the number of terms."""
        import numpy as np

        shared, turned, root = vectors.shared, vectors.shared.T, np.sqrt(weights)
        targets = np.full(len(root), -1, dtype=np.float32)
        targets[included] = 1

        def applied(unknown: Any) -> Any:
            weighed = root * unknown
            alike = shared @ vectors.with_alike(turned @ weighed) + vectors.alone * weighed + weighed.sum()
            return root * alike + unknown / (2 * C)

        solved = root * _solved(applied, root * targets)
        coefficients = vectors.with_alike(turned @ solved)
        return coefficients, shared @ coefficients + vectors.alone * solved

    def reasons(self, record_id: int, coefficients: Any, limit: int) -> tuple[Reason, ...]:
        """What `Ranking.why` tells; what a word owes to others with the same parts counts as its own."""
        vectors = self._vectors
        if vectors is None:
            return ()
        row = vectors.shared[self._rows[record_id]]
        added = [
            Reason(vectors.term(column), float(value * coefficients[column]))
            for column, value in zip(row.indices, row.data, strict=True)
        ]
        return tuple(sorted(added, key=lambda reason: (-abs(reason.weight), reason.term))[:limit])


def _solved(applied: Callable[[Any], Any], wanted: Any) -> Any:
    """The x with applied(x) = wanted, for a symmetric positive definite `applied`, by conjugate gradients (Hestenes and
    Stiefel, J Res Natl Bur Stand 1952;49:409-436). A hundredth is close enough: closer ranks no better."""
    solution = 0 * wanted
    missed = direction = wanted
    size = missed @ missed
    enough = PRECISION**2 * size
    while size > enough:
        image = applied(direction)
        step = size / (direction @ image)
        solution = solution + step * direction
        missed = missed - step * image
        size, before = missed @ missed, size
        direction = missed + size / before * direction
    return solution


def renewed_after(decided: int, batch: int | None = None) -> int:
    """How many decisions a ranking lasts: `batch`, or a tenth of those it was trained on, but one at least."""
    return batch or max(1, decided // 10)


def random_order(ids: Iterable[int], *, seed: int) -> tuple[int, ...]:
    """The records in an order that no model had a say in, the same for the same seed."""
    shuffled = sorted(ids)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 -- chance, no secret
    return tuple(shuffled)
