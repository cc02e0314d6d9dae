"""What happened beside the forecast, and what each claim rests on: page and JSON.

Catches: a row of the record without its date, level or source; a bar at another time or level than
its row; ground called known that is not; an expected level of the wrong draws; a citation lost
between case, page and JSON; a table of claims whose verdict is off a narrow screen.
"""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from detente.analysis import Analysis, analyse
from detente.case import read_case
from detente.drawing import ForecastLevels, record_figure
from detente.evidence import Entry, Track
from detente.report import render
from report.conftest import CASE
from report.page_outline import Outline

ROWS = """
history:
  - date: 2019-03-01
    until: 2019-09-01
    variable: highlands.toll
    level: steep
    source: harbour-2021
    confidence: low
    note: "A <dear> summer"
  - date: 2020-01-01
    until: 2020-02-01
    variable: highlands.toll
    level: fair
    kind: from
    source: rumour
  - {date: 2022-01-01, variable: highlands.toll, kind: gap, source: rumour, note: The office burnt}
  - {date: 2020-06-01, variable: weather, level: "storms:0.7|fair_season:0.3", source: rumour}
"""


@pytest.fixture(scope="module")
def recorded() -> Analysis:
    text = CASE.read_text(encoding="utf-8").replace("clock: {", "clock: {since: 2019-01-01, ")
    return analyse(read_case((text + ROWS).encode(), "straits.yaml"), draws=4, rng=1)


@pytest.fixture(scope="module")
def text(recorded: Analysis) -> str:
    return render(recorded)


def section(page: str) -> str:
    return page.split('<section id="record"')[1].split("</section>", maxsplit=1)[0]


def test_every_row_is_there_with_date_level_source_and_note(text: str) -> None:
    outline = Outline(text)
    for words in (
        "1 Mar 2019 to 1 Sept 2019",
        "1 Jan 2020 to 1 Feb 2020",
        "change to fair",
        "nothing known",
        "fair season (30\u202f%) or storms (70\u202f%)",
        "low confidence",
        "A <dear> summer",
        "Nothing is recorded of The Lowlands: convoy and The Lowlands: talks.",
    ):
        assert words in outline.text, words
    assert section(text).count('href="#source-rumour"') == 3
    assert 'href="#record"' in text


def test_it_works_without_script_and_every_figure_has_its_table(text: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", section(text), flags=re.DOTALL)
    assert len(figures) == 2
    for figure in figures:
        for part in ("<figcaption>", "<table", "<details>", "<caption>", "today</text>"):
            assert part in figure
    assert "<script" not in text


def test_each_bar_says_its_date_level_and_source(text: str) -> None:
    titles = re.findall(r"<rect[^>]*><title>(.*?)</title>", section(text))
    assert any(
        title.startswith("1 Mar 2019 to 1 Sept 2019: steep. Notes from a harbour")
        and title.endswith("(harbour-2021). A &lt;dear&gt; summer")
        for title in titles
    )


def test_a_case_without_a_history_has_no_such_section(page: str) -> None:
    assert 'id="record"' not in page
    assert "#record" not in page


def bars(drawing: str, name: str) -> list[tuple[float, float, float]]:
    found = []
    for tag in re.findall(r"<rect[^>]*>", drawing):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given["class"] == name:
            found.append(tuple(float(given[key]) for key in ("x", "y", "width")))
    return found


def test_bars_stand_at_their_times_and_levels() -> None:
    """Ten years over 268 points from 84: a hold from year 2 to 4, a sighting in doubt at year 8."""
    wet = Entry("from", 1.0, 2.0, 4.0, np.array([0.0, 1.0]))
    doubt = Entry("seen", 8.0, 8.0, 8.0, np.array([0.25, 0.75]))
    gap = Entry("gap", 4.0, 6.0, 6.0, np.ones(2))
    track = Track("rain", 0, ("dry", "wet"), (wet, gap, doubt))
    times = np.array([5.0, 10.0])
    shares = np.array([[1.0, 0.0], [0.5, 0.5]])
    expected = np.array([[0.0, 0.2], [0.0, 0.5], [0.0, 0.8]])
    drawing = record_figure(
        track, ForecastLevels(times, shares, expected), (0.0, 9.0, 10.0), [(0.0, "2000")],
        ("rain", ["dry", "wet"], ["one", "two", "three"]),
    )  # fmt: skip
    scale = 268.0 / 10.0
    seen = bars(drawing, "seen")
    assert [(x, width) for x, _, width in seen] == [
        (pytest.approx(84 + 2 * scale, abs=0.06), pytest.approx(2 * scale, abs=0.06)),
        (pytest.approx(84 + scale, abs=0.06), pytest.approx(scale, abs=0.06)),
        *[(pytest.approx(84 + 8 * scale - 1.2, abs=0.06), 2.4)] * 2,
    ]
    # The doubtful sighting has a bar on each level, the lower level below.
    assert seen[2][1] - seen[3][1] == pytest.approx(18.0)
    assert seen[0][1] == seen[3][1]
    assert len(bars(drawing, "known")) == 1
    assert bars(drawing, "unknown")[0][2] == pytest.approx(9 * scale, abs=0.06)
    assert 'class="band90"' in drawing
    strips = record_figure(
        track, ForecastLevels(times, shares, None), (0.0, 9.0, 10.0), [],
        ("rain", ["dry", "wet"], ["one", "two", "three"]),
    )  # fmt: skip
    assert len(bars(strips, "strip")) == 2
    assert 'class="line"' not in strips


def test_the_expected_level_is_the_mean_place_over_each_draw(recorded: Analysis) -> None:
    share = recorded.study.share("highlands.toll").astype(float)
    places = np.array([[sum(k * p for k, p in enumerate(point)) for point in d] for d in share])
    low, middle, high = recorded.expected_levels["highlands.toll"]
    assert middle == pytest.approx(np.median(places, axis=0))
    assert (low <= middle).all()
    assert (middle <= high).all()


def test_citations_are_on_the_page_and_in_the_results(findings: Analysis, page: str) -> None:
    told = json.loads(json.dumps(findings.to_dict(), allow_nan=False))
    where = told["citations"]["C1"]["where"]
    assert (where["paragraph"], where["sentence"], where["hash"]) == (1, 2, "0123456789abcdef")
    assert where["source"]["title"] == "Notes from a harbour <b>office</b>"
    assert where["source"]["address"] == "https://example.org/notes?a=1&b=2"
    evidence = told["citations"]["C1"]["evidence"]
    assert [one["id"] for one in evidence] == ["harbour-2021", ""]
    assert evidence[1]["title"] == "a <em>ledger</em>"
    assert told["citations"]["C9"]["evidence"][0]["title"] == "A rumour"
    assert told["citations"]["C3"] == {"where": None, "evidence": []}
    assert set(told["sources"]) == {"harbour-2021", "rumour"}
    assert told["record"] is None
    row = page.split('<tr id="claim-C1">')[1].split("</tr>", maxsplit=1)[0]
    for words in (
        'href="#source-harbour-2021"',
        "Notes from a harbour &lt;b&gt;office&lt;/b&gt;",
        "A. Pilot, Harbour Press, 15 Mar 2021",
        "paragraph 1, sentence 2",
        'href="https://example.org/notes?a=1&amp;b=2"',
        "a &lt;em&gt;ledger&lt;/em&gt;",
    ):
        assert words in row, words
    # An address that is none of the web is printed, and leads nowhere.
    row = page.split('<tr id="claim-C9">')[1].split("</tr>", maxsplit=1)[0]
    assert '<span class="address">javascript:alert(1)</span>' in row


def test_the_record_is_in_the_results(recorded: Analysis) -> None:
    entries = json.loads(json.dumps(recorded.to_dict(), allow_nan=False))["record"]["entries"]
    assert [entry["source"] for entry in entries] == ["harbour-2021", "rumour", "rumour", "rumour"]
    assert entries[0]["levels"] == {"steep": 1.0}


def test_a_claim_not_resolved_is_not_said_to_be_undecidable(page: str) -> None:
    rows = {
        name: page.split(f'<tr id="claim-{name}">')[1].split("</tr>", maxsplit=1)[0]
        for name in ("C3", "C4")
    }
    assert "Not resolved yet" in rows["C3"]
    assert "Cannot be told" in rows["C4"]


def test_on_a_narrow_screen_the_verdict_stands_beside_the_claim(page: str) -> None:
    """Rows are stacked there, and the verdict is placed in the first line, second column."""
    narrow = page.split("@media screen and (max-width: 52rem) {\n  .claims", maxsplit=1)[1]
    assert ".claims tbody > tr > .stands:nth-child(n) { grid-area: 1 / 2; }" in narrow
    assert "{ min-width: 0; }" in narrow
    row = page.split('<tr id="claim-C1">')[1].split("</tr>", maxsplit=1)[0]
    assert re.search(r'<td class="stands">\s*<p><span class="verdict">', row)
