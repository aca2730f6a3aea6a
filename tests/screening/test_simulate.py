"""Screening replayed on a finished review: what was saved, and files that are none."""

import gzip
from pathlib import Path

import pytest

from review_app.screening.prioritise import RecordText
from review_app.screening.simulate import BadReview, FinishedReview, read_review, simulate

# What ASReview 3.0.8 reaches by default (`asreview simulate FILE --seed 1`), measured by asreview-insights 1.6.1.
ASREVIEW = {
    "Antihistamines": (0.2484, 0.2238),
    "ADHD": (0.5065, 0.1193),
    "Bannach-Brown_2019": (0.4139, 0.1326),
}


def csv(*rows: str, header: str = "title,abstract,label_included") -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def test_a_ranking_that_works_saves_work(invented_review: FinishedReview) -> None:
    done = simulate(invented_review, seed=1)
    assert (done.records, done.included, len(done.recall)) == (200, 20, 200)
    assert done.wss95 > 0.6
    assert done.atd < 0.2
    assert done.recall[-1] == 1.0
    assert list(done.recall) == sorted(done.recall)


def test_one_seed_gives_one_result(invented_review: FinishedReview) -> None:
    assert simulate(invented_review, seed=2).recall == simulate(invented_review, seed=2).recall


def test_fewer_trainings_when_a_batch_is_larger(invented_review: FinishedReview) -> None:
    each, tens = simulate(invented_review, batch=1), simulate(invented_review, batch=10)
    assert each.trainings > 3 * tens.trainings > 0


def test_records_known_beforehand_are_not_counted(invented_review: FinishedReview) -> None:
    done = simulate(invented_review, priors=(4, 0))
    assert (done.records, done.included) == (198, 19)


def test_screening_begins_at_the_top_of_the_file_until_both_kinds_are_known() -> None:
    records = tuple(RecordText(place, f"word{place}", "") for place in range(6))
    done = simulate(FinishedReview(records, (False, False, False, True, False, False)))
    assert done.recall == (0.0, 0.0, 0.0, 1.0, 1.0, 1.0)
    assert done.atd == pytest.approx(4 / 6)
    assert done.trainings == 1


def test_work_saved_and_time_to_discovery_are_those_of_asreview_insights() -> None:
    # By `_wss` and `_average_time_to_discovery` of asreview-insights 1.6.1 on 0 1 1 0 1 1 0 0 0 0.
    labels = (False, True, True, False, True, True, False, False, False, False)
    records = tuple(RecordText(place, "", "") for place in range(10))
    done = simulate(FinishedReview(records, labels))
    assert done.atd == pytest.approx(0.4)
    assert done.wss95 == pytest.approx(0.2)


def test_a_finished_review_is_read_with_quotes_gaps_and_other_columns(tmp_path: Path) -> None:
    body = csv('7,"Ketamine, again",,1', '8,Knee,"Two\nlines",0.0', header="id,title,abstract,label_included")
    review = read_review(body)
    assert [(record.title, record.abstract) for record in review.records] == [
        ("Ketamine, again", ""),
        ("Knee", "Two\nlines"),
    ]
    assert review.included == (True, False)
    assert read_review(gzip.compress(body, mtime=0)) == review
    assert read_review(b"\xef\xbb\xbf" + body) == review


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no column title, abstract, label_included"),
        (csv("a,1", header="title,label_included"), "no column abstract"),
        (csv("a,b,0", "c,d,0"), "none of its 2 records is an inclusion"),
        (csv("a,b,1"), "none of its 1 records is an exclusion"),
        (csv(), "none of its 0 records is an inclusion"),
        (csv("a,b,1", "c,d,maybe"), "line 3: label_included is 'maybe'"),
        (csv("a,b,1", "c"), "line 3: label_included is ''"),
        (csv("a,b,1", 'c,"d,0'), "not CSV"),
        (b"\xff\xfe\x00title", "not UTF-8"),
        (gzip.compress(csv("a,b,1"), mtime=0)[:20], "not UTF-8"),
    ],
)
def test_a_file_that_is_no_finished_review_is_refused_with_the_reason(body: bytes, says: str) -> None:
    with pytest.raises(BadReview, match=says):
        read_review(body)


@pytest.mark.shared
@pytest.mark.parametrize("name", ASREVIEW)
def test_real_reviews_are_screened_no_worse_than_by_asreview(name: str, shared_data: Path) -> None:
    done = simulate(read_review((shared_data / "screening" / f"{name}.csv.gz").read_bytes()), seed=1)
    wss, atd = ASREVIEW[name]
    assert done.wss95 >= wss
    assert done.atd <= atd
