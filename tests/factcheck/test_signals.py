import pytest

from review_app.factcheck import topic_data
from review_app.factcheck.folding import fold
from review_app.factcheck.signals import condition, read
from review_app.factcheck.topic_data import BadTopicData, build

EMPTY: dict[str, object] = {}


def test_a_condition_needs_all_terms_any_alternative_and_no_forbidden_name() -> None:
    signals = read(fold("x"), ()).adding(["drug.ketamine", "hedge.may"])
    assert condition(["drug.ketamine", "a|hedge.may"]).holds(signals)
    assert condition(["drug.*", "!route.*"]).holds(signals)
    assert not condition(["drug.ketamine", "!hedge.may"]).holds(signals)
    assert not condition(["drug.k.*"]).holds(signals)


def test_every_rule_and_signal_of_the_shipped_topic_names_its_source() -> None:
    data = topic_data.load("ketamine-depression")
    assert all(signal.source for signal in data.signals)
    assert all(rule.source and rule.message for rule in data.flag_rules)
    assert all(rule.source and rule.message for rule in (*data.claim_rules, *data.topic_rules))
    assert all(rule.source and rule.message for rule in (*data.match_rules, *data.basis_rules))
    assert len(data.topics) == 23


def test_rule_ids_are_unique() -> None:
    data = topic_data.load("ketamine-depression")
    for entries in (
        data.signals,
        data.flag_rules,
        (*data.claim_rules, *data.topic_rules),
        data.match_rules,
        data.checkworthiness,
    ):
        ids = [entry.id for entry in entries]
        assert len(ids) == len(set(ids))


def test_every_name_in_a_condition_is_one_that_can_hold() -> None:
    data = topic_data.load("ketamine-depression")
    known = {signal.id for signal in data.signals}
    computed = (
        "kind.", "topic.", "first.", "flag.", "neighbour.", "lead.", "wording.", "match.", "certainty.", "qualifier.",
        "evidence.", "document.", "topics.", "resembles.", "act.claim", "racemic", "unnamed", "short", "rule.",
        "figures.", "times.", "claim.topic.", "stated.", "molecule.other", "route.other", "subject.other",
        "subject.added", "subject.unworded", "denial.other", "denial.turned", "denial.whole", "products.fewer",
        "telling.unsaid", "verdict.",
    )  # fmt: skip
    conditions = [rule.when for rule in data.flag_rules]
    conditions += [rule.when for rule in (*data.claim_rules, *data.topic_rules, *data.match_rules, *data.basis_rules)]
    conditions += [weight.when for weight in data.checkworthiness]
    unknown = {
        name
        for one in conditions
        for name in one.names()
        if name not in known
        and not name.startswith(computed)
        and not (name.endswith(".*") and any(signal.startswith(name[:-1]) for signal in known))
    }
    assert unknown == set()


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"a.toml": {"signal": [{"id": "x", "patterns": ["("], "source": "s"}]}}, "bad pattern"),
        ({"a.toml": {"signal": [{"id": "x", "patterns": [], "source": "s"}]}}, "needs patterns"),
        ({"a.toml": {"signal": [{"id": "x", "patterns": ["y"]}]}}, "needs source"),
        ({"a.toml": {"rule": [{"id": "x", "flag": "f", "source": "s"}]}}, "needs message"),
    ],
)
def test_a_malformed_entry_is_named_with_its_file(tables: dict[str, dict[str, object]], says: str) -> None:
    with pytest.raises(BadTopicData, match=says) as refusal:
        build("t", tables, checkworthiness=EMPTY, verdict_rules=EMPTY, balance=EMPTY, english=EMPTY)
    assert "a.toml" in str(refusal.value)
    assert "'x'" in str(refusal.value)


def test_an_unknown_verdict_in_a_rule_is_refused() -> None:
    rules = {"topic_rule": [{"id": "x", "when": [], "verdict": "fine", "message": "m", "source": "s"}]}
    with pytest.raises(BadTopicData, match="unknown verdict 'fine'"):
        build("t", {}, checkworthiness=EMPTY, verdict_rules=rules, balance=EMPTY, english=EMPTY)


@pytest.mark.parametrize("topic", ["no-such-topic", "../language", "A B"])
def test_an_unknown_topic_is_refused(topic: str) -> None:
    with pytest.raises(BadTopicData, match="topic"):
        topic_data.load(topic)
