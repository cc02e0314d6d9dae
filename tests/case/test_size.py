"""Too large a state space is refused with its size, before anything is allocated."""

from __future__ import annotations

import tracemalloc

import pytest

from detente.case import available_memory, check_size
from detente.case._size import size_complaint, state_bytes
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


def test_memory_is_found() -> None:
    assert available_memory() > 2**20
