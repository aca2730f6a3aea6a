"""A record as plain data for the browser, which draws it from text nodes: no markup, and nothing of anybody's vote."""

from typing import Any

from review_app.components.article_card import article_links
from review_app.components.badges import integrity_words, is_struck
from review_app.components.screening_record import lit_runs, record_view
from review_app.screening.highlights import Terms
from review_app.services.screening_view import OnDesk


def record_data(on_desk: OnDesk, terms: Terms) -> dict[str, Any]:
    """What is read of the record: its title, one line about it, and the sections of its abstract."""
    view = record_view(on_desk.article, on_desk.types)
    integrity = None if view.integrity == "none_known" else integrity_words(view.integrity)
    return {
        "title": lit_runs(view.title, terms),
        "struck": is_struck(view.integrity),
        "journal": view.journal or "",
        "about": [str(each) for each in (view.year, view.study_type) if each],
        "links": list(article_links(view)),
        "integrity": integrity,
        "sections": [(part.get("label") or "", lit_runs(part["text"], terms)) for part in on_desk.article.sections],
    }
