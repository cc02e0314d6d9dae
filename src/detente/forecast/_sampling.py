"""Sample paths of a Markov chain, jump by jump, without time steps (Gillespie 1977).

A path waits an exponential time and jumps to a state drawn from its row of the generator. Rows are
prepared once as alias tables (Walker 1977; Vose 1991), so that a jump costs two random numbers and
two look-ups however many states a row leads to. Paths are drawn in blocks of fixed size, each with
a random stream of its own, so threads share nothing and their number changes nothing.

Cost: O(transitions) for the tables, O(jumps) for the paths.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detente.case import available_memory
from detente.engine import poll, stop_flag
from detente.errors import InputError, SizeError
from detente.values import Floats, Ints

BLOCK = 1024
"""Paths that share a random stream."""
_BYTES = 64
"""Memory that a visit takes at most, while blocks are put together."""

Visits = tuple[NDArray[np.int32], Floats, NDArray[np.integer[Any]]]


def alias_tables(generator: csr_array) -> tuple[Any, ...]:
    """Return what `follow` reads of a generator.

    Returns
    -------
    begin : ndarray of int, (states + 1,)
        Where each state's transitions begin.
    goal, other : ndarray of int, (transitions,)
        State that a transition leads to, and the one it shares its slot with.
    cut : ndarray, (transitions,)
        Share of the slot that is the transition's own.
    exits : ndarray, (states,)
        Rate of leaving.
    """
    size = generator.shape[0]
    rows = np.repeat(np.arange(size), np.diff(generator.indptr))
    off = (generator.indices != rows) & (generator.data > 0.0)
    begin = np.concatenate([[0], np.cumsum(np.bincount(rows[off], minlength=size))])
    rate = generator.data[off]
    exits = np.bincount(rows[off], weights=rate, minlength=size)
    goal = generator.indices[off].astype(np.int32)
    cut, other = np.empty(rate.size), np.empty_like(goal)
    fill_tables(begin, rate, exits, goal, cut, other)
    return begin, goal, other, cut, exits


@njit(cache=True, nogil=True)
def fill_tables(begin, rate, exits, goal, cut, other):  # type: ignore[no-untyped-def]
    """Fill each row's slots: every slot holds its own transition and at most one other."""
    widest = 0
    for row in range(exits.size):
        widest = max(widest, begin[row + 1] - begin[row])
    poor, rich = np.empty(widest, dtype=np.int64), np.empty(widest, dtype=np.int64)
    for row in range(exits.size):
        start, stop = begin[row], begin[row + 1]
        poors, riches = 0, 0
        for k in range(start, stop):
            cut[k] = rate[k] * (stop - start) / exits[row]
            other[k] = goal[k]
            if cut[k] < 1.0:
                poor[poors] = k
                poors += 1
            else:
                rich[riches] = k
                riches += 1
        while poors > 0 and riches > 0:
            poors -= 1
            small, large = poor[poors], rich[riches - 1]
            other[small] = goal[large]
            cut[large] -= 1.0 - cut[small]
            if cut[large] < 1.0:
                riches -= 1
                poor[poors] = large
                poors += 1
        # Rounding leaves slots that are full but for the last digits.
        for k in range(poors):
            cut[poor[k]] = 1.0
        for k in range(riches):
            cut[rich[k]] = 1.0


@njit(cache=True, nogil=True)
def follow(  # type: ignore[no-untyped-def]
    begin, goal, other, cut, exits, label, number, first, years, most, random, stop,
    path, time, state,
):  # fmt: skip
    """Follow paths, numbered from ``number``, from their first states.

    The path, the time and the label of the state of each visit are written into the last three
    arrays, or longer ones that take their place; they are returned with the count of visits, which
    is -1 when ``most`` were not enough; paths end early once ``stop`` holds.
    """
    used = 0
    for n in range(first.size):
        now, here = 0.0, first[n]
        while now < years:
            if used == path.size:
                if used >= most:
                    return path, time, state, -1
                path = np.concatenate((path, np.empty_like(path)))
                time = np.concatenate((time, np.empty_like(time)))
                state = np.concatenate((state, np.empty_like(state)))
            path[used], time[used], state[used] = number + n, now, label[here]
            used += 1
            if exits[here] <= 0.0 or stop[0]:
                break
            now += random.standard_exponential() / exits[here]
            slot = random.random() * (begin[here + 1] - begin[here])
            k = begin[here] + int(slot)
            here = goal[k] if slot - int(slot) < cut[k] else other[k]
    return path, time, state, used


def in_blocks(
    tables: tuple[Any, ...],
    label: NDArray[np.integer[Any]],
    first: Ints,
    years: float,
    random: np.random.Generator,
    workers: int | None = None,
) -> Visits:
    """Follow paths block by block on threads.

    Parameters
    ----------
    tables : tuple
        Of `alias_tables`.
    label : ndarray of int, (states,)
        What a state is called in the result.
    first : ndarray of int, (paths,)
        States to start from.
    random : numpy Generator
        Gives every block its seed.
    workers : int, optional
        Threads; one per processor by default.

    Returns
    -------
    path, time, state : ndarray
        One row per visit, in order.

    Raises
    ------
    SizeError
        When the paths do not fit into half of the free memory.
    """
    if workers is not None and workers < 1:
        raise InputError(f"workers is {workers}; give one or more, or none for one per processor")
    entropy = random.integers(2**32, size=4).tolist()
    blocks = range(0, first.size, BLOCK)
    budget = available_memory() // 2 // _BYTES
    spare: SimpleQueue[Visits] = SimpleQueue()
    stop = stop_flag()

    def draw(start: int) -> tuple[Visits, int]:
        stream = np.random.default_rng([start // BLOCK, *entropy])
        begun = first[start : start + BLOCK]
        try:
            room = spare.get_nowait()
        except Empty:
            room = _buffer(8 * BLOCK, label)
        arguments = (*tables, label, start, begun, years, budget, stream, stop, *room)
        path, time, state, used = follow(*arguments)
        return (path, time, state), used

    out, total = _buffer(0, label), 0
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        try:
            for done, (block, used) in enumerate(pool.map(draw, blocks), start=1):
                poll()
                if used < 0 or total + used > budget:
                    raise SizeError(
                        f"{first.size:,} paths of {years:g} years visit more than the "
                        f"{budget:,} states that fit into half of the free memory; draw fewer "
                        "or shorter paths"
                    )
                if total + used > out[0].size:
                    expected = (total + used) * len(blocks) // done
                    out = _longer(out, total, min(expected + expected // 20, budget))
                _copy(out, total, block, used)
                total += used
                spare.put(block)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    path, time, state = out
    return path[:total], time[:total], state[:total]


def _buffer(size: int, label: NDArray[np.integer[Any]]) -> Visits:
    return np.empty(size, np.int32), np.empty(size), np.empty(size, label.dtype)


def _longer(out: Visits, used: int, size: int) -> Visits:
    """Return the same visits with room for more."""
    longer = _buffer(size, out[2])
    _copy(longer, 0, out, used)
    return longer


def _copy(into: tuple[NDArray[Any], ...], at: int, of: tuple[NDArray[Any], ...], used: int) -> None:
    for whole, part in zip(into, of, strict=True):
        whole[at : at + used] = part[:used]
