"""Whatever bytes a file holds: records, rejections with a place, or one line that refuses it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.parsed import Rejected
from harvester.records import ArticleRecord
from harvester.reference_files import UnreadableFile, open_reference_file

STARTS = {
    "nbib": "PMID- 90000001\nTI  - T\n",
    "ris": "TY  - JOUR\nTI  - T\n",
    "bibtex": "@article{k, title={T},\n",
    "endnote": "%0 Journal Article\n%T T\n",
    "jsonl": '{"title": "T"}\n{"',
    "csv": "title,pmid,doi,authors,year\nT,",
}
TAGS = "PMID- 9|TI  - |TY  - |ER  - |AU  - |FAU - |AD  - |DA  - |@article{|%0 |%A ".split("|")
SIGNS = "}|{|=|,| and |\\'|$|[]|null|123|10.5555/x".split("|")
PIECES = st.sampled_from([*TAGS, *SIGNS, "\n", "\n\n", '"', "\x85", "\u2028", "é", "  ", "\t", "-"])


@pytest.mark.parametrize("kind", STARTS)
@given(rest=st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join), cut=st.integers(0, 40))
def test_nothing_but_records_rejections_and_refusals(
    tmp_path_factory: pytest.TempPathFactory, kind: str, rest: str, cut: int
) -> None:
    data = (STARTS[kind] + rest).encode("utf-8", "surrogatepass")
    path = tmp_path_factory.getbasetemp() / f"any-{kind}.dat"
    path.write_bytes(data[: len(data) - cut] or data)
    try:
        found = list(open_reference_file(path).read())
    except UnreadableFile as refused:
        found, said = [], str(refused)
    else:
        said = ""
    assert "\n" not in said
    for item in found:
        assert isinstance(item, ArticleRecord | Rejected)
        if isinstance(item, Rejected):
            assert item.position >= 1
            assert item.reason
        else:
            assert "\udce9" not in item.title
