"""The form in which PubMed writes a PubmedArticle: the elements of pubmed_250101.dtd in its order, all accounted for.

A pattern explains a record or a part of it from the first character to the last, or does not match.
No pattern goes back over what it has taken, so that none takes long over what it cannot explain.

The long parts are cut out before a record is matched, each to a mark that no XML can contain (`without_long_parts`): to
look for an end tag costs a tenth of what a pattern does on its way there. A mark in any other place does not match.
"""

import re
from itertools import count

# No XML has them in it, but for the white space that is spaces here.
CONTROLS = bytes(range(32))
_number = count()
_MARK = "\0"
# In the order of the DTD. An end tag is looked for from the start of its part on, and the next part from there.
_LONG = tuple(
    (tag, f"<{tag}{end}", f"</{tag}>")
    for tag, end in (
        *(("Abstract", ">"), ("AuthorList", ""), ("GrantList", ""), ("PublicationTypeList", ">")),
        *(("ChemicalList", ">"), ("CommentsCorrectionsList", ">"), ("MeshHeadingList", ">")),
        *(("KeywordList", ""), ("History", ">"), ("ArticleIdList", ">")),
    )
)


def without_long_parts(text: str) -> tuple[str, dict[str, str]]:
    """A record with a mark for what stands inside each long part, and those parts as they stand."""
    kept, parts, at = [], {}, 0
    for tag, opening, closing in _LONG:
        start = text.find(opening, at)
        if start >= 0 and (end := text.find(closing, start)) >= 0:
            begin = text.index(">", start) + 1
            parts[tag] = text[start : end + len(closing)]
            kept.append(text[at:begin])
            at = end
    kept.append(text[at:])
    return _MARK.join(kept), parts


def _pattern(written: str, text: str = "[^<]") -> re.Pattern[str]:
    """`~` is white space or none between two tags, `_` a text, `@` the value of an attribute; all of it or nothing."""
    spelled = {"~": " *+", "_": f"{text}*+", "@": r"[^\"<&\x00-\x1f]*+"}
    return re.compile("".join([spelled.get(sign, sign) for sign in written]))


def _one(written: str) -> re.Pattern[str]:
    """One of a list; its first group is all of it."""
    return _pattern(f"({written})")


def _inside(end: str) -> str:
    return rf"_(?:<(?!/{end}>)_)*+"


def _kept(tag: str, attributes: str = "") -> str:
    """The element as it stands, under its name."""
    return f"(?P<{tag}><{tag}{attributes}>{_inside(tag)}</{tag}>)~"


def _long(tag: str, attributes: str = "") -> str:
    return f"<{tag}{attributes}>{_MARK}</{tag}>~"


def _passed_over(tags: str) -> str:
    name = f"passed{next(_number)}"
    return f"(?:<(?P<{name}>{tags})(?: [^<>]*+)?+>{_inside(f'(?P={name})')}</(?P={name})>~)*+"


def _date(tag: str, attributes: str = "") -> str:
    parts = "~".join(rf"<{part}>(?P<{tag}{part}>\w++)</{part}>" for part in ("Year", "Month", "Day"))
    return f"(?:<{tag}{attributes}>~{parts}~</{tag}>~)?+"


def _leaf(tag: str, name: str = "", attributes: str = "") -> str:
    return f"<{tag}{attributes}>(?P<{name or tag}>_)</{tag}>~"


def _maybe(*written: str) -> str:
    return f"(?:{''.join(written)})?+"


RECORD = _pattern(
    r'<PubmedArticle>~<MedlineCitation(?P<status>(?: \w++="@")*+)>~'
    r'<PMID Version="(?P<version>\d++)">(?P<PMID>\d++)</PMID>~'
    + _passed_over("DateCreated")
    + _date("DateCompleted")
    + _date("DateRevised")
    + '<Article PubModel="@">~<Journal>~'
    + _maybe(_leaf("ISSN", attributes=' IssnType="@"'))
    + '<JournalIssue CitedMedium="@">~'
    + _maybe(_leaf("Volume"))
    + _maybe(_leaf("Issue"))
    + "<PubDate>~"
    + _maybe(_leaf("MedlineDate"))
    + _maybe(_leaf("Year"), _maybe(_leaf("Season")), _maybe(_leaf("Month")), _maybe(_leaf("Day")))
    + "</PubDate>~</JournalIssue>~"
    + _maybe(_leaf("Title"))
    + _maybe(_leaf("ISOAbbreviation"))
    + f"</Journal>~<ArticleTitle>(?P<ArticleTitle>{_inside('ArticleTitle')})</ArticleTitle>~"
    + _maybe("<Pagination>~", *(_maybe(_leaf(tag)) for tag in ("StartPage", "EndPage", "MedlinePgn")), "</Pagination>~")
    + '(?P<places>(?:<ELocationID EIdType="@" ValidYN="[YN]">_</ELocationID>~)*+)'
    + _maybe(_long("Abstract"))
    + _maybe(_long("AuthorList", r'(?: \w++="@")*+'))
    + "(?P<languages>(?:<Language>_</Language>~)*+)"
    + _maybe(_kept("DataBankList", '(?: CompleteYN="[YN]")?+'))
    + _maybe(_long("GrantList", "(?: [^<>]*+)?+"))
    + _long("PublicationTypeList")
    + _maybe(_kept("VernacularTitle"))
    + _date("ArticleDate", ' DateType="Electronic"')
    + "</Article>~<MedlineJournalInfo>~"
    + _maybe(_leaf("Country"))
    + _leaf("MedlineTA")
    + _maybe(_leaf("NlmUniqueID"))
    + _maybe(_leaf("ISSNLinking"))
    + "</MedlineJournalInfo>~"
    + _maybe(_long("ChemicalList"))
    + _passed_over("SupplMeshList|CitationSubset")
    + _maybe(_long("CommentsCorrectionsList"))
    + _passed_over("GeneSymbolList")
    + _maybe(_long("MeshHeadingList"))
    + _passed_over("NumberOfReferences|PersonalNameSubjectList|OtherID|OtherAbstract")
    + _maybe(_long("KeywordList", ' Owner="@"'))
    + _passed_over("CoiStatement|SpaceFlightMission|InvestigatorList|GeneralNote")
    + "</MedlineCitation>~<PubmedData>~"
    + _maybe(_long("History"))
    + "<PublicationStatus>_</PublicationStatus>~"
    + _long("ArticleIdList")
    + _passed_over("ObjectList")
    + "</PubmedData>~</PubmedArticle>~",
    text=r"[^<\x00-\x1f]",
)
ATTRIBUTE = _pattern('(Status|IndexingMethod)="(@)"')
PLACE = _pattern('<ELocationID EIdType="doi" ValidYN="([YN])">(_)<')
LANGUAGE = _pattern("<Language>(_)<")
SECTION = _one(
    '~<AbstractText(?: Label="(@)")?+(?: NlmCategory="(@)")?+>(' + _inside("AbstractText") + ")</AbstractText>"
)
AUTHOR = _one(
    '~<Author((?: (?:ValidYN|EqualContrib)="[YN]")*+)>~(?:<CollectiveName>('
    + _inside("CollectiveName")
    + ")</CollectiveName>~|<LastName>(_)</LastName>~(?:<ForeName>(_)</ForeName>~)?+(?:<Initials>(_)</Initials>~)?+"
    r"(?:<Suffix>(_)</Suffix>~)?+)"
    r'(?:<Identifier Source="ORCID">(_)</Identifier>~)?+'
    "((?:<AffiliationInfo>~<Affiliation>_</Affiliation>~</AffiliationInfo>~)*+)</Author>"
)
AFFILIATION = _pattern("<Affiliation>(_)<")
TYPE = _one('~<PublicationType UI="(@)">(_)</PublicationType>')
QUALIFIER = _pattern('~<QualifierName UI="(@)" MajorTopicYN="([YN])"(?: AutoHM="[YN]")?+>(_)</QualifierName>')
HEADING = _one(
    '~<MeshHeading>~<DescriptorName UI="(@)" MajorTopicYN="([YN])"(?: (?:AutoHM|Type)="@")*+>(_)</DescriptorName>'
    '((?:~<QualifierName UI="@" MajorTopicYN="[YN]"(?: AutoHM="[YN]")?+>_</QualifierName>)*+)~</MeshHeading>'
)
KEYWORD = _one('~<Keyword MajorTopicYN="[YN]">(_)</Keyword>')
ID = _one('~<ArticleId IdType="(@)">(_)</ArticleId>')
ENTERED = _pattern(
    r'<PubMedPubDate PubStatus="entrez">~<Year>(\w++)</Year>~<Month>(\w++)</Month>~<Day>(\w++)</Day>~'
    "(?=<Hour>|</PubMed)"
)
