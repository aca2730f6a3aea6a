import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app.factcheck.denial import turned
from review_app.factcheck.folding import fold


def opposite(one: str, other: str) -> bool:
    return turned(fold(one).text, fold(other).text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ketamine is not a magic bullet, and few improve.", "Ketamine is a magic bullet, and few improve."),
        ("The spray isn't given in a certified setting.", "The spray is given in a certified setting, not at home."),
        ("It cannot bring quick relief.", "Not a cure, it may bring quick relief."),
        ("It is not contraindicated in aneurysm.", "It must not be given in aneurysm."),
        ("More research is not needed.", "More research is needed; effects are not fully known."),
    ],
)
def test_what_one_denies_the_other_asserts(one: str, other: str) -> None:
    assert opposite(one, other)
    assert opposite(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It brings relief when tablets have not worked.", "It brings relief where tablets work poorly."),
        ("It acts on glutamate, not serotonin.", "It acts on glutamate and hardly on serotonin."),
        ("It is not only quick.", "It is quick."),
        ("It does not cure, but it may ease low mood.", "Not a cure, it may ease low mood."),
        ("There is no cure.", "It lacks a cure."),
        ("People who have not had long illness recover.", "People with long illness recover."),
        ("It is licensed as a numbing agent.", "It is not licensed for low mood."),
        ("It acts on a target that older tablets do not reach.", "Its target is reached by few other drugs."),
    ],
)
def test_what_is_said_of_patients_or_contrasts_denies_nothing(one: str, other: str) -> None:
    assert not opposite(one, other)


@given(st.text(alphabet="aeknot ,.;'", max_size=60), st.text(alphabet="aeknot ,.;'", max_size=60))
def test_it_is_the_same_both_ways_and_never_so_of_a_text_and_itself(one: str, other: str) -> None:
    assert turned(one, other) == turned(other, one)
    assert not turned(one, one)
