"""Twelve nights: what happens at PubMed on one day is on the desks of those it concerns the next morning."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import twelve_nights
from twelve_nights import AGAINST, CALM, FAST, HOME, QUOTES, REVIEW, SIZE, STATEMENTS, UPDATE, WARNING, Library, Morning

from db import config
from db.engine import open_engine
from harvester import cli, pace

FIRST_NIGHT = datetime(2030, 1, 1, 3, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def mornings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Morning]]:
    """The first night brings the library, the others what changed; by day."""
    folder = tmp_path_factory.mktemp("nights")
    url, file = f"sqlite:///{folder / 'library.db'}", folder / "digest.md"
    found = {}
    with pytest.MonkeyPatch.context() as patch, twelve_nights.pubmed(folder) as pubmed:
        for name, value in {**pubmed.settings(), "DATABASE_URL": url}.items():
            patch.setenv(name, value)
        patch.setattr(pace, "SECONDS_BETWEEN", 0.0)
        library = None
        for day in range(12):
            config.settings.cache_clear()
            patch.setattr(config, "now", lambda day=day: FIRST_NIGHT + timedelta(days=day))
            pubmed.move_to(day)
            after = library.newest_alert() if library else 0
            code = cli.main(["refresh", "--digest", str(file)])
            library = library or Library(open_engine(url))
            found[day] = library.morning(code, file.read_text(encoding="utf-8"), after)
        yield found
        library.engine.dispose()


def desks(morning: Morning) -> set[tuple[str, str]]:
    """Whom something was told, and of what kind."""
    return {(name, kind) for name, kind, _ in morning.told}


def test_the_first_night_brings_the_library_and_tells_nobody(mornings: dict[int, Morning]) -> None:
    assert mornings[0].told == ()
    assert {*mornings[0].claims.values(), *mornings[0].page.values()} == {"current"}
    assert len(mornings[0].page) == len(STATEMENTS) + 1


def test_every_night_was_complete(mornings: dict[int, Morning]) -> None:
    assert {morning.code for morning in mornings.values()} == {0}


def test_a_retracted_trial_is_on_the_desks_of_the_owners_of_claim_and_page(mornings: dict[int, Morning]) -> None:
    morning = mornings[1]
    assert desks(morning) == {("Ada", "retracted"), ("Dov", "retracted")}
    assert stand(morning) == {FAST: "stale"}
    assert "(PMID 90000101) was retracted" in morning.digest
    assert "- **Dov**: 1 of 1 document" in morning.digest
    assert f"  - Our page: “{STATEMENTS[FAST]}”" in morning.digest


def test_a_correction_that_changes_a_quoted_number_shows_both_numbers(mornings: dict[int, Morning]) -> None:
    morning = mornings[2]
    assert desks(morning) == {("Ada", "corrected"), ("Dov", "corrected")}
    assert stand(morning) == {FAST: "stale", SIZE: "orphaned"}
    assert "fell by ~~7.4~~ points" in morning.digest
    assert "fell by **4.7** points" in morning.digest
    assert f"the quote “{QUOTES[SIZE]}” stands there no longer" in morning.digest


def test_a_silent_rewording_of_quoted_words_orphans_the_quote(mornings: dict[int, Morning]) -> None:
    morning = mornings[3]
    assert desks(morning) == {("Ada", "quote_orphaned"), ("Dov", "quote_orphaned")}
    assert stand(morning)[CALM] == "orphaned"
    assert "ketamine was ~~well~~ tolerated" in morning.digest


def test_a_review_that_was_updated_names_its_next_version(mornings: dict[int, Morning]) -> None:
    morning = mornings[4]
    assert desks(morning) == {("Ada", "updated"), ("Dov", "updated")}
    assert stand(morning)[REVIEW] == "stale"
    assert f"has a newer version, PMID {UPDATE}" in morning.digest


def test_a_label_that_gains_a_warning_re_opens_the_claims_that_rest_on_it(mornings: dict[int, Morning]) -> None:
    morning = mornings[5]
    assert desks(morning) == {("the leads", "label_revised"), ("Dov", "label_revised")}
    assert "Version 19 of the SPRAVATO label" in morning.digest
    assert f"> Now: {WARNING}" in morning.digest
    changed = {text for text, standing in morning.page.items() if standing != mornings[4].page[text]}
    assert len(changed) == 1
    assert changed.isdisjoint(STATEMENTS.values())


def test_a_record_that_is_missing_for_one_night_tells_nobody(mornings: dict[int, Morning]) -> None:
    assert mornings[6].told == mornings[7].told == ()
    assert stand(mornings[7]).get(HOME, "current") == "current"


def test_a_record_that_is_missing_for_two_nights_is_gone_and_its_words_are_kept(mornings: dict[int, Morning]) -> None:
    assert mornings[8].told == ()
    assert desks(mornings[9]) == {("Ada", "gone"), ("Dov", "gone")}
    assert stand(mornings[9])[HOME] == "stale"
    assert f"the quote “{QUOTES[HOME]}” still stands there" in mornings[9].digest


def test_a_new_trial_that_found_the_opposite_is_shown_to_the_owner_of_the_claim(mornings: dict[int, Morning]) -> None:
    assert ("Ada", "contradicting_study") in desks(mornings[10])
    assert f"(PMID {AGAINST}) is new and may speak against a claim" in mornings[10].digest


def test_a_retraction_that_was_taken_back_is_told_too(mornings: dict[int, Morning]) -> None:
    assert {("Ada", "reinstated"), ("Dov", "reinstated")} <= desks(mornings[11])
    assert "is not marked as retracted any more" in mornings[11].digest
    assert stand(mornings[11])[FAST] == "stale", "until somebody has answered"


def stand(morning: Morning) -> dict[int, str]:
    """Which claims do not stand as they did, by the study they rest on; the sentence of each stands alike."""
    found = {pmid: standing for pmid, standing in morning.claims.items() if standing != "current"}
    assert {pmid: morning.page[STATEMENTS[pmid]] for pmid in found} == found
    return {**found}
