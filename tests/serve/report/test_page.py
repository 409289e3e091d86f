"""The page as a reader meets it: whole without the network, escaped, masked, with a table behind every picture."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from model.errors import UsageError
from serve.report.columns import Wanted

VOID = {"meta", "link", "br", "img", "input", "hr", "path", "use"}


class Elements(HTMLParser):
    """Elements with their attributes, in order, and whether they close as they should."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_page_needs_nothing_else(report, row):
    page = report([row(n) for n in range(80)])
    elements = Elements(page)
    assert {name for name, _ in elements.found}.isdisjoint({"script", "link", "iframe", "img", "object", "embed"})
    addresses = [
        v for _, attributes in elements.found for k, v in attributes.items() if k in ("href", "src", "xlink:href")
    ]
    assert [address for address in addresses if not address.startswith("#")] == []
    assert "@import" not in page
    assert re.findall(r"url\((?!#)", page) == []


def test_every_picture_is_described_and_has_its_table(report, row):
    elements = Elements(report([row(n) for n in range(80)]))
    ids = Counter(attributes["id"] for _, attributes in elements.found if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    pictures = elements.of("svg")
    assert len(pictures) >= 7
    assert all(picture["role"] == "img" and picture["aria-labelledby"] in ids for picture in pictures)
    figures = elements.of("figure")
    assert len(figures) == len(pictures)
    assert len(elements.of("details")) == len(figures) + 1  # and how rises are tested
    targets = [a["href"].removeprefix("#") for a in elements.of("a")]
    assert [name for name in targets if name not in ids] == []
    assert all("scope" in attributes for attributes in elements.of("th"))


def test_headings_leave_out_no_level(report, row):
    levels = [
        int(name[1]) for name, _ in Elements(report([row(n) for n in range(80)])).found if re.fullmatch("h[1-6]", name)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_colours_can_be_read():
    css = (Path(__file__).parents[3] / "serve/report/page.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#\w{6})", css))
    for ink in ("ink", "quiet", "blue", "red", "green"):
        assert contrast(colours[ink], colours["ground"]) >= 4.5, ink


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2.2."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lights = sorted((light(one), light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_same_archive_same_bytes(report, row, write):
    path = write([row(n) for n in range(60)])
    assert report(path) == report(path)


def test_what_an_archive_holds_is_no_markup(report, row):
    evil = "<script>alert(1)</script>"
    rows = [
        row(n, sku=evil, marketplace=evil, message=f"Not at all like the photo {n} {evil}", error=None)
        for n in range(40)
    ]
    page = report([*rows, row(41, issue=None, issues=None, error=evil)], title=evil)
    assert "<script" not in page
    Elements(page)
    assert page.count("&lt;script&gt;") > 10


def test_dollars_and_scripts_of_all_kinds_are_shown(report, row):
    page = report([row(n, sku=("A$B$C", "陶瓷茶杯", "كوب", "शर्ट")[n % 4]) for n in range(40)])
    assert all(page.count(name) >= 2 for name in ("A$B$C", "陶瓷茶杯", "كوب", "शर्ट"))


def test_samples_are_masked_unless_kept(report, row):
    rows = [row(n) for n in range(40)]
    masked = report(rows)
    assert "Tom Weber" not in masked
    assert "it does not look like the photo. Kind regards, [name]" in masked
    kept = report(rows, pii="keep")
    assert "Tom Weber" in kept
    assert "do not pass this page on" in kept


def test_print_and_narrow_screens_are_thought_of(report, row):
    page = report([row(n) for n in range(10)])
    assert "@media print" in page
    assert 'name="viewport"' in page


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_rows(report, row, count):
    page = report([row(n) for n in range(count)])
    Elements(page)
    assert "Rises need times over at least four days" in page


def test_no_rows(report, tmp_path):
    path = tmp_path / "labelled.csv"
    path.write_text("sent_at,message,issue,language\n", encoding="utf-8")
    page = report(path)
    Elements(page)
    assert "The archive holds no rows" in page


def test_bare_archive_says_what_is_missing(report):
    page = report(
        [{"text": "It is torn", "issue": "damaged"}, {"text": "x", "issue": None, "error": "line 7: not valid JSON"}]
    )
    for said in ("--time-column", "--article-column", "--platform-column", "--answered-column", "tells no language"):
        assert said in page
    assert "not valid JSON" in page


def test_columns_that_the_user_names(report):
    rows = [{"when": "2.3.2026", "ref": "A", "text": "It is torn", "issue": "damaged"}]
    page = report(rows, wanted=Wanted(time="when", article="ref"))
    assert "2026-03-02" in page
    with pytest.raises(UsageError, match=r"--time-column: there is no column 'whem' \(did you mean 'when'\?\)"):
        report(rows, wanted=Wanted(time="whem"))


def test_errors_are_for_people(report, row, write, tmp_path):
    unlabelled = write([{"text": "x"}], "plain.jsonl")
    with pytest.raises(UsageError, match="label it first: replydesk label"):
        report(unlabelled)
    labelled = write([row(1)])
    with pytest.raises(UsageError, match="--pii hide is unknown"):
        report(labelled, pii="hide")
    from serve.report.command import run

    with pytest.raises(UsageError, match=r"name it with \.html"):
        run([str(labelled)], tmp_path / "report.csv", Wanted())


def test_words_upon_bars_can_be_read():
    from serve.report import plots

    assert min(contrast(colour, "#ffffff") for colour in (plots.GREEN, plots.AMBER, plots.RED, plots.QUIET)) >= 4.5
