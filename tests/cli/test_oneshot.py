"""The command that plays a conflict once: what it prints, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import main
from detente.errors import AnalysisError
from detente.oneshot import OneShot

GAMES = Path(__file__).parents[1] / "oneshot" / "games"


@pytest.mark.parametrize("extra", [[], ["--state", "today"], ["--state", "row.wheel=straight"]])
def test_both_equilibria_of_chicken_are_told(extra: list[str]) -> None:
    found = CliRunner().invoke(main, ["oneshot", "chicken", *extra])
    assert found.exit_code == 0, found.output
    assert "2 Nash equilibria in pure choices" in found.output
    assert "3 Nash equilibria" in found.output
    assert "Logit equilibrium at precision" in found.output


def test_json_holds_everything() -> None:
    found = CliRunner().invoke(main, ["oneshot", "chicken", "--qre", "2", "--json"])
    whole = json.loads(found.output)
    assert whole["logit"]["precision"] == {"row": 2.0, "col": 2.0}
    assert len(whole["pure"]["equilibria"]) == 2
    assert len(whole["mixed"]["equilibria"]) == 3
    assert whole["game"]["costs"] is False


def test_three_actors_have_no_mixed_list() -> None:
    found = CliRunner().invoke(main, ["oneshot", "sanctions", "--state", "today", "--costs"])
    assert found.exit_code == 0, found.output
    assert "sanctions none, offer none" in found.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chicken", "--qre", "-1"], "precision of row is -1.0"),
        (["chicken", "--state", "row.wheel"], "is not NAME=VALUE"),
        (["chicken", "--state", "row.wheel=left"], "no level 'left'"),
        (["chicken", "--costs"], "costs of change need a state"),
    ],
)
def test_wrong_words_are_refused(words: list[str], message: str) -> None:
    found = CliRunner().invoke(main, ["oneshot", *words])
    assert found.exit_code == 2
    assert message in found.output


def test_a_lost_logit_branch_does_not_hide_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell of minus a billion is too steep for the branch, and for nothing else."""
    game, case = GAMES / "very_bad_cell.nfg", tmp_path / "game.yaml"
    assert CliRunner().invoke(main, ["convert", str(game), str(case)]).exit_code == 0
    found = CliRunner().invoke(main, ["oneshot", str(case)])
    assert found.exit_code == 1
    assert "2 Nash equilibria in pure choices" in found.output
    assert "3 Nash equilibria" in found.output
    assert "the branch of logit equilibria was lost" in found.output
    (words,) = re.findall("the branch of logit equilibria was lost.*", found.output)

    def lost(game: OneShot, precision: float | None) -> None:
        raise AnalysisError(words)

    # Following the branch until it is lost takes most of the time: once is enough.
    monkeypatch.setattr(OneShot, "qre", lost)
    told = json.loads(CliRunner().invoke(main, ["oneshot", str(case), "--json"]).stdout)
    assert "logit" not in told
    assert len(told["mixed"]["equilibria"]) == 3


def test_a_time_limit_is_more_than_nothing() -> None:
    found = CliRunner().invoke(main, ["oneshot", "chicken", "--time-limit", "0"])
    assert found.exit_code == 2
    assert "the time limit is 0.0 seconds; give more than 0" in found.output
