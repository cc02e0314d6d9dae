"""When something is to happen: the words, and the days where words and date say them."""

from __future__ import annotations

import datetime

import pytest

from reading.marked import marks_of

TODAY = datetime.date(2021, 3, 15)


@pytest.mark.parametrize(
    ("text", "words", "end"),
    [
        ("It will fail by 2025.", "by 2025", "2025-12-31"),
        ("It will fail before 2025.", "before 2025", "2024-12-31"),
        ("It will fail before the end of 2025.", "before the end of 2025", "2025-12-31"),
        ("It will fail by mid-2025.", "by mid-2025", "2025-06-30"),
        ("It will fail by June 2024.", "by June 2024", "2024-06-30"),
        ("It will fail before 3 June 2024.", "before 3 June 2024", "2024-06-02"),
        ("It will fail by February 30, 2024.", "by February 30, 2024", "2024-02-29"),
        ("It will fail in 2023.", "in 2023", "2023-12-31"),
        ("It will hold through 2022.", "through 2022", "2022-12-31"),
        ("It will fail by the 2040s.", "by the 2040s", "2049-12-31"),
        ("It will fail within 6 months.", "within 6 months", "2021-09-15"),
        ("It will fail in two years.", "in two years", "2023-03-15"),
        ("It will fail within a week.", "within a week", "2021-03-22"),
        ("It will hold for at least the next year.", "for at least the next year", "2022-03-15"),
        ("It will fail in the coming year.", "in the coming year", "2022-03-15"),
        ("It will fail over the next 12 to 18 months.", "over the next 12 to 18 months",
         "2022-09-15"),
        ("It will fail during the next decade.", "during the next decade", "2031-03-15"),
        ("It will fail over the next few months.", "over the next few months", None),
        ("It will fail in several years.", "in several years", None),
        ("It will fail in the near term.", "in the near term", None),
        ("It will hold for the foreseeable future.", "for the foreseeable future", None),
        ("It will fail this year.", "this year", "2021-12-31"),
        ("It will fail before the end of the year.", "before the end of the year", "2021-12-31"),
        ("It will fail this decade.", "this decade", "2029-12-31"),
        ("It will fail by the end of the century.", "by the end of the century", "2100-12-31"),
        ("It will fail next month.", "next month", "2021-04-30"),
        ("It will fail next year.", "next year", "2022-12-31"),
        ("It will fail by the end of next year.", "by the end of next year", "2022-12-31"),
    ],
)  # fmt: skip
def test_the_horizon(text: str, words: str, end: str | None) -> None:
    horizon = marks_of(text, TODAY).horizon
    assert horizon is not None
    assert horizon.span.text == words
    assert (horizon.end.isoformat() if horizon.end else None) == end
    undated = marks_of(text).horizon
    assert undated is None or undated.end is None or undated.end.isoformat() == end


@pytest.mark.parametrize(
    "text",
    [
        "It failed in 2015.",
        "It has been weak since 2018.",
        "It will be as it was in 2019.",
        "It held for three years.",
        "Earlier this year it may have failed.",
        "It will fail.",
        "It served during the past decade.",
    ],
)
def test_what_is_past_or_a_length_is_no_horizon(text: str) -> None:
    assert marks_of(text, TODAY).horizon is None


@pytest.mark.parametrize("date", [datetime.date(9999, 12, 31), datetime.date(1, 1, 1)])
@pytest.mark.parametrize(
    "text",
    [
        "It will fail within 999 decades.",
        "It will fail this century, next month or next year.",
        "It will fail next year.",
        "It will fail next month.",
        "It will fail by May 0, 2024.",
        "It will fail by 99 May 2199.",
        "It will fail before 99 May 2199.",
    ],
)
def test_no_date_of_the_calendar_is_too_far(text: str, date: datetime.date) -> None:
    marks_of(text, date)
