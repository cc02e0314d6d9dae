"""Too large a state space is refused with its size, before anything is allocated."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from detente import load
from detente.case import available_memory, check_size
from detente.case._size import size_complaint, state_bytes
from detente.conflict import Conflict
from detente.errors import SizeError


def test_refused_with_states_and_bytes_and_nothing_allocated() -> None:
    tracemalloc.start()
    with pytest.raises(SizeError, match=r"1,000,000,000,000 states and needs about .* TiB"):
        check_size((10,) * 12, actors=3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_absurd_sizes_are_said_shortly() -> None:
    complaint = size_complaint((200,) * 300, actors=2)
    assert complaint is not None
    assert "about 10^690 states" in complaint[0]
    assert len(complaint[0]) < 200


def test_budget_decides() -> None:
    need = state_bytes((4, 5), actors=2)
    assert size_complaint((4, 5), 2, budget=need) is None
    assert size_complaint((4, 5), 2, budget=need - 1) is not None


def test_an_order_and_its_stability_take_less_than_a_solution_in_time() -> None:
    """2^27 states of three actors: 24 GB hold their order and stability, not values in time."""
    shape, budget = (2,) * 27, 20 * 2**30
    assert size_complaint(shape, 3, int(0.75 * budget), "order") is None
    assert size_complaint(shape, 3, int(0.75 * (budget - 5 * 2**30)), "stability") is None
    assert size_complaint(shape, 3, budget, "time") is not None
    assert size_complaint(shape, 3, 6 * 2**30, "ranks") is None


def test_ranks_given_as_whole_numbers_are_held_to_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same ranks as floats must be sorted; would catch utilities made before they are asked."""
    monkeypatch.setattr("detente.case._size._ANYWHERE", 0)
    monkeypatch.setattr("detente.case._size.available_memory", lambda: 60 * 2**20)
    options = {a: {f"o{k}": 2 for k in range(10)} for a in "ab"}
    ranks = {a: np.arange(2**20, dtype=np.int32).reshape((2,) * 20) for a in "ab"}
    tracemalloc.start()
    conflict = Conflict.build(options, rank=ranks)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < state_bytes((2,) * 20, 2, "ranks")
    assert conflict.utility["b"].reshape(-1)[[0, -1]].tolist() == [0.0, 1.0]
    with pytest.raises(SizeError, match="1,048,576 states and needs about 80 MiB"):
        Conflict.build(options, rank={a: rank.astype(float) for a, rank in ranks.items()})


def test_each_analysis_refuses_what_the_memory_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a conflict could be built, each answer is refused by itself, with the size."""
    options = {a: {f"o{k}": 2 for k in range(10)} for a in "ab"}
    conflict = Conflict.build(options, rank=dict.fromkeys("ab", np.zeros((2,) * 20)))
    monkeypatch.setattr("detente.case._size._ANYWHERE", 0)
    monkeypatch.setattr("detente.case._size.available_memory", lambda: 2**20)
    for ask in (conflict.stability, conflict.equilibrium):
        with pytest.raises(SizeError, match="1,048,576 states and needs about"):
            ask()


def test_a_large_conflict_is_refused_at_once_with_what_it_needs_and_what_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """2^27 states of three actors where 8 GiB are free: no array is made before."""
    monkeypatch.setattr("detente.case._size.available_memory", lambda: 8 * 2**30)
    options = {a: {f"o{k}": 2 for k in range(9)} for a in "abc"}
    words = "134,217,728 states and needs about 12 GiB, of which 6 GiB of the 8 GiB that are free"
    tracemalloc.start()
    with pytest.raises(SizeError, match=words):
        Conflict.build(options, rank={})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_a_case_is_held_to_what_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory for its order and stability, not for a solution in time: only the last is refused."""
    case = load("sanctions")
    shape, actors = case.conflict().shape, len(case.actors)
    monkeypatch.setattr("detente.case._size._ANYWHERE", 0)
    monkeypatch.setattr(
        "detente.case._size.available_memory", lambda: 2 * state_bytes(shape, actors, "time") - 1
    )
    conflict = load("sanctions").conflict()
    assert conflict.stability().equilibria("seq").any()
    with pytest.raises(SizeError, match="needs about"):
        conflict.equilibrium()
    monkeypatch.setattr(
        "detente.case._size.available_memory", lambda: state_bytes(shape, actors, "order")
    )
    with pytest.raises(SizeError, match="needs about"):
        case.conflict()


def test_memory_is_found() -> None:
    assert available_memory() > 2**20
