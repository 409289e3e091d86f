"""What is counted, by hand-made archives whose answer is known; the same from every format."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from serve.report import survey as surveys
from serve.report.columns import Wanted, find_columns
from serve.report.moments import Clock
from serve.report.rises import LEVEL, Series, find_rises
from serve.report.spans import find_span


def as_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for given in rows:
            told = {k: "|".join(v) if isinstance(v, list) else v for k, v in given.items()}
            writer.writerow({k: str(v).lower() if isinstance(v, bool) else v for k, v in told.items()})


def as_parquet(path, rows):
    pq.write_table(pa.Table.from_pylist(rows), path)


def as_gzip(path, rows):
    path.write_bytes(gzip.compress("".join(json.dumps(r) + "\n" for r in rows).encode()))


@pytest.mark.parametrize(("name", "save"), [("a.csv", as_csv), ("a.parquet", as_parquet), ("a.jsonl.gz", as_gzip)])
def test_every_format_tells_the_same(report, row, tmp_path, name, save):
    rows = [row(n, issues=["damaged", "claim"] if n % 5 == 0 else [row(n)["issue"]]) for n in range(60)]
    save(tmp_path / name, rows)
    plain = report(rows).replace("labelled.jsonl", name)
    assert report(tmp_path / name) == plain


def test_counts(report, row):
    rows = [row(n) for n in range(50)]
    rows[0]["issues"] = ["damaged", "claim"]
    rows[1] |= {"language": "fi", "supported": False}
    report([*rows, row(51, issue=None, issues=None, error="line 9: 2 fields for 3 columns")])
    tally = report.tally
    assert (tally.rows, tally.whole.messages, tally.unsupported) == (51, 50, 1)
    assert tally.whole.issues == {
        "damaged": 10,
        "size_fit": 10,
        "not_as_described": 10,
        "where_is_order": 10,
        "thanks": 10,
        "claim": 1,
    }
    assert tally.errors == {"# fields for # columns": 1}
    assert tally.languages["fi"].messages == 1
    assert {name: group.messages for name, group in tally.marketplaces.items()} == {"amazon": 25, "shopee": 25}
    assert tally.whole.needs_person == 13
    assert sum(group.messages for group in tally.periods.values()) == 50
    assert tally.whole.mean_score == -0.5


def test_answers_within_the_clock(report, row):
    """Amazon's clock is 24 hours, Shopee's 12; what is unanswered is overdue or not when the archive ends."""
    rows = [row(n, issue="damaged") for n in range(4)]
    at = [datetime.fromisoformat(r["sent_at"]) for r in rows]
    hours = {0: 23, 1: 13, 2: None, 3: None}
    for n, given in enumerate(rows):
        given["answered_at"] = None if hours[n] is None else (at[n] + timedelta(hours=hours[n])).isoformat()
    rows.append(row(4, issue="thanks", answered_at=None))
    rows.append(row(5, issue="damaged", marketplace="Amazon", answered_at=(at[0] - timedelta(days=1)).isoformat()))
    report(rows)
    amazon, shopee = (report.tally.answers.by_marketplace[name] for name in ("amazon", "shopee"))
    assert (amazon.within, amazon.late, amazon.overdue, amazon.waiting, amazon.unusable) == (1, 0, 1, 0, 1)
    assert (shopee.within, shopee.late, shopee.overdue, shopee.waiting) == (0, 1, 1, 0)
    assert report.tally.answers.whole().share == 0.25


def test_rise_of_one_article_is_found_and_named(report, row):
    rows = [row(n, issue=("size_fit", "claim")[n % 2]) for n in range(160)]
    for n in range(150, 160):
        rows[n] |= {"issue": "safety", "issues": ["safety"], "sku": "KETTLE"}
    page = report(rows)
    assert "KETTLE" in page.split('id="rises"')[1].split("</section>")[0]
    assert "Benjamini and Hochberg" in page
    quiet = report([row(n) for n in range(160)])
    assert "Nothing rose suddenly" in quiet


def test_rises_need_size_and_certainty():
    steady = [Series("article", f"A{n}", "damaged", 10, 90, 0.1) for n in range(50)]
    assert find_rises(steady)[0] == []
    slight = Series("all", "", "claim", 12_000, 90_000, 0.1)  # sure, and only a fifth more than expected
    few = Series("all", "", "safety", 4, 4, 0.001)
    assert find_rises([*steady, slight, few])[0] == []
    new = Series("all", "", "safety", 9, 0, 0.1)
    found, tested = find_rises([*steady, new])
    assert [rise.series for rise in found] == [new]
    assert tested == 51
    assert found[0].q <= LEVEL
    assert found[0].p == pytest.approx(1e-9)  # nine of nine in a tenth of the time
    assert found[0].q == pytest.approx(51e-9)
    assert find_rises([]) == ([], 0)


def test_days_weeks_months():
    first = date(2026, 1, 5)
    for days, period, recent in ((3, "day", 0), (10, "day", 2), (45, "day", 7), (46, "week", 7), (401, "month", 28)):
        span = find_span({first: 1, first + timedelta(days=days - 1): 1})
        assert (span.period, span.recent_days) == (period, recent)
        assert span.starts()[0] == span.start_of(first)
        assert span.starts()[-1] == span.start_of(span.last)
        assert len(set(span.starts())) == len(span.starts())
    assert find_span({}) is None


def test_stray_dates_do_not_stretch_the_picture(report, row):
    counts = {date(2026, 1, 1) + timedelta(days=n): 100 for n in range(30)}
    span = find_span({**counts, date(2001, 1, 1): 1, date(2099, 1, 1): 1})
    assert (span.first, span.last) == (date(2026, 1, 1), date(2026, 1, 30))
    assert find_span({date(2001, 1, 1): 1, date(2026, 1, 1): 1}).first == date(2001, 1, 1)


def test_memory_is_bounded_where_articles_are_not(report, row, monkeypatch):
    monkeypatch.setattr(surveys, "MAX_ARTICLES", 20)
    monkeypatch.setattr(surveys, "TRACKED_ARTICLES", 5)
    monkeypatch.setattr("serve.report.records.BATCH_ROWS", 10)
    page = report([row(n, sku="MUCH" if n % 2 else f"RARE-{n}", issue="size_fit") for n in range(200)])
    assert len(report.tally.articles) <= 5 + surveys.FOCUS_ARTICLES
    assert report.tally.articles["MUCH"].messages == 100
    assert "with the most messages" in page


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-04T10:00:00.5+02:00", "2026-03-04T10:00:00.500000+02:00"),
        ("2026/3/4 9:05", "2026-03-04T09:05:00+00:00"),
        ("4.3.2026, 21:05:09", "2026-03-04T21:05:09+00:00"),
        ("04/03/2026 9:05 PM", "2026-03-04T21:05:00+00:00"),
        ("2026年3月4日 21時05分", "2026-03-04T21:05:00+00:00"),
        ("2026년 3월 4일", "2026-03-04T00:00:00+00:00"),
        ("Wed, 04 Mar 2026 10:00:00 +0100", "2026-03-04T10:00:00+01:00"),
        ("1772618400000", "2026-03-04T10:00:00+00:00"),
        ("2026-02-30", None), ("1970-01-01", None), ("", None), ("12", None), ("tomorrow", None), (True, None), ([], None),
        (datetime(2026, 3, 4, tzinfo=UTC), "2026-03-04T00:00:00+00:00"), (float("nan"), None),
    ],
)  # fmt: skip
def test_times_as_archives_write_them(text, moment):
    read = Clock().read(text)
    assert (read and read.isoformat()) == moment


def test_month_first_is_learnt_from_the_column():
    clock = Clock()
    assert clock.read("03/04/2026").month == 4
    clock.learn("03/24/2026 10:00")
    assert clock.read("03/04/2026").month == 3


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Datum", "Artikelnummer", "Plattform", "Nachricht"], ("Nachricht", "Datum", "Artikelnummer", "Plattform")),
        (["日時", "商品コード", "モール", "本文"], ("本文", "日時", "商品コード", "モール")),
        (["时间", "商品编号", "平台", "留言"], ("留言", "时间", "商品编号", "平台")),
        (["Fecha", "Artículo", "Canal de venta", "Mensaje"], ("Mensaje", "Fecha", "Artículo", "Canal de venta")),
        (["تاريخ", "المنتج", "المنصة", "رسالة"], ("رسالة", "تاريخ", "المنتج", "المنصة")),
        (["дата", "артикул", "площадка", "сообщение"], ("сообщение", "дата", "артикул", "площадка")),
        (["foo", "bar"], (None, None, None, None)),
    ],
)  # fmt: skip
def test_columns_by_their_usual_names(names, found):
    columns = find_columns([*names, "issue", "language"], Wanted(), "a.csv")
    assert (columns.text, columns.time, columns.article, columns.platform) == found
