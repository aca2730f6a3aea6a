"""A topic: the search as data, from `topics/<topic>.toml`. A second topic is a second file and no code."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from harvester.errors import Fatal

TOPICS = Path(__file__).parent / "topics"


@dataclass(frozen=True, slots=True)
class TopicFile:
    """`may_be_unknown` are terms that PubMed may leave out of its translation without changing the set."""

    id: str
    name: str
    query: str
    may_be_unknown: frozenset[str] = frozenset()


def topic_names() -> list[str]:
    return sorted(path.stem for path in TOPICS.glob("*.toml"))


def load_topic(topic_id: str, folder: Path = TOPICS) -> TopicFile:
    """The topic of that name. Raises `Fatal` for one that is not there or cannot be read."""
    try:
        data = tomllib.loads((folder / f"{topic_id}.toml").read_text("utf-8"))
        concepts = [[str(term["term"]) for term in concept["term"]] for concept in data["concept"]]
        unknown = {t["term"] for concept in data["concept"] for t in concept["term"] if t.get("may_be_unknown")}
        name = str(data["name"])
    except FileNotFoundError:
        raise Fatal(f"there is no topic {topic_id}; there is {', '.join(topic_names())}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise Fatal(f"the file of topic {topic_id} cannot be read: {error}") from error
    if not concepts or not all(concepts):
        raise Fatal(f"the file of topic {topic_id} has a concept without terms")
    query = " AND ".join(f"({' OR '.join(terms)})" for terms in concepts)
    return TopicFile(topic_id, name, query, frozenset(unknown))
