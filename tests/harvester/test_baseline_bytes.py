"""The bytes of baseline files: damaged ones are refused, each record keeps its own. All records are invented."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from baseline_folder import publish, sign
from invented_pubmed import FIRST, invented
from sqlalchemy import Engine
from sqlmodel import col, select

from db.engine import reading
from db.models import Article, RawRecord
from harvester.baseline import Baseline
from harvester.reader_process import ReadHere
from harvester.unreadable import UnreadableFile


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda whole: whole[:-20], "ended before"),
        (lambda whole: whole[:-8] + b"\0\0\0\0" + whole[-4:], "CRC check failed"),
        (lambda whole: whole[:40] + b"damaged!" + whole[48:], "fetch it again"),
    ],
)
def test_a_damaged_file_that_its_md5_describes_is_refused_all_the_same(
    sqlite_engine: Engine, tmp_path: Path, damage: Callable[[bytes], bytes], said: str
) -> None:
    path = publish(tmp_path, 1, [invented(FIRST)])
    path.write_bytes(damage(path.read_bytes()))
    sign(path)
    with pytest.raises(UnreadableFile, match=f"n0001.xml.gz: .*{said}"):
        Baseline(sqlite_engine, tmp_path, None, reader=ReadHere).load()
    with reading(sqlite_engine) as session:
        assert session.exec(select(Article)).all() == []


def test_the_raw_record_is_kept_to_the_byte_as_zlib_reads_it(sqlite_engine: Engine, tmp_path: Path) -> None:
    records = [invented(FIRST + n, title=chr(0x3B1 + n) * n) for n in range(40)]
    publish(tmp_path, 1, records)
    Baseline(sqlite_engine, tmp_path, None, reader=ReadHere).load()
    with reading(sqlite_engine) as session:
        bodies = session.exec(select(RawRecord.body).order_by(col(RawRecord.article_id)))
        assert [zlib.decompress(body).decode() for body in bodies] == records
