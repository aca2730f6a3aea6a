import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review_app.tagging.model import Basis, StudyText
from review_app.tagging.suggest import TAGGER_VERSION, suggest

TRIAL = StudyText(
    "Intravenous ketamine for treatment-resistant depression: a randomized clinical trial",
    (
        ("METHODS", "Adults (N = 84) were randomly assigned to one ketamine infusion or midazolam."),
        ("RESULTS", "MADRS scores fell more with ketamine than with midazolam (p = .01). Dissociation increased."),
    ),
)

PHRASES = [
    *("Ketamine infusion", "esketamine nasal spray", "in Montgomery–Åsberg scores", "(N = 12)", "twelve patients"),
    *("vs. placebo", "were randomly assigned", "treatment-resistant depression", "Methods:", "Results:", "improved"),
    *("did not differ", "3.1%", "e.g.", "a 40-year-old woman", "healthy controls (n = 9)", "mice", ".", "\n"),
    *("İ", "ß", "ﬁ", "\u2028", "。", "🙂", "½"),
]

texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PHRASES), max_size=25).map(" ".join))
studies = st.builds(
    StudyText,
    title=texts,
    sections=st.lists(st.tuples(st.none() | texts, texts), max_size=4).map(tuple),
    publication_types=st.lists(st.sampled_from(["Review", "Clinical Trial", "Letter"]) | texts, max_size=2).map(tuple),
    mesh=st.lists(texts, max_size=2).map(tuple),
    keywords=st.lists(texts, max_size=2).map(tuple),
)


def words_at(study: StudyText, basis: Basis) -> str:
    if basis.source == "title":
        return study.title[basis.start : basis.end]
    assert basis.section is not None
    return study.sections[basis.section][1][basis.start : basis.end]


@settings(deadline=None, max_examples=150)
@given(studies)
def test_any_text_is_tagged_and_every_basis_points_at_its_words(study: StudyText) -> None:
    for basis in suggest(study).basis.values():
        for one in basis:
            if one.source in ("title", "abstract"):
                assert words_at(study, one) == one.words != ""
            else:
                assert one.words in (*study.publication_types, *study.mesh, *study.keywords)


@settings(deadline=None, max_examples=30)
@given(studies)
def test_the_same_text_gets_the_same_tags(study: StudyText) -> None:
    assert suggest(study) == suggest(study)


def test_a_trial_gets_every_field_with_the_words_it_came_from() -> None:
    tags = suggest(TRIAL)
    assert (tags.study_design, tags.study_design_basis, tags.sample_size) == ("rct", "text", 84)
    assert (tags.population, tags.comparators) == (("trd",), ("active_placebo",))
    assert [(i.molecule, i.route) for i in tags.interventions] == [("ketamine", "iv")]
    assert {(o.domain, o.instrument, o.direction) for o in tags.outcomes} == {
        ("depression_severity", "MADRS", "favours_intervention"),
        ("dissociation", None, "harm"),
    }
    assert tags.basis["sample_size"][0].words == "N = 84"
    assert tags.basis["comparators:active_placebo"][0].words == "midazolam"


def test_a_single_case_rests_on_the_words_that_make_it_a_case() -> None:
    tags = suggest(StudyText("Mania after ketamine: a case report"))
    assert tags.sample_size == 1
    assert tags.basis["sample_size"][0].words == "case report"


def test_an_empty_record_suggests_nothing() -> None:
    tags = suggest(StudyText(""))
    assert (tags.study_design, tags.study_design_basis, tags.sample_size) == (None, None, None)
    assert (tags.population, tags.interventions, tags.comparators, tags.outcomes) == (
        ("not_stated",),
        (),
        ("not_stated",),
        (),
    )
    assert tags.basis == {}


def test_the_version_says_which_rules_a_stored_suggestion_came_from() -> None:
    assert TAGGER_VERSION >= 1


DATA = sorted(f.name for f in (files("review_app.tagging") / "data").iterdir() if f.name.endswith(".toml"))


@pytest.mark.parametrize("name", DATA)
def test_every_entry_of_the_data_says_where_it_comes_from(name: str) -> None:
    tables = tomllib.loads((files("review_app.tagging") / "data" / name).read_text(encoding="utf-8"))
    entries = [
        entry for table in tables.values() if isinstance(table, list) for entry in table if isinstance(entry, dict)
    ]
    assert all(str(entry.get("source", "")).strip() for entry in entries)
    assert entries or tables.get("source") or any(isinstance(t, dict) and "source" in t for t in tables.values())
