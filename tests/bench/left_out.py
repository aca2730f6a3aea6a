"""How much of the fact-check's score was learnt from the very documents it is scored on.

Each labelled document is checked twice: as it is, and with everything withheld that speaks for this document alone: the
wordings of the claims library that resemble one of its sentences more than any sentence of another document, and the
rules that fire on no other document. Needs the labelled articles beside the checkout; DATABASE_URL names the library.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from unittest import mock

from rapidfuzz import fuzz, utils

from db import config
from db.engine import reading
from db.types import Actor, Role
from review_app.factcheck import answer, engine, topic_data
from review_app.factcheck.model import Check, Claim, SourceText, Wording
from review_app.factcheck.topic_data import TopicData
from review_app.services import checking
from review_app.services.checking import OpenLibrary
from review_app.services.library import open_library

SHARED = Path(__file__).resolve().parent.parent.parent.parent / "shared"
VIEWER = Actor(None, "bench", Role.READ_ONLY)
# Below this a wording and a sentence only share their subject (token sort ratio, 0 to 100).
DERIVED = 72
SHOWN = ("checkable_f1", "topic_first", "verdict_acc", "attention_f1", "flag_recall")


def main() -> None:
    """Prints the table and the rules that fire on one document only."""
    articles = SHARED / "data" / "articles"
    if not articles.is_dir():
        print("## Fact-check, one document left out\n\nskipped: the labelled articles are not beside the checkout")
        return
    files = sorted(articles.glob("gold_*.jsonl"))
    texts = {each.stem.removeprefix("gold_"): _document(articles, each) for each in files}
    topic = config.settings().footnote_topic
    library = open_library(config.settings().database_url, topic_id=topic)
    with reading(library) as session:
        opened = checking.library(session, viewer=VIEWER, topic_id=topic)
        plain = {name: _check(opened, name, text, topic_data.load(topic)) for name, text in texts.items()}
        alone = _alone(plain)
        homes = _homes(opened.library.claims, plain)
        left_out = {name: _without(opened, name, text, alone, homes) for name, text in texts.items()}
    library.dispose()
    _print_table(articles, {"plain": plain, "left out": left_out})
    _print_alone(alone)


def _document(articles: Path, gold: Path) -> SourceText:
    path = articles / f"{gold.stem.removeprefix('gold_')}.txt"
    return checking.document_from(path.read_bytes(), name=path.name)


def _check(opened: OpenLibrary, name: str, text: SourceText, data: TopicData) -> Check:
    with mock.patch.object(engine, "load", return_value=data):
        return checking.check_document(opened, text, source=name, profile="clinic")


def _fired(check: Check) -> set[str]:
    flags = {flag.rule for sentence in check.sentences for flag in sentence.flags}
    return flags | {rule for sentence in check.sentences for rule in sentence.rules}


def _alone(plain: Mapping[str, Check]) -> dict[str, str]:
    """The rules that fire on one document only, with its name."""
    where: dict[str, list[str]] = {}
    for name, check in plain.items():
        for rule in _fired(check):
            where.setdefault(rule, []).append(name)
    return {rule: names[0] for rule, names in where.items() if len(names) == 1}


def _homes(claims: Iterable[Claim], plain: Mapping[str, Check]) -> dict[str, str]:
    """For each wording that resembles a sentence of a document, the document with the likest one."""
    sentences = [(name, each.sentence.text) for name, check in plain.items() for each in check.sentences]
    homes = {}
    for claim in claims:
        for wording in (*claim.wordings, *claim.overstatements):
            scored = ((fuzz.token_sort_ratio(wording.text, text, processor=utils.default_process), name)
                      for name, text in sentences)  # fmt: skip
            likeness, name = max(scored)
            if likeness >= DERIVED:
                homes[wording.text] = name
    return homes


def _without(
    opened: OpenLibrary, name: str, text: SourceText, alone: Mapping[str, str], homes: Mapping[str, str]
) -> Check:
    def kept(wordings: tuple[Wording, ...]) -> tuple[Wording, ...]:
        return tuple(each for each in wordings if homes.get(each.text) != name)

    claims = tuple(
        replace(claim, wordings=kept(claim.wordings), overstatements=kept(claim.overstatements))
        for claim in opened.library.claims
    )
    data = topic_data.load(opened.topic_id)
    gone = {rule for rule, where in alone.items() if where == name}
    data = replace(
        data,
        flag_rules=tuple(rule for rule in data.flag_rules if rule.id not in gone),
        claim_rules=tuple(rule for rule in data.claim_rules if rule.id not in gone),
        topic_rules=tuple(rule for rule in data.topic_rules if rule.id not in gone),
    )
    return _check(replace(opened, library=replace(opened.library, claims=claims)), name, text, data)


def _print_table(articles: Path, answers: Mapping[str, Mapping[str, Check]]) -> None:
    scores = {how: _scores(articles, checks) for how, checks in answers.items()}
    print("## Fact-check, one document left out\n")
    print("| | " + " | ".join(SHOWN) + " |\n|---|" + "---:|" * len(SHOWN))
    for how, found in scores.items():
        print(f"| {how} | " + " | ".join(f"{found[key]:.3f}" for key in SHOWN) + " |")


def _scores(articles: Path, checks: Mapping[str, Check]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        for name, check in checks.items():
            (Path(folder) / f"{name}.txt.json").write_text(json.dumps(answer.to_json(check)), encoding="utf-8")
        script = articles.parent.parent / "tools" / "score_articles.py"
        given = f"sh -c 'cat {folder}/$(basename {{file}}).json'"
        command = [sys.executable, str(script), str(articles), "--json", "--command", given]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(run.stdout)
    return found


def _print_alone(alone: Mapping[str, str]) -> None:
    print(f"\nRules that fire on one document only ({len(alone)}), with the document:\n")
    print(", ".join(f"`{rule}` ({name})" for rule, name in sorted(alone.items())))


if __name__ == "__main__":
    main()
