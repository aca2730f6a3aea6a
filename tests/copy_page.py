"""The pages about copy and claims as a test drives them, and what the library keeps of a document."""

from pathlib import Path

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db.engine import reading
from db.types import Actor
from review_app import database
from review_app.services.document_view import DocumentView, document_view

PAGES = Path(database.__file__).parent / "pages"


def words(desk: AppTest) -> str:
    bodies = [str(element.proto.body) for element in desk.get("html")]
    return " ".join(body for body in bodies if "<style>" not in body)


def button(desk: AppTest, label: str) -> AppTest:
    return next(item for item in desk.button if item.label == label).click().run()


def labels(desk: AppTest) -> list[str]:
    return [item.label for item in desk.button]


def view(library: Engine, viewer: Actor, document: str) -> DocumentView:
    with reading(library) as session:
        found = document_view(session, viewer=viewer, document_id=int(document))
    assert found is not None
    return found
