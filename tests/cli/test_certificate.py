"""``detente forecast CASE --certificate``: printed at 80 columns, and in the JSON.

Would catch: a certificate of the base game where the game was changed, lines that are too long,
JSON without it, and a forecast that works it out unasked.
"""

from __future__ import annotations

import json

from click.testing import CliRunner

from detente.cli import main


def call(*words: str) -> str:
    found = CliRunner().invoke(main, list(words))
    assert found.exit_code == 0, found.output
    return found.output


def test_a_certificate_is_printed_when_asked_for() -> None:
    text = call("forecast", "chicken", "--certificate")
    assert max(map(len, text.splitlines())) <= 80
    assert "row regrets most at row.wheel straight, col.wheel swerve" in text
    assert "Certificate" not in call("forecast", "chicken")


def test_it_is_in_the_json_and_of_the_changed_game() -> None:
    plain = json.loads(call("forecast", "sanctions", "--json"))
    assert "certificate" not in plain
    base, held = (
        json.loads(call("forecast", "sanctions", "--certificate", "--json", *more))["certificate"]
        for more in ([], ["--do", "target.programme=frozen"])
    )
    assert [row["actor"] for row in base["regrets"]] == ["sender", "neighbour", "target"]
    assert base["starts"]["true"]["tried"] == 20
    assert base["regrets"][2]["largest"] > 0.1
    assert held["regrets"][2]["largest"] < 1e-6
