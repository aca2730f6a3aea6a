"""A reference file imported into a library, and imported again."""

from pathlib import Path

from sqlalchemy import Engine

from harvester.file_import import ImportReport, import_file
from harvester.topic import TopicFile

TOPIC = TopicFile("invented", "Invented", "ketamine")


def import_twice(engine: Engine, path: Path) -> tuple[ImportReport, ImportReport]:
    return import_file(engine, path, TOPIC), import_file(engine, path, TOPIC)
