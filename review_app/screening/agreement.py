"""How far two raters agree: percent agreement, Cohen's kappa and PABAK with their intervals, and the table behind them.

Kappa and its standard error: Cohen, Educ Psychol Meas 1960;20:37-46; Fleiss, Cohen, Everitt, Psychol Bull
1969;72:323-327. PABAK: Byrt, Bishop, Carlin, J Clin Epidemiol 1993;46:423-429, for any number of categories. Wilson's
interval: J Am Stat Assoc 1927;22:209-212.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """`table[i][j]`: records that the first rater put into category i and the second into j; `number` is all of them.

    `kappa` is None where chance alone explains everything: both raters used the same one category only.
    """

    categories: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    number: int
    percent: Estimate
    kappa: Estimate | None
    pabak: Estimate


def agreement(pairs: Iterable[tuple[str, str]], categories: Sequence[str] | None = None) -> Agreement | None:
    """The agreement of pairs of ratings, one pair a record; None without any.

    `categories` are those that could be given, in the order of the table; PABAK counts them all. Raises ValueError for
    a rating that is none of them.
    """
    counted = Counter(pairs)
    if not counted:
        return None
    found = tuple(dict.fromkeys(categories or sorted({rating for pair in counted for rating in pair})))
    strange = {rating for pair in counted for rating in pair}.difference(found)
    if strange:
        raise ValueError(f"{', '.join(sorted(strange))}: no category of {', '.join(found)}")
    table = tuple(tuple(counted[one, two] for two in found) for one in found)
    number = sum(counted.values())
    percent = wilson(sum(table[i][i] for i in range(len(found))), number)
    return Agreement(found, table, number, percent, _kappa(table, number), _pabak(percent, len(found)))


def wilson(successes: int, number: int) -> Estimate:
    """A share with Wilson's interval. Raises ValueError without any observation."""
    if number < 1:
        raise ValueError("a share of nothing")
    share, z2 = successes / number, Z95**2
    centre = (share + z2 / (2 * number)) / (1 + z2 / number)
    half = Z95 / (1 + z2 / number) * math.sqrt(share * (1 - share) / number + z2 / (4 * number**2))
    return Estimate(share, max(0.0, centre - half), min(1.0, centre + half))


def _kappa(table: Sequence[Sequence[int]], number: int) -> Estimate | None:
    size = range(len(table))
    rows = [sum(row) / number for row in table]
    columns = [sum(row[j] for row in table) / number for j in size]
    observed = sum(table[i][i] for i in size) / number
    expected = sum(rows[i] * columns[i] for i in size)
    if math.isclose(expected, 1.0):
        return None
    kappa = (observed - expected) / (1 - expected)
    # Fleiss, Cohen and Everitt (1969), equation 8, as Fleiss, Levin and Paik (2003), equation 18.13, write it.
    diagonal = sum(table[i][i] / number * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in size)
    beside = sum(table[i][j] / number * (columns[i] + rows[j]) ** 2 for i in size for j in size if i != j)
    variance = diagonal + (1 - kappa) ** 2 * beside - (kappa - expected * (1 - kappa)) ** 2
    half = Z95 * math.sqrt(max(0.0, variance) / number) / (1 - expected)
    return Estimate(kappa, max(-1.0, kappa - half), min(1.0, kappa + half))


def _pabak(percent: Estimate, categories: int) -> Estimate:
    """Kappa as it would be with every category used alike; with two categories, twice the agreement less one."""
    chance = 1 / max(2, categories)

    def adjusted(share: float) -> float:
        return (share - chance) / (1 - chance)

    return Estimate(adjusted(percent.value), adjusted(percent.low), adjusted(percent.high))
