"""Draws of a setting: those of a study of it, in turns, and left off without losing the workers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

import detente
from detente.case import CaseFolder
from detente.engine import Backend, stop_when
from detente.errors import InputError, Stopped
from detente.study import Design, make_design, run_study
from detente.workbench._bench import Bench, Scene
from detente.workbench._draws import DrawTeam, _Turns, draw_of_setting, draws_of
from detente.workbench._setting import Setting


@pytest.fixture
def team(tmp_path: Path) -> Iterator[DrawTeam]:
    started = DrawTeam(tmp_path, Backend("threads", 1))
    yield started
    started.end()


def scene_at(folder: Path, address: str) -> Scene:
    return Bench(CaseFolder(folder)).scene(Setting.parse(address)[0])


def first_rows(design: Design, count: int) -> Design:
    return replace(design, values=design.values[:count], kind="given", shares=np.zeros((0, 0)))


def test_draws_are_those_of_a_study_of_the_setting(team: DrawTeam, tmp_path: Path) -> None:
    """Would catch: another design, another seed, or what is moved that varies all the same."""
    scene = scene_at(tmp_path, "case=sanctions&set.pain=2")
    found = list(team.studies(scene, (2, 8)))
    assert [len(study.completed) for study in found] == [2, 8]
    case = detente.load("sanctions").set(pain=2.0)
    design = make_design(case, 256, 0, "sobol")
    first = run_study(case, design=first_rows(design, 8))
    assert "pain" not in found[-1].design.names
    np.testing.assert_array_equal(found[-1].design.values, design.values)
    np.testing.assert_array_equal(found[-1].values, first.values)
    np.testing.assert_array_equal(found[-1].unscoped, first.unscoped)


def test_workers_of_their_own_give_the_same(tmp_path: Path, team: DrawTeam) -> None:
    """Would catch: a worker that reads another case, or a context that does not travel."""
    scene = scene_at(tmp_path, "case=chicken&set.nerve=4")
    others = DrawTeam(tmp_path, Backend("processes", 1))
    try:
        (there,) = others.studies(scene, (4,))
    finally:
        others.end()
    (here,) = team.studies(scene, (4,))
    np.testing.assert_array_equal(there.values, here.values)


def test_a_setting_that_comes_back_has_its_draws(team: DrawTeam, tmp_path: Path) -> None:
    """Would catch: draws that are solved again, or all stages shown again one by one."""
    scene = scene_at(tmp_path, "case=chicken")
    list(team.studies(scene, (4, 8)))
    team.end()  # from here on nothing can be solved with the workers that were there
    again = list(team.studies(scene, (4, 8)))
    assert [len(study.completed) for study in again] == [8]


def test_a_question_nobody_waits_for_gives_way_between_draws(
    team: DrawTeam, tmp_path: Path
) -> None:
    """Would catch: workers that go on for a setting that was left, or are lost with it."""
    scene = scene_at(tmp_path, "case=chicken")
    gone = Event()
    with stop_when(gone.is_set):
        stages = team.studies(scene, (2, 256))
        next(stages)
        gone.set()
        with pytest.raises(Stopped):
            next(stages)
    (study,) = team.studies(scene, (4,))
    assert len(study.completed) == 4


def test_the_newest_question_has_the_workers_next() -> None:
    """Would catch: an old tab that is served before the one that somebody looks at."""
    turns, order, entered = _Turns(), list[int](), Event()
    first, second, third = (turns.ticket() for _ in range(3))

    def ask(ticket: int) -> None:
        with turns.turn(ticket):
            order.append(ticket)

    with turns.turn(first):
        waiting = [Thread(target=ask, args=(ticket,)) for ticket in (second, third)]
        for thread in waiting:
            thread.start()
        while len(turns._waiting) < 2:
            entered.wait(0.01)
    for thread in waiting:
        thread.join()
    assert order == [third, second]


def test_a_case_that_was_edited_meanwhile_gives_no_draw(tmp_path: Path) -> None:
    """Would catch: draws of one case shown under the name of another."""
    file = tmp_path / "own.yaml"
    file.write_bytes(detente.load("chicken").text)
    address = scene_at(tmp_path, "case=own.yaml").setting.address()
    file.write_text(file.read_text("utf-8").replace("title:", "title: Another"), "utf-8")
    assert draw_of_setting(tmp_path, (address, 0)) is None
    file.write_text("detente: [", "utf-8")
    assert draw_of_setting(tmp_path, (address, 0)) is None


def test_a_hold_for_a_part_of_the_period_is_not_drawn_over(tmp_path: Path) -> None:
    """Would catch: ranges of the case without the hold beside answers with it."""
    bench = Bench(CaseFolder(tmp_path))
    setting, _ = Setting.parse("case=sanctions&do.sender.offer=large&announced=no&during=0,2")
    with pytest.raises(InputError, match="part of the period"):
        next(draws_of(bench, bench.scene(setting)))
