"""Agreement of two raters, held to figures that were published for known tables."""

import pytest

from review_app.screening.agreement import Z95, Agreement, agreement, wilson


def of_table(*rows: tuple[int, ...]) -> Agreement:
    names = [str(number) for number in range(len(rows))]
    pairs = [(names[i], names[j]) for i, row in enumerate(rows) for j, count in enumerate(row) for _ in range(count)]
    found = agreement(pairs, names)
    assert found is not None
    return found


def test_kappa_of_two_dermatologists_is_that_of_the_sas_documentation() -> None:
    # SAS/STAT, the FREQ procedure, "Cohen's kappa coefficient": 88 patients, four grades of a skin condition.
    found = of_table((10, 4, 1, 0), (5, 10, 12, 2), (2, 4, 12, 5), (0, 2, 6, 13))
    assert found.number == 88
    assert found.kappa is not None
    assert round(found.kappa.value, 4) == 0.3449
    assert (round(found.kappa.low, 4), round(found.kappa.high, 4)) == (0.2030, 0.4868)


def test_kappa_and_its_variance_are_those_of_fleiss_cohen_and_everitt() -> None:
    # Psychol Bull 1969;72:323-327, table 1: kappa .429, variance .002885 with 200 patients.
    found = of_table((106, 10, 4), (22, 28, 10), (2, 12, 6))
    assert found.kappa is not None
    assert round(found.kappa.value, 3) == 0.429
    assert round(((found.kappa.value - found.kappa.low) / Z95) ** 2, 6) == 0.002885


def test_pabak_of_two_categories_is_twice_the_agreement_less_one() -> None:
    found = of_table((40, 3), (7, 50))
    assert found.percent.value == 0.9
    assert round(found.pabak.value, 12) == 0.8
    assert found.pabak.low < 0.8 < found.pabak.high


def test_rare_inclusions_give_high_agreement_and_low_kappa_and_pabak_says_so() -> None:
    found = of_table((1, 5), (5, 189))
    assert found.kappa is not None
    assert found.percent.value == 0.95
    assert found.kappa.value < 0.2
    assert found.pabak.value > 0.85


def test_raters_who_agree_on_everything_have_a_kappa_of_one() -> None:
    found = of_table((10, 0), (0, 10))
    assert found.kappa is not None
    assert (found.kappa.low, found.kappa.value, found.kappa.high) == (1.0, 1.0, 1.0)


def test_where_both_use_one_category_only_kappa_says_nothing() -> None:
    found = of_table((30, 0), (0, 0))
    assert found.kappa is None
    assert found.percent.value == 1.0


def test_nothing_rated_twice_has_no_agreement() -> None:
    assert agreement([]) is None


def test_a_rating_that_nobody_could_give_is_refused() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        agreement([("include", "perhaps")], ["include", "exclude"])


def test_the_table_keeps_the_order_of_the_categories() -> None:
    found = agreement([("include", "exclude"), ("include", "include")], ["include", "maybe", "exclude"])
    assert found is not None
    assert found.table == ((1, 0, 1), (0, 0, 0), (0, 0, 0))


def test_the_interval_of_a_share_is_wilsons() -> None:
    # Newcombe, Stat Med 1998;17:857-872, table I: 81 of 263 by the score method.
    found = wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    assert (wilson(0, 20).low, round(wilson(0, 20).high, 4)) == (0.0, 0.1611)


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        wilson(0, 0)
