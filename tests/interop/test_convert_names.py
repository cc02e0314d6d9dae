"""What `convert` takes and says: built-in cases by name, the files it wrote, names of any kind.

Would catch: a built-in name refused, a file announced that is not there, names of strategies that
YAML reads as nothing or as a number, a DRN file whose jumps, labels or start are not the chain's.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.case import load
from detente.cli import main
from detente.errors import InputError
from detente.interop import convert, nfg_to_case, read_nfg, write_storm
from random_conflicts import random_spec

NAMES = (
    *("null", "Null", "true", "false", "yes", "no", "on", "~", "1.0", "1e3", "0x1f", "01", "007"),
    *(".inf", ".nan", "not", "a: b"),
)


def converted(tmp_path: Path, source: str, target: str) -> list[str]:
    found = CliRunner().invoke(main, ["convert", source, str(tmp_path / target)])
    assert found.exit_code == 0, found.output
    lines = found.output.splitlines()
    written = [Path(line.removeprefix("wrote ")) for line in lines if line.startswith("wrote ")]
    assert all(file.is_file() for file in written)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(f.name for f in written)
    return [file.name for file in written]


@pytest.mark.parametrize("name", ["sanctions", "chicken"])
def test_a_built_in_case_by_name(tmp_path, name):
    assert converted(tmp_path, name, "my.yaml") == ["my.yaml"]
    assert load(tmp_path / "my.yaml").sha256 == load(name).sha256


def test_a_built_in_case_with_a_table_stands_in_one_file(tmp_path):
    assert converted(tmp_path, "peninsula", "my.yaml") == ["my.yaml"]
    assert load(tmp_path / "my.yaml").history == load("peninsula").history


@pytest.mark.parametrize(
    ("target", "files"),
    [
        ("c.prism", ["c.prism"]),
        ("c.tra", ["c.sta", "c.tra", "c.lab"]),
        ("c.drn", ["c.drn"]),
        ("c.nfg", ["c.nfg"]),
        ("c.gmcr", ["c.gmcr"]),
    ],
)
def test_the_files_named_are_the_files_written(tmp_path, target, files):
    assert converted(tmp_path, "chicken", target) == files


def test_a_name_that_is_nearly_a_built_in_one():
    with pytest.raises(InputError, match="did you mean 'sanctions'"):
        convert("santions", "x.yaml")


def game(first: list[str], second: list[str]) -> str:
    names = " ".join("{ " + " ".join(json.dumps(n) for n in own) + " }" for own in (first, second))
    numbers = " ".join(map(str, range(1, 2 * len(first) * len(second) + 1)))
    return f'NFG 1 R "n" {{ "A" "B" }} {{ {names} }} "" {numbers}'


@pytest.mark.parametrize("name", NAMES)
def test_a_strategy_of_any_name_is_read(name, tmp_path):
    source = tmp_path / "game.nfg"
    source.write_text(game([name, "other"], ["l", "r"]), "utf-8")
    convert(source, tmp_path / "game.yaml")
    conflict = load(tmp_path / "game.yaml").conflict()
    assert conflict.utility["a"].tolist() == [[1, 5], [3, 7]]
    assert conflict.label(0)["a.strategy"] == conflict.options["a"]["strategy"][0]


def test_names_of_strategies_come_back(tmp_path):
    """A level's name is the strategy's; what no level can be called stands in the option's text."""
    source = tmp_path / "game.nfg"
    source.write_text(game(["null", "7"], ["Form Task Force", "l"]), "utf-8")
    convert(source, tmp_path / "game.yaml")
    convert(tmp_path / "game.yaml", tmp_path / "back.nfg")
    assert '{ { "null" "7" } { "form_task_force" "l" } }' in (tmp_path / "back.nfg").read_text()
    first, second = (actor.options[0].about for actor in load(tmp_path / "game.yaml").actors)
    assert first == ""
    assert second == "form_task_force: Form Task Force"


@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True))
@settings(max_examples=30, deadline=None)
def test_strategies_keep_their_order_and_payoffs(names):
    text = game(names, ["l", "r"])
    conflict = read_nfg(text)
    assert conflict.utility["a"].ravel(order="F").tolist() == list(range(1, 4 * len(names), 2))
    assert nfg_to_case(text).count("levels:") == 2


def read_drn(path: Path) -> tuple[int, np.ndarray, np.ndarray, list[set[str]]]:
    """Return number of states, rates, rates of leaving and labels, by a reader of its own."""
    head, _, body = path.read_text("ascii").partition("@model\n")
    lines = head.splitlines()
    assert lines[0] == "@type: CTMC"
    count = int(lines[lines.index("@nr_states") + 1])
    assert int(lines[lines.index("@nr_choices") + 1]) == count
    rates, leaving, labels = np.zeros((count, count)), np.zeros(count), []
    for line in body.splitlines():
        if line.startswith("state "):
            _, number, rate, *own = line.split()
            assert int(number) == len(labels)
            leaving[len(labels)] = float(rate.removeprefix("!"))
            labels.append(set(own))
        elif line.startswith("\t\t"):
            there, rate = line.split(" : ")
            rates[len(labels) - 1, int(there)] = float(rate)
        else:
            assert line == "\taction 0"
    return count, rates, leaving, labels


@pytest.mark.parametrize("seed", range(8))
def test_a_drn_file_holds_the_chain(seed, tmp_path):
    conflict = random_spec(np.random.default_rng([seed, 43]), largest=40, sharpness=1.0).build()
    equilibrium = conflict.equilibrium()
    last = [int(k) for k in np.argwhere(conflict.feasible)[-1]]
    path = write_storm(equilibrium, tmp_path / "chain", start=last)
    assert path.name == "chain.drn"
    count, rates, leaving, labels = read_drn(path)
    np.testing.assert_allclose(rates.sum(axis=1), leaving, rtol=1e-12)
    stuck = [k for k in range(count) if "deadlock" in labels[k]]
    assert all(rates[k, k] == 1.0 for k in stuck)
    np.fill_diagonal(rates, 0.0)
    generator = equilibrium.generator().toarray()
    np.fill_diagonal(generator, 0.0)
    np.testing.assert_array_equal(rates, generator)
    assert [k for k in range(count) if "init" in labels[k]] == [count - 1]
    for k, axis in enumerate(conflict.space.axes):
        for level, name in enumerate(axis.levels):
            marked = {
                n for n in range(count) if f"{axis.name}_{name}".replace(".", "_") in labels[n]
            }
            states = np.argwhere(conflict.feasible)
            assert marked == {n for n in range(count) if states[n, k] == level}


def test_from_a_path_that_is_a_text(tmp_path):
    source = Path(detente.__file__).parent / "cases" / "chicken.yaml"
    assert [f.name for f in convert(str(source), str(tmp_path / "c.drn"))] == ["c.drn"]
