"""Forty invented records as plain values, their PubMed XML, and the brute-force reading that the server is held to.

Nothing here is shared with the server: words are cut by another rule that agrees on this text, dates are tuples.
"""

import random
import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

FIRST_PMID = 90_000_001
WORDS = ["ketamine", "ketamines", "esketamine", "depression", "depressive", "suicidal", "pain", "placebo", "rats"]
WORDS += ["mood", "infusion", "dose"]
HEADINGS = ["Ketamine", "Depressive Disorder", "Depressive Disorder, Major", "Depression", "Humans", "Pain"]
TYPES = ["Journal Article", "Randomized Controlled Trial", "Review", "Retracted Publication"]
LAST_NAMES = [("Lovelace", "A"), ("Lovelace", "AB"), ("Turing", "AM"), ("Noether", "E")]
JOURNALS = ["Invented J Mood", "Acta Inventa"]
Day = tuple[int, int, int]


@dataclass(frozen=True)
class Invented:
    pmid: int
    title: str
    sections: tuple[tuple[str, str], ...]
    keywords: tuple[str, ...]
    headings: tuple[tuple[str, bool, str], ...]
    types: tuple[str, ...]
    substances: tuple[str, ...]
    authors: tuple[tuple[str, str], ...]
    journal: str
    language: str
    published: Day
    entered: Day
    created: Day
    revised: Day

    def cut(self, *texts: str) -> list[list[str]]:
        return [[word for word in re.split(r"[^a-z0-9]+", text.lower()) if word] for text in texts]

    def free_texts(self) -> list[list[str]]:
        return self.cut(self.title, *(part for section in self.sections for part in section), *self.keywords)

    def xml(self) -> str:
        sections = "".join(
            f'<AbstractText Label="{label}">{escape(text)}</AbstractText>' for label, text in self.sections
        )
        abstract = f"<Abstract>{sections}</Abstract>" if sections else ""
        headings = "".join(
            f'<MeshHeading><DescriptorName UI="D000001" MajorTopicYN="{"Y" if major else "N"}">{name}</DescriptorName>'
            + (f'<QualifierName UI="Q000001" MajorTopicYN="N">{qualifier}</QualifierName>' if qualifier else "")
            + "</MeshHeading>"
            for name, major, qualifier in self.headings
        )
        types = "".join(f'<PublicationType UI="D000002">{name}</PublicationType>' for name in self.types)
        chemicals = "".join(
            f'<Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="C000001">{name}</NameOfSubstance>'
            "</Chemical>"
            for name in self.substances
        )
        authors = "".join(
            f"<Author><LastName>{last}</LastName><Initials>{initials}</Initials></Author>"
            for last, initials in self.authors
        )
        history = "".join(
            f'<PubMedPubDate PubStatus="{status}">{date_xml(day)}</PubMedPubDate>'
            for status, day in (("entrez", self.created), ("pubmed", self.entered))
        )
        keywords = "".join(f'<Keyword MajorTopicYN="N">{word}</Keyword>' for word in self.keywords)
        year, month, _ = self.published
        return (
            f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{self.pmid}</PMID>'
            f"<DateRevised>{date_xml(self.revised)}</DateRevised>"
            f'<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Internet"><PubDate><Year>{year}</Year>'
            f"<Month>{month:02}</Month></PubDate></JournalIssue><Title>{self.journal}</Title></Journal>"
            f"<ArticleTitle>{escape(self.title)}</ArticleTitle>{abstract}"
            f'<AuthorList CompleteYN="Y">{authors}</AuthorList><Language>{self.language}</Language>'
            f"<PublicationTypeList>{types}</PublicationTypeList></Article>"
            f"<MedlineJournalInfo><MedlineTA>{self.journal}</MedlineTA></MedlineJournalInfo>"
            + (f"<ChemicalList>{chemicals}</ChemicalList>" if chemicals else "")
            + (f"<MeshHeadingList>{headings}</MeshHeadingList>" if headings else "")
            + (f'<KeywordList Owner="NOTNLM">{keywords}</KeywordList>' if keywords else "")
            + f"</MedlineCitation><PubmedData><History>{history}</History>"
            f"<PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
            f'<ArticleId IdType="pubmed">{self.pmid}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>'
        )


def date_xml(day: Day) -> str:
    return f"<Year>{day[0]}</Year><Month>{day[1]}</Month><Day>{day[2]}</Day>"


def invented_records() -> list[Invented]:
    chance = random.Random(7)

    def sentence() -> str:
        drawn = [chance.choice(WORDS) for _ in range(chance.randint(3, 7))]
        return (chance.choice(["-", " "]).join(drawn[:2]) + " " + " ".join(drawn[2:])).capitalize() + "."

    def day() -> Day:
        return (chance.randint(2018, 2021), chance.randint(1, 12), chance.randint(1, 28))

    records = []
    for number in range(40):
        published = day()
        records.append(
            Invented(
                pmid=FIRST_PMID + number * 7,
                title=sentence(),
                sections=tuple((chance.choice(["AIM", "RESULTS"]), sentence()) for _ in range(chance.randint(0, 3))),
                keywords=tuple(chance.sample(["mood", "rapid acting", "nasal spray"], chance.randint(0, 2))),
                headings=tuple(
                    (name, chance.random() < 0.4, chance.choice(["", "drug therapy"]))
                    for name in chance.sample(HEADINGS, chance.randint(0, 3))
                ),
                types=tuple(chance.sample(TYPES, chance.randint(1, 2))),
                substances=tuple(chance.sample(["Esketamine", "Arketamine"], chance.randint(0, 1))),
                authors=tuple(chance.sample(LAST_NAMES, chance.randint(0, 3))),
                journal=chance.choice(JOURNALS),
                language=chance.choice(["eng", "ger"]),
                published=(published[0], published[1], 1),
                entered=day(),
                created=day(),
                revised=day(),
            )
        )
    return records


def article_set(articles: list[str]) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
        '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
        f"<PubmedArticleSet>\n{chr(10).join(articles)}\n</PubmedArticleSet>\n"
    )
