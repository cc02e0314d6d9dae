"""What the bench shares and forgets, and that nothing is left to compile once it is warm.

Catches: a present that is solved anew, or answered from another one's starts; memory that grows
with every move; a first question that waits for a compiler.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from detente.case import CaseFolder
from detente.claims import answer_claim, claims_model
from detente.workbench._bench import MODELS, SCENES, Bench, Scene
from detente.workbench._setting import Setting

MOVES = int(os.environ.get("DETENTE_BATCHES", "60"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(CaseFolder(tmp_path))


def scene_of(bench: Bench, query: str) -> Scene:
    return bench.scene(Setting.parse(query)[0])


def answers(scene: Scene) -> list[float]:
    return [answer_claim(claim, scene.model).value for claim in scene.asked]


def test_another_present_shares_what_is_solved(bench: Bench) -> None:
    usual = scene_of(bench, "case=sanctions&set.pain=1")
    answers(usual)
    other = scene_of(bench, "case=sanctions&set.pain=1&today.target.programme=frozen")
    assert other.model.equilibrium.scaled is usual.model.equilibrium.scaled
    fresh = claims_model(other.case)
    alone = [answer_claim(claim, fresh).value for claim in other.asked]
    assert answers(other) == pytest.approx(alone, abs=1e-9)
    assert answers(other) != pytest.approx(answers(usual), abs=1e-9)
    later = scene_of(bench, "case=sanctions&set.pain=1&start=2027-01-01")
    assert later.model.equilibrium.scaled is usual.model.equilibrium.scaled
    assert answers(later) == answers(usual)


def test_a_moved_scene_does_not_outlive_the_bench_s_memory(bench: Bench) -> None:
    watched = []
    for k in range(MOVES):
        scene = scene_of(bench, f"case=sanctions&set.pain={0.3 + k / MOVES}")
        answers(scene)
        watched.append((weakref.ref(scene), weakref.ref(scene.model.equilibrium)))
    del scene
    gc.collect()
    assert sum(scene() is not None for scene, _ in watched) <= SCENES
    assert sum(solved() is not None for _, solved in watched) <= max(MODELS, SCENES)


def test_nothing_is_left_to_compile_once_it_is_warm() -> None:
    """In a process of its own: here other tests have compiled what they needed."""
    found = subprocess.run(
        [sys.executable, "-c", _AFTER_WARMING], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == "set()"


_AFTER_WARMING = """
import gc
from numba.core.dispatcher import Dispatcher
import detente
from detente.claims import answer_claim, claims_model
from detente.explanation import explain_answer
from detente.stability import CONCEPTS
from detente.workbench._warm import warm

def compiled():
    return {(kernel.py_func.__module__, kernel.py_func.__name__, str(kinds))
            for kernel in gc.get_objects() if isinstance(kernel, Dispatcher)
            for kinds in kernel.signatures}

for words in warm():
    pass
before = compiled()
case = detente.load("peninsula")
model = claims_model(case, threads=True, anywhere=True)
for claim in case.claims:
    if claim.ask is not None:
        answer_claim(claim, model)
explain_answer(case, "C09", search=False)
solved = model.equilibrium
stability = solved.conflict.stability()
for concept in CONCEPTS:
    stability.equilibria(concept)
stability.explain("us")
solved.paths(3.0), solved.long_run(), solved.expectations(2.0), solved.simulate(10, 2.0, rng=1)
solved.expected_time("attention == high"), solved.probability("F attention == high")
print(compiled() - before)
"""
