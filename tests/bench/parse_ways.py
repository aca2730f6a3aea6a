"""Ways to read a file of PubMed XML, each to its end: `python -m bench.parse_ways WAY FILE [--digest]`.

With --digest it prints a hash of each field that all ways give. Records with a formula are left out of it, for no two
tools write one alike; inline markup that a tool leaves in is taken out.
"""

import gzip
import hashlib
import html
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

Said: TypeAlias = tuple[str, str, str, str, str]
FIELDS = ("PMID", "title", "abstract", "last names", "journal")
XTRACT = (
    'xtract -mixed -pattern PubmedArticle -def "" -tab "\\x1f" -sep "; " -element MedlineCitation/PMID ArticleTitle '
    'Journal/Title -block Abstract -tab "\\x1f" -sep " " -element AbstractText -block AbstractText -sep "=" -tab ";" '
    '-element "@Label,@NlmCategory" -block Author -tab ";" -sep "," -element LastName,ForeName,Initials,Suffix,'
    'CollectiveName,Identifier -block Author -tab ";" -sep ";" -element Affiliation -block PubDate -tab ";" -sep "-" '
    "-element Year,Month,Day,Season,MedlineDate -block DateRevised -sep - -element Year,Month,Day -block DateCompleted "
    "-sep - -element Year,Month,Day -block ArticleDate -sep - -element Year,Month,Day -block PublicationType -sep = "
    '-element "@UI,PublicationType" -block DescriptorName -sep = -element "@UI,@MajorTopicYN,DescriptorName" -block '
    'QualifierName -sep = -element "@UI,@MajorTopicYN,QualifierName" -block Keyword -element Keyword -block '
    "ELocationID "
    '-sep = -element "@EIdType,ELocationID" -block ArticleId -sep = -element "@IdType,ArticleId" -block '
    'CommentsCorrections -sep = -element "@RefType,PMID,RefSource" -block DataBank -element DataBankName '
    "AccessionNumber "
    "-block Pagination -element MedlinePgn -block JournalIssue -element Volume,Issue -block Language -element Language"
)
XTRACT_SHARED = (
    'xtract -mixed -pattern PubmedArticle -def "" -tab "\\t" -sep "|" -element MedlineCitation/PMID ArticleTitle '
    'Journal/Title -block Abstract -sep " " -element AbstractText -block AuthorList -sep "|" -element LastName'
)


def _plain(text: Any) -> str:
    return html.unescape(re.sub(r"</?(?:i|b|u|sup|sub)>", "", str(text)))


def footnote(path: Path) -> Iterator[Said]:
    from isal import igzip

    from harvester.pubmed_xml import read_records
    from harvester.records import ArticleRecord

    with igzip.open(path) as stream:  # as `baseline_reader` does
        for record in read_records(stream):
            assert isinstance(record, ArticleRecord)
            abstract = " ".join(part.text for part in record.sections)
            names = "|".join(author.last for author in record.authors if author.last)
            yield str(record.pmid), record.title, abstract, names, record.journal or ""


def iterparse(path: Path) -> Iterator[Said]:
    """What one writes first: every element by its path, and the tree cleared."""
    from lxml import etree

    def text(element: Any) -> str:
        return "" if element is None else " ".join("".join(element.itertext()).split(" "))

    with gzip.open(path) as stream:
        for _, article in etree.iterparse(stream, tag="PubmedArticle"):
            citation = article.find("MedlineCitation")
            mesh = [(each.get("UI"), text(each)) for each in citation.findall("MeshHeadingList/MeshHeading/*")]
            types = [(each.get("UI"), text(each)) for each in citation.findall("Article/PublicationTypeList/*")]
            people = citation.findall("Article/AuthorList/Author")
            named = [each for each in people if each.get("ValidYN") != "N"]
            parts = [[text(part) for part in each.iter() if len(part) == 0] for each in named]
            ids = [text(each) for each in article.findall("PubmedData/ArticleIdList/ArticleId")]
            dates = [text(each) for each in article.iterfind(".//Year")]
            links = [each.get("RefType") for each in citation.findall("CommentsCorrectionsList/*")]
            assert mesh or types or parts or ids or dates or links
            abstract = " ".join(text(each) for each in citation.findall("Article/Abstract/AbstractText"))
            names = "|".join(text(each.find("LastName")) for each in named if each.find("LastName") is not None)
            title = text(citation.find("Article/ArticleTitle"))
            yield citation.findtext("PMID"), title, abstract, names, citation.findtext("Article/Journal/Title")
            article.clear()
            while article.getprevious() is not None:
                del article.getparent()[0]


def xtract(path: Path, shown: str = XTRACT_SHARED) -> Iterator[Said]:
    command = f"gzip -cd {shlex.quote(str(path))} | {shown}"
    with subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            pmid, title, journal, abstract, names = [*line.rstrip("\n").split("\t"), "", ""][:5]
            yield pmid, _plain(title), _plain(abstract), names, journal


def pubmed_parser(path: Path) -> Iterator[Said]:
    import pubmed_parser

    for found in pubmed_parser.parse_medline_xml(str(path), author_list=True, reference_list=False):
        names = "|".join(each["lastname"] for each in found["authors"] if each["lastname"])
        yield found["pmid"], found["title"], " ".join(found["abstract"].split("\n")), names, found["journal"]


def biopython(path: Path) -> Iterator[Said]:
    from Bio import Entrez

    with gzip.open(path) as stream:
        for found in Entrez.read(stream)["PubmedArticle"]:
            citation = found["MedlineCitation"]
            article = citation["Article"]
            abstract = " ".join(_plain(each) for each in article.get("Abstract", {}).get("AbstractText", ()))
            named = [each for each in article.get("AuthorList", ()) if each.attributes["ValidYN"] == "Y"]
            names = "|".join(each["LastName"] for each in named if "LastName" in each)
            title = _plain(article["ArticleTitle"])
            yield str(citation["PMID"]), title, abstract, names, article["Journal"]["Title"]


WAYS: dict[str, Callable[[Path], Iterator[Said]]] = {
    "footnote": footnote,
    "xtract": xtract,
    "iterparse": iterparse,
    "pubmed_parser": pubmed_parser,
    "biopython": biopython,
}


def digest(path: Path, said: Iterator[Said]) -> str:
    """A hash for each field, white space made alike, of the records without a formula."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        formulas = {line.partition('"1">')[2].partition("<")[0] for line in lines if "<mml:" in line}
    hashes = [hashlib.sha256() for _ in FIELDS]
    for each in said:
        if each[0] not in formulas:
            for text, one in zip(each, hashes, strict=True):
                one.update(" ".join(text.split()).encode() + b"\n")
    return " ".join(one.hexdigest()[:12] for one in hashes)


def read() -> None:
    way, path = sys.argv[1], Path(sys.argv[2])
    if "--digest" in sys.argv:
        print(digest(path, WAYS[way](path)))
    else:
        print(sum(1 for _ in WAYS[way](path)))


if __name__ == "__main__":
    read()
