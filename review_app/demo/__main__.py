"""`python -m review_app.demo`: the app on the demonstration library, in a file of its own."""

import os
import shutil
import sys
from pathlib import Path

from db import config
from db.config import SettingsError
from db.demonstration import is_demonstration
from db.engine import DatabaseUnavailable, reading, writing
from db.queries import accounts as account_queries
from review_app.demo.seed import LEAD, first_lead, seed
from review_app.services import accounts
from review_app.services.errors import Conflict, ServiceError
from review_app.services.library import open_library
from review_app.web_forms import public_address

LIBRARY = config.DATA / "demonstration.db"


def make(library: Path, *, topic_id: str) -> None:
    """Fill a new library and give it its name when it is whole. Raises ServiceError or DatabaseUnavailable."""
    folder = library.with_suffix(".beginning")
    shutil.rmtree(folder, ignore_errors=True)  # what is left of one that was stopped
    folder.mkdir(parents=True)
    engine = open_library(f"sqlite:///{folder / library.name}", topic_id=topic_id)
    try:
        seed(engine, topic_id=topic_id, lead=first_lead(engine))
    finally:
        engine.dispose()
    (folder / library.name).replace(library)
    shutil.rmtree(folder)


def sign_in_link(library: Path, *, topic_id: str) -> str:
    """A fresh one-time link with which whoever looks at the library signs in as its lead."""
    engine = open_library(f"sqlite:///{library}", topic_id=topic_id)
    try:
        with reading(engine) as session:
            lead = account_queries.member_by_name(session, name=LEAD)
            if lead is None or not is_demonstration(session):
                raise Conflict(f"{library} is no demonstration library. Move it away and start again.")
        with writing(engine) as session:
            token = accounts.reset_link(session, actor=account_queries.actor_of(lead), name=LEAD)
    finally:
        engine.dispose()
    return f"{public_address()}/join/{token}"


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Becomes the app. Ends with code 1 and a line that says what to do when the library cannot be made."""
    try:
        topic_id = config.load_settings().footnote_topic
        if not LIBRARY.exists():
            _say("Making the demonstration library; this takes some seconds.")
            make(LIBRARY, topic_id=topic_id)
        link = sign_in_link(LIBRARY, topic_id=topic_id)
    except (SettingsError, DatabaseUnavailable, ServiceError) as error:
        sys.exit(f"footnote: {error}")
    _say(f"\n  The demonstration library. Everything in it is invented. Sign in as {LEAD}:\n\n  {link}\n")
    environment = config.child_environment(DATABASE_URL=f"sqlite:///{LIBRARY}")
    os.execve(sys.executable, [sys.executable, "-m", "review_app"], environment)  # noqa: S606


if __name__ == "__main__":
    main()
