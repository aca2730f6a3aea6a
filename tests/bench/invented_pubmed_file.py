"""A file of invented PubMed records, of the size and variety of real ones, the same bytes each time it is written.

About 7 KB a record: labelled abstracts with inline markup and a few formulas, authors with addresses, MeSH, words for
dates, notices, and in a fifth of them a list of up to forty references. Nobody and nothing in it exists.
"""

import gzip
import random
from collections.abc import Callable, Iterator
from pathlib import Path

FIRST_PMID = 90_000_001
PROLOG = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu za bri cla dro fle gri plo sta tre".split()
_PLAIN = (
    "the of and in was were with a to for patients depression ketamine treatment scores placebo weeks group dose study "
    "response remission severe rating mean change from baseline infusion single repeated adverse events at that this"
).split()
_MARKED: tuple[str, ...] = (
    "<i>in vitro</i> <i>in vivo</i>",
    "kg<sup>-1</sup>",
    "B<sub>max</sub>",
    "P &lt; 0.05",
    "<b><i>R</i></b>-form",
)
_MARKED += (
    "N\u00a0=\u00a048",
    "95%\u2009CI",
    "&amp;",
    "5-HT<sub>2A</sub>",
    "caf\u00e9",
    "\u03b1<sub>1</sub>",
    "&gt;10",
)
_FORMULA = (
    '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>x</mml:mi><mml:mo>=</mml:mo>'
    "<mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math>"
)
_LABELS = ("BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS")
_TYPES = ("D016428 Journal Article", "D016449 Randomized Controlled Trial", "D016454 Review", "D016422 Letter")
_NOTICES = ("ErratumIn", "CommentIn", "RetractionIn", "UpdateOf", "ExpressionOfConcernIn", "CommentOn", "Cites")
_ELECTRONIC = ' DateType="Electronic"'
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def write(path: Path, count: int, *, seed: int = 90) -> Path:
    """`count` records as .xml.gz at `path`."""
    return write_records(path, Record, count, seed)


def write_records(path: Path, kind: "type[Record]", count: int, seed: int) -> Path:
    with path.open("wb") as plain, gzip.GzipFile("", "wb", 6, plain, mtime=0) as packed:
        packed.write(PROLOG.encode())
        for record in records(kind, count, seed):
            packed.write(f"{record}\n".encode())
        packed.write(b"</PubmedArticleSet>\n")
    return path


def records(kind: "type[Record]", count: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 5))) for _ in range(4000)]
    for number in range(count):
        yield kind(chance, vocabulary, FIRST_PMID + number).text()


class Record:
    """One invented record; it draws from `chance` in the order in which it is written."""

    def __init__(self, chance: random.Random, vocabulary: list[str], pmid: int) -> None:
        self.chance = chance
        self.vocabulary = vocabulary
        self.pmid = pmid
        self.indexed = chance.random() < 0.6

    def text(self) -> str:
        status = "MEDLINE" if self.indexed else "PubMed-not-MEDLINE"
        return (
            f'<PubmedArticle><MedlineCitation Status="{status}" Owner="NLM" IndexingMethod="Automated">'
            f'<PMID Version="1">{self.pmid}</PMID>{self.day("DateCompleted") if self.indexed else ""}'
            f"{self.day('DateRevised')}{self.article()}<MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>"
            f"J Invent</MedlineTA><NlmUniqueID>90000{self.pmid % 97}</NlmUniqueID><ISSNLinking>9000-00{self.pmid % 90}"
            f"</ISSNLinking></MedlineJournalInfo>{self.chemicals()}<CitationSubset>IM</CitationSubset>"
            f"{self.notices()}{self.mesh()}{self.keywords()}{self.interests()}"
            f"</MedlineCitation>{self.data()}</PubmedArticle>"
        )

    def article(self) -> str:
        title = self.title()
        doi = f'<ELocationID EIdType="doi" ValidYN="Y">10.5555/Invented.{self.pmid}</ELocationID>'
        return (
            f'<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">9000-{self.number(4)}</ISSN>'
            f'<JournalIssue CitedMedium="Internet"><Volume>{self.number(2)}</Volume><Issue>{self.number(1)}</Issue>'
            f"<PubDate>{self.published()}</PubDate></JournalIssue><Title>The journal of {self.words(3)}</Title>"
            f"<ISOAbbreviation>J Invent</ISOAbbreviation></Journal><ArticleTitle>{title}</ArticleTitle><Pagination>"
            f"<StartPage>11</StartPage><EndPage>19</EndPage><MedlinePgn>11-19</MedlinePgn></Pagination>"
            f"{doi if self.chance.random() < 0.8 else ''}{self.abstract()}{self.authors()}<Language>eng</Language>"
            f"{self.registered()}<PublicationTypeList>{self.types()}</PublicationTypeList>"
            f"{self.day('ArticleDate', _ELECTRONIC)}</Article>"
        )

    def title(self) -> str:
        return f"{self.words(9).capitalize()}: {self.marked(7)}."

    def abstract(self) -> str:
        if self.chance.random() < 0.1:
            return ""
        rights = "<CopyrightInformation>\u00a9 2026 Nobody.</CopyrightInformation>"
        if self.chance.random() < 0.5:
            return f"<Abstract><AbstractText>{self.marked(160)}</AbstractText>{rights}</Abstract>"
        parts = [
            f'<AbstractText Label="{label}" NlmCategory="{label}">{self.marked(36)}</AbstractText>' for label in _LABELS
        ]
        return f"<Abstract>{''.join(parts)}{rights}</Abstract>"

    def authors(self) -> str:
        names = "".join(map(self.author, range(min(int(self.chance.expovariate(1 / 4.5)), 40))))
        if self.chance.random() < 0.05:
            names += f"<Author><CollectiveName>The {self.words(2)} <i>Group</i></CollectiveName></Author>"
        return f'<AuthorList CompleteYN="Y">{names}</AuthorList>' if names else ""

    def author(self, place: int) -> str:
        orcid = f'<Identifier Source="ORCID">0000-0001-{self.number(4)}-{self.number(4)}</Identifier>'
        where = f"<Affiliation>Department of {self.marked(11)}, Nowhere. ada@example.org.</Affiliation>"
        addresses = f"<AffiliationInfo>{where}</AffiliationInfo>" * self.chance.choice((0, 1, 1, 1))
        last, fore = (self.chance.choice(self.vocabulary).capitalize() for _ in range(2))
        return (
            f'<Author ValidYN="{"N" if place and self.chance.random() < 0.01 else "Y"}"><LastName>{last}</LastName>'
            f"<ForeName>{fore} A</ForeName><Initials>{fore[0]}A</Initials>"
            f"{orcid if self.chance.random() < 0.2 else ''}{addresses}</Author>"
        )

    def mesh(self) -> str:
        if not self.indexed:
            return ""
        return f"<MeshHeadingList>{self.several(self.heading, 3, 14)}</MeshHeadingList>"

    def heading(self) -> str:
        # A few headings stand in most records, as Humans and Female do.
        place = min(int(self.chance.expovariate(1 / 300)), 3000)
        name = f"{self.vocabulary[place].capitalize()} {self.vocabulary[-place - 1]}"
        qualifiers = "".join(map(self.qualifier, range(self.chance.choice((0, 0, 1, 2)))))
        return (
            f'<MeshHeading><DescriptorName UI="D{100_000 + place}" MajorTopicYN="{self.chance.choice("YNN")}">'
            f"{name}</DescriptorName>{qualifiers}</MeshHeading>"
        )

    def qualifier(self, _: int) -> str:
        place = self.chance.randrange(70)
        return (
            f'<QualifierName UI="Q{100_000 + place}" MajorTopicYN="{self.chance.choice("YNN")}">'
            f"{self.vocabulary[place]} & use</QualifierName>".replace("&", "&amp;")
        )

    def chemicals(self) -> str:
        one = '<Chemical><RegistryNumber>690G0D6V8H</RegistryNumber><NameOfSubstance UI="D007649">Ketamine'
        return f"<ChemicalList>{(one + '</NameOfSubstance></Chemical>') * 2}</ChemicalList>" if self.indexed else ""

    def interests(self) -> str:
        return f"<CoiStatement>{self.words(14)}</CoiStatement>" if self.chance.random() < 0.3 else ""

    def keywords(self) -> str:
        if self.chance.random() < 0.3:
            return ""
        one = self.several(lambda: f'<Keyword MajorTopicYN="N">{self.words(2)}</Keyword>', 3, 7)
        return f'<KeywordList Owner="NOTNLM">{one}</KeywordList>'

    def notices(self) -> str:
        if self.chance.random() >= 0.05:
            return ""
        return f"<CommentsCorrectionsList>{self.several(self.notice, 1, 3)}</CommentsCorrectionsList>"

    def notice(self) -> str:
        other = f'<PMID Version="1">{FIRST_PMID + self.chance.randrange(9_000_000)}</PMID>'
        return (
            f'<CommentsCorrections RefType="{self.chance.choice(_NOTICES)}"><RefSource>J Invent. 2024;{self.number(2)}:'
            f"{self.number(3)}</RefSource>{self.chance.choice((other, other, ''))}</CommentsCorrections>"
        )

    def data(self) -> str:
        history = "".join(
            self.day("PubMedPubDate", f' PubStatus="{status}"', "<Hour>6</Hour><Minute>0</Minute>")
            for status in ("received", "accepted", "pubmed", "medline", "entrez")
        )
        cited = self.several(self.reference, 1, 40) if self.chance.random() < 0.2 else ""
        return (
            f"<PubmedData><History>{history}</History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
            f'<ArticleId IdType="pubmed">{self.pmid}</ArticleId><ArticleId IdType="doi">10.5555/invented.{self.pmid}'
            f'</ArticleId><ArticleId IdType="pii">{self.number(9)}</ArticleId></ArticleIdList>'
            f"{f'<ReferenceList>{cited}</ReferenceList>' if cited else ''}</PubmedData>"
        )

    def reference(self) -> str:
        cited = FIRST_PMID + self.chance.randrange(9_000_000)
        return (
            f"<Reference><Citation>{self.words(16).capitalize()}. J Invent. 2019;{self.number(2)}:1-9.</Citation>"
            f'<ArticleIdList><ArticleId IdType="doi">10.5555/cited.{cited}</ArticleId>'
            f'<ArticleId IdType="pubmed">{cited}</ArticleId></ArticleIdList></Reference>'
        )

    def types(self) -> str:
        chosen = self.chance.sample(_TYPES, self.chance.choice((1, 1, 2)))
        return "".join(f'<PublicationType UI="{each[:7]}">{each[8:]}</PublicationType>' for each in chosen)

    def registered(self) -> str:
        if self.chance.random() >= 0.08:
            return ""
        number = f"<AccessionNumberList><AccessionNumber>NCT9{self.number(7)}</AccessionNumber></AccessionNumberList>"
        return (
            f"<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName>{number}</DataBank></DataBankList>"
        )

    def published(self) -> str:
        year = self.chance.randint(1975, 2026)
        if self.chance.random() < 0.1:
            return f"<MedlineDate>{year} Dec-{year + 1} Jan</MedlineDate>"
        if self.chance.random() < 0.03:
            return f"<Year>{year}</Year><Season>Winter</Season>"
        return f"<Year>{year}</Year><Month>{self.chance.choice(_MONTHS)}</Month>"

    def day(self, tag: str, attributes: str = "", after: str = "") -> str:
        year, month, day = self.chance.randint(1990, 2026), self.chance.randint(1, 12), self.chance.randint(1, 28)
        return f"<{tag}{attributes}><Year>{year}</Year><Month>{month:02}</Month><Day>{day:02}</Day>{after}</{tag}>"

    def words(self, count: int) -> str:
        rare = self.chance.choices(self.vocabulary, k=count)
        return " ".join(word if self.chance.random() < 0.4 else self.chance.choice(_PLAIN) for word in rare)

    def marked(self, count: int) -> str:
        """Words with a piece of inline markup, an entity or a thin space here and there, seldom a formula."""
        text = self.words(count).split(" ")
        for _ in range(count // 20):
            text[self.chance.randrange(len(text))] = self.chance.choice(_MARKED)
        if count > 30 and self.chance.random() < 0.005:
            text[-1] = _FORMULA
        return " ".join(text)

    def several(self, one: Callable[[], str], least: int, most: int) -> str:
        return "".join(one() for _ in range(self.chance.randint(least, most)))

    def number(self, digits: int) -> str:
        return str(self.chance.randrange(10 ** (digits - 1), 10**digits))
