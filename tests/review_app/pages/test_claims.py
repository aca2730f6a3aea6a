"""The claims library on the page: the list, one claim, and what people may do with it."""

import re
from collections.abc import Callable

import invented_claims
import pytest
from copy_page import button, words
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db.engine import writing
from db.types import Actor, Stance, Verdict, WordingKind
from review_app.services import claims as claim_service

OpenClaims = Callable[..., AppTest]
ROLES = ["Ada", "Ben", "Dov", "Rae"]


def links(desk: AppTest) -> list[str]:
    """The statements in the list, as markup."""
    return re.findall(r'<a href="/claims\?claim=[^"]*" target="_self">(.*?)</a>', words(desk))


@pytest.mark.parametrize("name", ROLES)
def test_every_role_reads_the_list_and_a_claim(people: dict[str, Actor], open_claims: OpenClaims, name: str) -> None:
    assert not open_claims(name).exception
    desk = open_claims(name, claim=invented_claims.ONSET)
    assert not desk.exception
    assert invented_claims.STATEMENT in words(desk)


def test_a_library_without_claims_says_so(library: Engine, open_claims: OpenClaims) -> None:
    assert "There is no claim in this library." in words(open_claims("Ada"))


def test_the_list_shows_what_speaks_for_and_against(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    desk = open_claims("Ben")
    assert "2 supports, 1 qualifies, 1 contradicts" in words(desk)
    assert "moderate certainty" in words(desk)
    assert 'data-basis="library"' in words(desk)


def test_a_draft_that_nobody_judged_carries_no_verdict(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    assert "no verdict yet" in words(open_claims("Ben"))


def test_the_list_is_narrowed_by_words_topic_and_state(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    desk = open_claims("Ben")
    assert len(links(desk)) == 3
    desk.selectbox(key="topic").select("administration").run()
    assert len(links(desk)) == 1
    desk.selectbox(key="topic").select("any").run()
    desk.selectbox(key="state").select("against").run()
    assert len(links(desk)) == 1
    desk.text_input(key="words").input("bladder").run()
    assert "No claim fits." in words(desk)


def test_an_unknown_claim_gives_a_clear_box(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    desk = open_claims("Ben", claim="<script>alert(1)</script>")
    assert not desk.exception
    assert "No such claim." in words(desk)
    assert "<script>" not in words(desk)


def test_a_claim_names_the_key_study_that_is_not_here(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    said = words(open_claims("Ben", claim=invented_claims.ONSET))
    assert f"PMID {invented_claims.NOT_HELD}</b> is not in this library yet" in said


def test_a_label_is_cited_with_set_id_version_and_date(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    said = words(open_claims("Ben", claim=invented_claims.ONSET))
    assert "set id 00000000-invented, version 3, effective 2026-01-05" in said
    assert "For adults whose depression did not respond" in said


def test_contradicting_evidence_is_drawn_first_and_outside_any_fold(
    people: dict[str, Actor], open_claims: OpenClaims
) -> None:
    desk = open_claims("Ben", claim=invented_claims.ONSET)
    assert words(desk).index("Contradicting evidence") < words(desk).index("Evidence for it")
    folded = " ".join(str(item.proto.body) for fold in desk.expander for item in fold.get("html"))
    assert invented_claims.AGAINST_TITLE in words(desk)
    assert invented_claims.AGAINST_TITLE not in folded


def test_what_goes_too_far_stands_beside_a_wording_that_holds(
    people: dict[str, Actor], open_claims: OpenClaims
) -> None:
    said = words(open_claims("Ben", claim=invented_claims.ONSET))
    assert invented_claims.TOO_FAR in said
    assert f"say rather: {invented_claims.REWORDING}" in said


def test_what_may_be_said_as_it_stands_stands_apart_from_what_needs_a_qualifier(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    with writing(library) as session:
        claim_service.add_wording(
            session, actor=people["Ada"], claim_id=invented_claims.ONSET, text="Ketamine helps within a day.",
            kind=WordingKind.WORDING, verdict=Verdict.NEEDS_QUALIFICATION,
        )  # fmt: skip
    said = words(open_claims("Dov", claim=invented_claims.ONSET))
    places = [
        said.index(part)
        for part in (
            "May be said as it stands",
            "Some people feel better a day",
            "Not without a qualifier",
            "Ketamine helps within a day.",
        )
    ]
    assert places == sorted(places)
    invented_claims.judge(library, people["Ben"], Verdict.OVERSTATED, "Ben read the trial.")
    assert "(people judged the claim itself as less than supported)" in words(
        open_claims("Dov", claim=invented_claims.ONSET)
    )


def test_a_study_that_ships_and_that_somebody_quotes_counts_once(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    with writing(library) as session:
        invented_claims.link(session, actor=people["Cleo"], stance=Stance.SUPPORTS)
    assert "2 supports, 1 qualifies, 1 contradicts" in words(open_claims("Ben"))
    assert "Evidence for it · 2 in 3 pieces" in words(open_claims("Ben", claim=invented_claims.ONSET))


def test_a_wording_is_added_and_a_claim_written(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    desk = open_claims("Dov", claim=invented_claims.ONSET)
    desk.text_input(key=f"wording_{invented_claims.ONSET}_text").input("A day later many feel better.")
    button(desk, "Add wording")
    assert "A day later many feel better." in words(desk)
    desk = open_claims("Dov")
    desk.text_area(key="new_claim_statement").input("Ketamine is given by people in invented clinics.")
    button(desk, "Write claim")
    assert desk.query_params["claim"] == "ketamine-is-given-by-people-in"
    assert "no verdict yet" in words(desk)


def test_only_who_linked_a_quote_or_a_lead_finds_the_way_to_withdraw_it(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    with writing(library) as session:
        invented_claims.link(session, actor=people["Cleo"], stance=Stance.SUPPORTS)
    assert "Withdraw" not in [item.label for item in open_claims("Ben", claim=invented_claims.ONSET).button]
    desk = open_claims("Cleo", claim=invented_claims.ONSET)
    assert "linked by Cleo" in words(desk)
    button(desk, "Withdraw")
    assert "linked by Cleo" not in words(desk)


def test_who_only_reads_finds_no_controls(people: dict[str, Actor], open_claims: OpenClaims) -> None:
    assert [item.label for item in open_claims("Rae").button] == []
    desk = open_claims("Rae", claim=invented_claims.ONSET)
    assert [item.label for item in desk.button] == []
    assert not desk.text_area


def test_words_of_a_claim_are_text(people: dict[str, Actor], open_claims: OpenClaims, library: Engine) -> None:
    statement = "<script>alert('claim')</script> **Ketamine** [is](http://invented.example) a medicine."
    with writing(library) as session:
        made = claim_service.create_claim(
            session, actor=people["Ada"], topic_id=invented_claims.TOPIC, statement=statement, topics=[]
        )
    assert "<script>" not in words(open_claims("Ben", claim=made.id))
    assert "<script>" not in words(open_claims("Ben"))
    assert any("&lt;script&gt;alert(&#x27;claim&#x27;)" in item for item in links(open_claims("Ben")))


def test_a_claim_leads_to_the_copy_that_uses_it_for_who_may_open_it(
    people: dict[str, Actor], open_claims: OpenClaims, library: Engine
) -> None:
    document = invented_claims.keep_copy(library, people["Dov"])
    address = f'href="/check_copy?document={document}&sentence=1"'
    assert address in words(open_claims("Dov", claim=invented_claims.ONSET))
    said = words(open_claims("Rae", claim=invented_claims.ONSET))
    assert "One infusion, one day" in said
    assert address not in said
    assert "used in 2 sentences" in words(open_claims("Rae"))
