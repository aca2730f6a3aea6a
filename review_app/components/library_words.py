"""The vocabulary as this library's lead has it, for components that name terms."""

from db.engine import reading
from db.vocabulary import Vocabulary
from review_app.database import engine
from review_app.services import tag_forms


def library_words() -> Vocabulary:
    with reading(engine()) as session:
        return tag_forms.library_words(session)
