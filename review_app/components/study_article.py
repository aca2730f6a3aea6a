"""The article of a study's page, with the words lit that suggestions and quotes stand on, and its record."""

from collections.abc import Iterable, Iterator
from html import escape

import streamlit as st

from db.types import AnchorState
from db.vocabulary import vocabulary
from review_app.components.abstract import AbstractPart, Place, places
from review_app.components.article_card import ArticleView, article_card
from review_app.components.evidence_rows import authors_in_short
from review_app.components.library_words import library_words
from review_app.components.marked_text import Highlight
from review_app.components.tag_words import field_label
from review_app.services.study_page import StudyPage


def study_article(study: StudyPage, *, show_suggestions: bool) -> Place | None:
    """Draw the article; returns the sentence that was chosen. Quotes light up always, suggestions when asked."""
    article = study.article
    marks = [*_quoted(study), *(_suggested(study) if show_suggestions else ())]
    parts = tuple(
        AbstractPart(part.get("label"), part["text"], _inside(marks, number, part["text"]))
        for number, part in enumerate(article.sections)
    )
    chosen = article_card(
        ArticleView(
            title=article.title or "Untitled record",
            journal=article.iso_abbreviation or article.journal,
            year=article.year,
            study_type=authors_in_short(list(article.authors)),
            pmid=article.pmid,
            doi=article.doi,
            integrity=article.integrity.value,
            abstract=parts,
        ),
        key=f"article_{article.id}",
    )
    return None if chosen is None else places(parts)[chosen]


def study_facts(study: StudyPage) -> None:
    """Publication types, MeSH headings, keywords, registry ids and where else the article stands."""
    article, record = study.article, study.record
    facts = {
        "Published": _published(study),
        "Publication types": _listed(row.name for row in record.publication_types.get(article.id, ())),
        "MeSH headings": _listed(
            row.name + ("*" if row.major else "") + "".join(f" / {q['name']}" for q in row.qualifiers)
            for row in record.mesh.get(article.id, ())
        ),
        "Keywords": _listed(article.keywords),
        "Registered as": _listed(f"{row.databank} {row.accession}" for row in record.registry_ids.get(article.id, ())),
        "Cite as": escape(study.citation),
        "Full text": _full_text(article.pmcid),
        "Authors": _listed(
            " ".join(filter(None, (author.get("fore"), author.get("last")))) or str(author.get("collective") or "")
            for author in article.authors
        ),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{words}</dd>" for name, words in facts.items() if words)
    st.html(f'<dl class="fn-facts">{rows}</dl>')


def _published(study: StudyPage) -> str:
    article = study.article
    volume = (article.volume or "") + (f"({article.issue})" if article.issue else "")
    place = ":".join(part for part in (volume, article.pages or "") if part)
    day = "-".join(f"{part:02}" for part in (article.year, article.month, article.day) if part)
    return escape(" · ".join(part for part in (article.journal or "", article.medline_date or day, place) if part))


def _full_text(pmcid: str | None) -> str:
    if not pmcid:
        return ""
    address = escape(f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/")
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{escape(pmcid)} ↗</a>'


def _listed(words: Iterable[str]) -> str:
    return escape("; ".join(word for word in words if word))


def _suggested(study: StudyPage) -> Iterator[tuple[int, Highlight]]:
    library = library_words()
    for key, basis in study.suggestion.basis.items():
        field, _, value = key.partition(":")
        note = f"suggests {field_label(library, field, value)}"
        for words in basis:
            if words.section is not None and words.start is not None and words.end is not None:
                yield words.section, Highlight(words.start, words.end, "suggestion", note)


def _quoted(study: StudyPage) -> Iterator[tuple[int, Highlight]]:
    stances = {row.quote_id: (row.stance.value, statement) for row, statement in study.evidence}
    for quote_id, (_, anchor) in study.quotes.items():
        if anchor.state is AnchorState.ORPHANED or anchor.section is None or anchor.start is None or anchor.end is None:
            continue
        stance, statement = stances.get(quote_id, ("", ""))
        note = f"{vocabulary().label('stance', stance)}: {statement}" if statement else "quote of a finding"
        yield anchor.section, Highlight(anchor.start, anchor.end, "quote", note)


def _inside(marks: list[tuple[int, Highlight]], number: int, text: str) -> tuple[Highlight, ...]:
    return tuple(mark for section, mark in marks if section == number and 0 <= mark.start < mark.end <= len(text))
