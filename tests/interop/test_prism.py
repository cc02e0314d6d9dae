"""The chain as PRISM's files and as a program in its language, read back by small readers.

Would catch: rates or states in another order, a diagonal among the rates, an absorbing state that
is left out, labels on the wrong states, names that PRISM cannot read, a digit lost on the way.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from detente.cli import main
from detente.conflict import Conflict
from detente.errors import AnalysisError, InputError
from detente.interop import write_prism, write_prism_program
from random_conflicts import random_spec

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_back(files: tuple[Path, Path, Path]) -> tuple[list, list, np.ndarray, dict]:
    """Return the names of variables, the states, the rates off the diagonal, and the labels."""
    header, *rows = files[0].read_text("ascii").splitlines()
    names = header.strip("()").split(",")
    states = []
    for number, row in enumerate(rows):
        place, _, levels = row.partition(":")
        assert int(place) == number
        states.append(tuple(map(int, levels.strip("()").split(","))))
    size, *jumps = files[1].read_text("ascii").splitlines()
    count, listed = map(int, size.split())
    assert (count, listed) == (len(states), len(jumps))
    rates = np.zeros((count, count))
    for jump in jumps:
        here, there, rate = jump.split()
        assert rates[int(here), int(there)] == 0.0
        rates[int(here), int(there)] = float(rate)
    # A jump to itself changes nothing; PRISM asks that every state has some jump.
    assert (rates.sum(axis=1) > 0.0).all()
    np.fill_diagonal(rates, 0.0)
    header, *rows = files[2].read_text("ascii").splitlines()
    known = dict(part.split("=") for part in header.split())
    labels = {text.strip('"'): set() for text in known.values()}
    for row in rows:
        place, _, marks = row.partition(":")
        for mark in marks.split():
            labels[known[mark].strip('"')].add(int(place))
    return names, states, rates, labels


@pytest.mark.parametrize("seed", range(12))
def test_what_is_written_reads_back_the_same(seed: int, tmp_path: Path) -> None:
    conflict = random_spec(np.random.default_rng([seed, 41]), largest=40, sharpness=1.0).build()
    equilibrium = conflict.equilibrium()
    axis = conflict.space.axes[0].name
    first = [int(k) for k in np.argwhere(conflict.feasible)[-1]]
    files = write_prism(equilibrium, tmp_path / "chain.prism", {"low": f"{axis} == 0"}, start=first)
    assert [file.name for file in files] == ["chain.sta", "chain.tra", "chain.lab"]
    names, states, rates, labels = read_back(files)
    assert names == [a.name.replace(".", "_") for a in conflict.space.axes]
    assert states == [tuple(row) for row in np.argwhere(conflict.feasible).tolist()]
    generator = equilibrium.generator().toarray()
    np.fill_diagonal(generator, 0.0)
    np.testing.assert_array_equal(rates, generator)
    assert labels["init"] == {len(states) - 1}
    assert labels["deadlock"] == set(np.flatnonzero(generator.sum(axis=1) == 0.0).tolist())
    assert labels["low"] == {k for k, state in enumerate(states) if state[0] == 0}
    for k, variable in enumerate(conflict.space.axes):
        for level, name in enumerate(variable.levels):
            marked = labels[f"{variable.name.replace('.', '_')}_{name}"]
            assert marked == {n for n, state in enumerate(states) if state[k] == level}
    assert all(IDENTIFIER.fullmatch(label) for label in labels)


def read_program(path: Path) -> tuple[dict[str, int], list[tuple], dict[str, str]]:
    """Return where each variable starts, (from, to, rate) of every jump, and labels."""
    text = path.read_text("ascii")
    assert text.startswith("ctmc\n\nmodule chain\n")
    start = {n: int(k) for n, k in re.findall(r"^  (\w+) : \[0\.\.\d+\] init (\d+);$", text, re.M)}
    jumps = []
    for guard, out in re.findall(r"^  \[\] (.*) -> (.*);$", text, re.M):
        here = {name: int(level) for name, level in (part.split("=") for part in guard.split("&"))}
        assert [*here] == [*start]
        for jump in out.split(" + "):
            rate, _, change = jump.partition(":")
            new = {n: int(k) for n, k in re.findall(r"\((\w+)'=(\d+)\)", change)}
            jumps.append((tuple(here.values()), tuple((here | new).values()), float(rate)))
    labels = dict(re.findall(r'^label "(\w+)" = (.*);$', text, re.M))
    assert len(text.splitlines()) == 5 + len(start) + text.count("[] ") + len(labels)
    return start, jumps, labels


@pytest.mark.parametrize("seed", range(8))
def test_a_program_holds_the_chain(seed: int, tmp_path: Path) -> None:
    conflict = random_spec(np.random.default_rng([seed, 41]), largest=40, sharpness=1.0).build()
    equilibrium = conflict.equilibrium()
    axis = conflict.space.axes[0].name
    states = [tuple(row) for row in np.argwhere(conflict.feasible).tolist()]
    asked = {"low": f"{axis} == 0"}
    path = write_prism_program(equilibrium, tmp_path / "chain", asked, start=states[-1])
    start, jumps, labels = read_program(path)
    assert tuple(start.values()) == states[-1]
    generator = equilibrium.generator().toarray()
    np.fill_diagonal(generator, 0.0)
    place = {state: k for k, state in enumerate(states)}
    rates = np.zeros_like(generator)
    for here, there, rate in jumps:
        rates[place[here], place[there]] += rate
    np.testing.assert_array_equal(rates, generator)
    first = next(iter(start))
    assert labels.pop("low").count(f"({first}=0") == sum(state[0] == 0 for state in states)
    for variable, name in zip(conflict.space.axes, start, strict=True):
        for k, level in enumerate(variable.levels):
            assert labels.pop(f"{variable.name.replace('.', '_')}_{level}") == f"{name}={k}"
    assert labels == {}


def test_no_variable_of_a_program_has_a_word_of_the_language_or_anothers_name(
    tmp_path: Path,
) -> None:
    conditions = {"rate": {"levels": ["low", "high"], "rate": 1.0}}
    spoken = Conflict.build({"us": {"offer": 2}}, {"us": np.zeros((2, 2))}, conditions=conditions)
    path = write_prism_program(spoken.equilibrium(), tmp_path / "chain")
    assert [*read_program(path)[0]] == ["us_offer", "rate_"]
    levels = {"b_c": ["n", "y"]}, {"c": ["p", "q"]}
    alike = Conflict.build(
        {"a": levels[0], "a_b": levels[1]}, {name: np.zeros((2, 2)) for name in ("a", "a_b")}
    )
    with pytest.raises(InputError, match="two options or conditions have the same name in PRISM"):
        write_prism_program(alike.equilibrium(), tmp_path / "chain")


def test_a_case_converts_on_the_line(tmp_path: Path) -> None:
    source = Path(detente.__file__).parent / "cases" / "chicken.yaml"
    found = CliRunner().invoke(main, ["convert", str(source), str(tmp_path / "chicken.tra")])
    assert found.exit_code == 0, found.output
    files = tuple(tmp_path / f"chicken{end}" for end in (".sta", ".tra", ".lab"))
    names, states, rates, labels = read_back(files)  # type: ignore[arg-type]
    assert (names, len(states)) == (["row_wheel", "col_wheel"], 4)
    generator = detente.load("chicken").conflict().equilibrium().generator().toarray()
    np.testing.assert_allclose(rates.sum(axis=1), -generator.diagonal(), rtol=1e-14)
    assert labels["init"] == {3}


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"us.offer": "us.offer == 1"}, "not a PRISM label; try 'us_offer'"),
        ({"us_offer_0": "us.offer == 1"}, "taken"),
        ({"init": "us.offer == 1"}, "taken"),
        ({"goal": "us.ofer == 1"}, "us.offer"),
    ],
)
def test_labels_that_cannot_be_written_are_refused(
    labels: dict[str, str], message: str, tmp_path: Path
) -> None:
    conflict = Conflict.build({"us": {"offer": 2}}, {"us": np.zeros(2)})
    with pytest.raises(InputError, match=message):
        write_prism(conflict.equilibrium(), tmp_path / "chain", labels)
    assert list(tmp_path.iterdir()) == []


def test_names_that_fall_together_and_places_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    double = Conflict.build({"us": {"offer": ["a b", "a_b"]}}, {"us": np.zeros(2)})
    with pytest.raises(InputError, match="same name in PRISM"):
        write_prism(double.equilibrium(), tmp_path / "chain")
    plain = Conflict.build({"us": {"offer": 2}}, {"us": np.zeros(2)})
    with pytest.raises(AnalysisError, match="make room or choose another place"):
        write_prism(plain.equilibrium(), tmp_path / "nowhere" / "chain")
