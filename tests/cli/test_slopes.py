"""``detente slopes``: how fast answers move with the parameters.

Would catch: a claim or parameter that is asked for and not taken, a setting that is dropped, a name
that does not exist and gets no remedy.
"""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from detente import load
from detente.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["slopes", *arguments])


def test_a_line_for_each_claim_says_where_it_is_steepest() -> None:
    words = run("sanctions")
    assert words.exit_code == 0
    for claim in load("sanctions").claims:
        assert (claim.id in words.output) == (claim.ask is not None)
    assert "changes most by 1 % of" in words.output


def test_json_gives_the_slopes_that_are_asked_for() -> None:
    words = run("sanctions", "--claim", "T1", "--by", "security", "--set", "security=0.4", "--json")
    found = json.loads(words.stdout)
    case = load("sanctions").set(security=0.4)
    assert found["at"] == {"security": 0.4}
    assert found["claims"]["T1"]["slopes"] == case.slopes(["T1"], ["security"]).of("T1")


def test_a_query_is_asked_in_place_of_claims_or_beside_one() -> None:
    query = "until: tension == high"
    alone = json.loads(run("sanctions", "--ask", query, "--json").stdout)
    assert list(alone["claims"]) == [query]
    beside = json.loads(run("sanctions", "--ask", query, "--claim", "T1", "--json").stdout)
    assert list(beside["claims"]) == ["T1", query]
    assert beside["claims"][query]["answer"] == alone["claims"][query]["answer"]


def test_what_does_not_exist_gets_a_remedy() -> None:
    for arguments, right in ((["--claim", "T11"], "T1"), (["--by", "securiti"], "security")):
        words = run("sanctions", *arguments)
        assert words.exit_code == 2
        assert right in words.output
