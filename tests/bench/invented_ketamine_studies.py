"""Invented records that a search for ketamine in depression returns: abstracts of whole sentences in the field's words.

About 230 words each, as real ones have, so that ranking them costs what ranking real ones does. The same bytes each
time; nobody and nothing in them exists.
"""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.invented_pubmed_file import Record, write_records

_WORDS: dict[str, tuple[str, ...]] = {
    "drug": (
        "ketamine", "esketamine", "intravenous ketamine", "intranasal esketamine", "racemic ketamine", "(S)-ketamine",
        "subanesthetic ketamine", "oral ketamine", "subcutaneous ketamine", "ketamine hydrochloride", "arketamine",
    ),
    "against": (
        "placebo", "midazolam", "saline", "electroconvulsive therapy", "quetiapine", "treatment as usual",
        "a waiting list",
        "an oral antidepressant", "repetitive transcranial magnetic stimulation", "active placebo",
    ),
    "who": (
        "treatment-resistant depression", "major depressive disorder", "bipolar depression", "suicidal ideation",
        "postpartum depression", "late-life depression", "adolescents with depression", "depression and chronic pain",
        "post-traumatic stress disorder", "alcohol use disorder", "veterans with depression", "anxious depression",
    ),
    "scale": (
        "MADRS", "HDRS-17", "QIDS-SR", "BDI-II", "C-SSRS", "PHQ-9", "CGI-S", "CADSS", "BPRS",
        "Young Mania Rating Scale",
    ),
    "time": (
        "24 hours", "40 minutes", "three days", "one week", "two weeks", "28 days", "six weeks", "three months",
        "a year",
        "day 2", "the end of treatment", "follow-up",
    ),
    "harm": (
        "dissociation", "transient hypertension", "nausea", "dizziness", "sedation", "headache", "cystitis", "anxiety",
        "blurred vision", "cognitive impairment", "misuse", "abuse liability", "liver enzyme elevation", "vomiting",
    ),
    "effect": (
        "response", "remission", "relapse", "depressive symptoms", "suicidal thoughts", "anhedonia", "sleep",
        "cognition",
        "quality of life", "functioning", "anxiety symptoms", "time to relapse", "acceptability", "hospital admission",
    ),
    "mechanism": (
        "NMDA receptor antagonism", "BDNF release", "mTOR signalling", "synaptogenesis",
        "glutamate in the prefrontal cortex",
        "default mode connectivity", "AMPA receptor throughput", "inflammatory cytokines", "lateral habenula bursting",
        "gamma power", "opioid receptor blockade", "neuroplasticity", "hippocampal volume", "kynurenine metabolites",
    ),
    "design": (
        "randomized double-blind trial", "open-label study", "systematic review and meta-analysis", "case series",
        "retrospective chart review", "crossover trial", "cohort study", "pilot study", "secondary analysis", "survey",
    ),
    "more": ("greater", "faster", "sustained", "similar", "smaller", "more frequent", "reduced", "improved", "worse"),
    "sure": ("may", "did not", "significantly", "rapidly", "appeared to", "consistently", "seldom", "clearly"),
    "setting": (
        "clinic", "emergency department", "infusion centre", "hospital", "home", "primary care", "telehealth service",
    ),
}  # fmt: skip
_OPENING = (
    "{drug} has been studied in people with {who}, but its effect on {effect} beyond {time} is not known.",
    "Many patients with {who} do not respond to two or more antidepressants and need rapid relief of {effect}.",
    "We aimed to compare {drug} with {against} in {who} treated at a {setting}.",
    "How {mechanism} mediates the antidepressant effect of {drug} remains under debate.",
    "The safety of repeated doses of {drug}, with {harm} and {harm} in particular, deserves attention.",
)
_MIDDLE = (
    "In this {design}, {n} adults with {who} were assigned to {drug} (0.{d} mg/kg over {n} minutes) or {against}.",
    "The primary outcome was the change in {scale} score from baseline to {time}; others were {effect} and {harm}.",
    "Patients received {n} doses of {drug} twice weekly over {time}, with monitoring of blood pressure for two hours.",
    "Adverse events including {harm}, {harm} and {harm} were recorded at each visit to the {setting}.",
    "Data of {n} participants were drawn from a {design}, and mixed models were fitted to {scale} ratings.",
    "Blood samples and imaging were obtained at baseline and {time} as measures of {mechanism}.",
)
_RESULT = (
    "{drug} was associated with {more} {effect} than {against} at {time} (-{n}.{d} points on the {scale}, p = 0.0{d}).",
    "Rates of {effect} were {n}% with {drug} and {n}% with {against} (odds ratio {d}.{n}, 95% CI 0.{d} to 3.{n}).",
    "{harm} occurred in {n}% of patients given {drug} and resolved within {time}.",
    "{drug} {sure} reduced {effect} in {who}, and scores on the {scale} fell by {n} points at {time}.",
    "There was no significant difference between {drug} and {against} in {effect} at {time}.",
    "Changes in {mechanism} correlated with {more} {effect} in responders, not in those given {against}.",
    "The most common adverse events were {harm}, {harm} and {harm}; {n} participants withdrew because of {harm}.",
    "Of {n} patients who reached remission, {n}% relapsed within {time} after the last infusion.",
)
_CLOSING = (
    "{drug} {sure} offers {more} relief of {effect} in {who}; longer trials are needed.",
    "These findings suggest that {drug} is tolerated in {who} when given at a {setting} with monitoring.",
    "The effect of {drug} on {effect} is short, and evidence beyond {time} is limited.",
    "Our results support {mechanism} as a target and caution about {harm} with long-term use.",
)
_PARTS = (("BACKGROUND", _OPENING, 2), ("METHODS", _MIDDLE, 3), ("RESULTS", _RESULT, 5), ("CONCLUSIONS", _CLOSING, 2))
_TITLES = (
    "{drug} versus {against} for {effect} in {who}: a {design}.",
    "Effects of {drug} on {effect} and {mechanism} in {who}.",
    "{harm} after {drug} in {who}: a {design}.",
    "{drug} in a {setting}: {effect} at {time} in {who}.",
)
_SLOT = re.compile(r"\{(\w+)\}")


class KetamineRecord(Record):
    """A record whose title and abstract speak of ketamine; the rest is as in any invented record."""

    def title(self) -> str:
        return self.sentence(_TITLES)

    def abstract(self) -> str:
        parts = [
            f'<AbstractText Label="{label}" NlmCategory="{label}">{self.sentences(templates, count)}</AbstractText>'
            for label, templates, count in _PARTS
        ]
        return f"<Abstract>{''.join(parts)}</Abstract>"

    def sentences(self, templates: tuple[str, ...], count: int) -> str:
        return " ".join(self.sentence(templates) for _ in range(count))

    def sentence(self, templates: tuple[str, ...]) -> str:
        return filled(self.chance.choice(templates), self.chance, self.vocabulary)


_COPY = (
    "Our {setting} offers {drug} to people with {who}, and many notice better {effect} within {time}.",
    "In a recent {design}, {n} people given {drug} reported {more} {effect} than those given {against}.",
    "Some feel {harm} or {harm} during the session, which passes before they leave the {setting}.",
    "Researchers think that {mechanism} explains why {drug} helps with {effect}.",
    "Talk to your doctor about {harm} before you begin {drug} for {who}.",
    "About {n}% of our clients reach {effect} after {time} of treatment with {drug}.",
)


_BESIDES = (
    "Call our {setting} today, and a member of the team will ring you back before the week is out.",
    "You deserve a place where somebody listens, and we would be glad to meet you.",
    "Wear loose clothes, bring a blanket or an eye mask, and ask a friend to take you home afterwards.",
    "What to expect at your first visit",
    "Our rooms are quiet, the chairs recline, and the staff know every guest by name.",
    "Please fill in the form below so that we can prepare for your visit to the {setting}.",
    "Read more about how we work, where to park and how to change your appointment.",
    "Questions we hear often",
)


def copy_sentences(chance: random.Random) -> Iterator[str]:
    """Sentences of marketing copy that make claims on the same subjects, without end."""
    while True:
        yield filled(chance.choice(_COPY), chance, ("",))


def sentences_besides(chance: random.Random) -> Iterator[str]:
    """What stands between the claims of such copy: invitations, directions, headings, without end."""
    while True:
        yield filled(chance.choice(_BESIDES), chance, ("",))


def filled(template: str, chance: random.Random, rare: Sequence[str]) -> str:
    """A sentence of the field's words, with a `rare` one before some of them, for real abstracts have those too."""

    def word(slot: re.Match[str]) -> str:
        if slot[1] not in _WORDS:
            return str(chance.randint(2, 9) if slot[1] == "d" else chance.randint(10, 240))
        before = chance.choice(rare) if chance.random() < 0.1 else ""
        return f"{before} {chance.choice(_WORDS[slot[1]])}".lstrip()

    said = _SLOT.sub(word, template)
    return said[0].upper() + said[1:]


def write(path: Path, count: int, *, seed: int = 91) -> Path:
    """`count` records as .xml.gz at `path`."""
    return write_records(path, KetamineRecord, count, seed)
