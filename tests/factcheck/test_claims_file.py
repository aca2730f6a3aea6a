import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app.factcheck.claims_file import BadClaimsFile, ShippedClaim, dump_claims, load_claims, to_claim
from review_app.factcheck.model import Qualifier

CLAIM = """format = 1
[[claim]]
id = "an-onset"
topics = ["onset"]
type = "onset"
kind = "express"
risk = "routine"
statement = "It may work within a day."
search_query = "rapid"
certainty = "low"
source = "invented"
[[claim.qualifier]]
text = "some"
cues = ["some patients"]
[[claim.wording]]
text = "It works fast."
verdict = "needs_qualification"
[[claim.goes_too_far]]
text = "It works at once."
verdict = "overstated"
rewording = "It may work within a day."
against = [90000001, "Uses"]
[[claim.goes_too_far]]
text = "It works for all."
verdict = "overstated"
against = []
[[claim.evidence]]
kind = "study"
pmid = 90000001
stance = "supports"
note = "invented"
[[claim.evidence]]
kind = "label"
set_id = "00000000-invented"
version = 3
effective = 2026-01-02
section = "Uses"
stance = "qualifies"
note = "invented"
"""


def test_a_claim_becomes_one_that_a_check_can_use() -> None:
    (shipped,) = load_claims(CLAIM)
    claim = to_claim(shipped)
    assert claim.wordings[0].verdict == "needs_qualification"
    assert claim.overstatements[0].text == "It works at once."
    assert [one.id for one in claim.evidence] == [None, None]
    assert claim.evidence[1].reference == "label 00000000-invented version 3: Uses"
    assert [one.against for one in claim.overstatements] == [(90000001, "Uses"), ()]
    assert [one.pmid or one.key for one in claim.evidence] == [90000001, "Uses"]


def test_what_is_exported_loads_back_the_same() -> None:
    claims = load_claims(CLAIM)
    assert load_claims(dump_claims(claims, topic="t", version="v", source="s")) == claims


@given(st.text(min_size=1).filter(lambda text: text.strip() != ""))
def test_any_text_survives_the_round_trip(text: str) -> None:
    claim = ShippedClaim(
        "c", ("onset",), "onset", "express", "high", text, "q", "low", text, None,
        (Qualifier(text, (text,)),), (), (), (),
    )  # fmt: skip
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert load_claims(dump_claims([claim], topic="t", version="v", source="s")) == (claim,)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("format = 1", "format = 9", "format 1"),
        ('"an-onset"', '"An Onset"', "An Onset"),
        ('certainty = "low"', 'certainty = "sure"', "claim an-onset: certainty"),
        ('verdict = "overstated"', 'verdict = "supported"', "claim an-onset: verdict"),
        ('statement = "It may work within a day."', "", "claim an-onset: needs statement"),
        ("pmid = 90000001", "", "needs pmid"),
        ('against = [90000001, "Uses"]', "against = [90000002]", "claim an-onset: against"),
        ('against = [90000001, "Uses"]', 'against = "Uses"', "claim an-onset: against"),
        ("[[claim]]", "[[claim", "not TOML"),
    ],
)
def test_a_bad_file_is_refused_and_the_claim_is_named(old: str, new: str, says: str) -> None:
    with pytest.raises(BadClaimsFile, match=says):
        load_claims(CLAIM.replace(old, new, 1))


def test_an_id_may_not_occur_twice() -> None:
    with pytest.raises(BadClaimsFile, match="occurs twice"):
        load_claims(CLAIM + CLAIM.split("\n", 1)[1])
