"""The files of PubMed's yearly baseline and its daily updates, as NLM publishes them in one numbered sequence a year:
`pubmed26n0001.xml.gz`, each with its MD5 beside it (https://ftp.ncbi.nlm.nih.gov/pubmed/, README.txt).

All of a year are loaded in the order of their numbers, for the last one that tells of a record is right.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path

from harvester.unreadable import UnreadableFile

_NAME = re.compile(r"pubmed(\d{2})n(\d{4,5})\.xml\.gz")
# As NLM writes it, as BSD's md5 does, and as md5sum does.
_OPENSSL = re.compile(r"MD5 ?\((?P<name>[^()]+)\) ?= ?(?P<md5>[0-9a-fA-F]{32})")
_MD5SUM = re.compile(r"(?P<md5>[0-9a-fA-F]{32}) [ *](?P<name>\S+)")
_YEARS = 100_000  # room for the numbers of a year


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """`md5` is what stands beside the file, not yet compared with it."""

    path: Path
    year: int
    number: int
    md5: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def position(self) -> int:
        """Its place among all files of all years."""
        return self.year * _YEARS + self.number

    def is_whole(self) -> bool:
        """Whether its bytes are those that were published."""
        md5 = partial(hashlib.md5, usedforsecurity=False)
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, md5).hexdigest() == self.md5


def start_of_year(position: int) -> int:
    """The place before the first file of the year of this one."""
    return position - position % _YEARS


def files_in(folder: Path) -> list[BaselineFile]:
    """What there is in the folder and below, in order. Raises `UnreadableFile`."""
    paths = sorted(path for path in folder.rglob("pubmed*.xml.gz") if _NAME.fullmatch(path.name))
    if not paths:
        raise UnreadableFile(f"{folder}: no file such as pubmed26n0001.xml.gz is there; nothing was loaded")
    found = sorted(map(_file, paths), key=lambda file: file.position)
    for one, two in pairwise(found):
        if one.position == two.position:
            raise UnreadableFile(f"{two.path}: the same file is also {one.path}; take one of them away")
    return found


def to_load(files: Iterable[BaselineFile], loaded: Mapping[str, str]) -> list[BaselineFile]:
    """The files that are still to load, in order, given the MD5 of what was `loaded` last under each name.

    A file that was published again under its name is loaded again. Of a year that a later one has replaced nothing
    is loaded any more. Raises `UnreadableFile` when a number is missing.
    """
    numbers = [tuple(map(int, match.groups())) for name in loaded if (match := _NAME.fullmatch(name))]
    newest = max((year for year, _ in numbers), default=0)
    wanted: list[BaselineFile] = []
    for year, of_year in groupby(files, key=lambda file: file.year):
        if year >= newest:
            here = list(of_year)
            _prove_sequence(here, {number for loaded_year, number in numbers if loaded_year == year})
            wanted += [file for file in here if loaded.get(file.name) != file.md5]
    return wanted


def _prove_sequence(files: list[BaselineFile], loaded: Collection[int]) -> None:
    there = {file.number for file in files} | set(loaded)
    missing = [number for number in range(1, max(there)) if number not in there]
    if missing:
        names = ", ".join(f"pubmed{files[0].year:02}n{number:04}.xml.gz" for number in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise UnreadableFile(
            f"{files[0].path.parent}: {names}{more} missing; nothing was loaded. Every file of a year is loaded in the"
            " order of its number: fetch what is missing from ftp.ncbi.nlm.nih.gov/pubmed/"
        )


def _file(path: Path) -> BaselineFile:
    year, number = (int(part) for part in _NAME.fullmatch(path.name).groups())  # type: ignore[union-attr]
    beside = path.with_name(path.name + ".md5")
    try:
        said = beside.read_text("utf-8", errors="replace").strip()
    except FileNotFoundError:
        raise UnreadableFile(f"{path}: {beside.name} is not beside it; fetch it too. Nothing was loaded") from None
    except OSError as error:
        raise UnreadableFile(f"{beside}: {error.strerror}; nothing was loaded") from error
    match = _OPENSSL.fullmatch(said) or _MD5SUM.fullmatch(said)
    if match is None or match["name"] != path.name:
        raise UnreadableFile(f"{beside}: it does not read MD5({path.name})= and 32 digits; nothing was loaded")
    return BaselineFile(path, year, number, match["md5"].lower())
