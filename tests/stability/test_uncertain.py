"""Unknown comparisons against the definitions, pair by pair."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from detente.conflict import Conflict
from detente.errors import AnalysisError, InputError
from detente.stability import Stability, _graded, _graded_tensor, uncertain_stability
from detente.stability._uncertain import CONCEPTS, EXTENSIONS
from stability import graph_oracle
from stability.oracle import Oracle, random_conflict


def draw_unknown(conflict, oracle, seed):
    """Return for each actor a set of unknown pairs of states."""
    rng = np.random.default_rng(seed)
    pairs = list(combinations(oracle.states, 2))
    return {
        actor: [pair for pair in pairs if rng.random() < share]
        for actor, share in zip(conflict.actors, rng.choice([0, 0.1, 0.3], 9), strict=False)
    }


def draw_margin(conflict, oracle, seed):
    """Return for each actor a difference of utility, and the pairs that are nearer than it."""
    rng = np.random.default_rng(seed)
    margins, unknown = {}, {}
    for actor in conflict.actors:
        steps, rank = int(rng.integers(0, 3)), oracle.rank[actor]
        margins[actor] = (steps + 0.5) / max(*rank.values(), 1)
        pairs = combinations(oracle.states, 2)
        unknown[actor] = [(x, y) for x, y in pairs if abs(rank[x] - rank[y]) <= steps]
    return margins, unknown


def compare(oracle, unsure, actor, x, y):
    """Return how the actor compares x with y: one of > = < U."""
    if frozenset((x, y)) in unsure[actor]:
        return "U"
    gap = oracle.rank[actor][x] - oracle.rank[actor][y]
    return ">" if gap > 0 else "<" if gap < 0 else "="


def stable(oracle, unsure, concept, extension, actor, s):
    def moves(mover, x, kinds):
        return [y for y in oracle.moves(mover, x) if compare(oracle, unsure, mover, y, x) in kinds]

    def reach(start):
        kinds = ">U" if concept == "seq" else ">=<U"
        seen, todo = set(), [(start, actor)]
        while todo:
            x, last = todo.pop()
            for mover in oracle.actors:
                if mover not in (actor, last):
                    new = {(y, mover) for y in moves(mover, x, kinds)} - seen
                    seen |= new
                    todo += new
        return {x for x, _ in seen}

    deterring = ">=" if extension in "ab" else ">=U"

    def deters(z):
        return compare(oracle, unsure, actor, s, z) in deterring

    for s1 in moves(actor, s, ">U" if extension in "ac" else ">"):
        if concept == "nash":
            return False
        ends = [z for z in reach(s1) if deters(z)]
        if concept == "smr":
            ends = [z for z in ends if all(map(deters, oracle.moves(actor, z)))]
        if not ends:
            return False
    return True


def drawn(seed, most, kind):
    """Return a random conflict with its definitions; a graph if so asked."""
    if kind != "graph":
        conflict = random_conflict(seed, most=most)
        return conflict, Oracle(conflict)
    listed = graph_oracle.random_graph(seed, most=8)
    conflict, oracle = Conflict.from_graph(*listed), graph_oracle.Oracle(*listed)
    oracle.rank = {a: dict(enumerate(rank.tolist())) for a, rank in conflict.rank.items()}
    return conflict, oracle


@pytest.mark.parametrize(
    ("kind", "given"),
    [(kind, "pairs") for kind in ("masks", "tensor", "graph")]
    + [(kind, "margin") for kind in ("tensor", "graph")],
)
def test_definitions(kind, given, monkeypatch):
    """By bit masks, on the tensor and along arcs: who is stable where, all extensions."""
    if kind != "masks":
        monkeypatch.setattr(_graded, "FEW_STATES", 0)
    for seed in range(25):
        conflict, oracle = drawn(seed, 18, kind)
        margins, unknown = draw_margin(conflict, oracle, seed)
        if given != "margin":
            margins = unknown = draw_unknown(conflict, oracle, seed)
        unsure = {actor: set(map(frozenset, pairs)) for actor, pairs in unknown.items()}
        result = uncertain_stability(conflict, margins)
        for concept in CONCEPTS:
            for actor in conflict.actors:
                table = {e: result.stable(concept, e, actor) for e in EXTENSIONS}
                for e in EXTENSIONS:
                    expected = np.zeros(conflict.shape, dtype=bool)
                    for s in oracle.states:
                        expected[s] = stable(oracle, unsure, concept, e, actor, s)
                    assert np.array_equal(table[e], expected), (seed, concept, e, actor)
                for strong, weak in ("ab", "ac", "bd", "cd"):
                    assert not (table[strong] & ~table[weak]).any()


def test_a_margin_says_the_same_as_its_pairs_on_many_states():
    """Too many states to judge by definition: limits of rank against marks, on 8,000 states."""
    rng = np.random.default_rng(3)
    options = {a: {f"o{k}": n for k, n in enumerate((2, 5, 2))} for a in "abc"}
    moves = {"a": {"o0": "any", "o1": "up", "o2": "any"}}
    flow = {a: rng.normal(size=(2, 5, 2) * 3) for a in "abc"}
    conflict = Conflict.build(options, flow, moves=moves, feasible=rng.random((2, 5, 2) * 3) < 0.9)
    margin = {"a": 2e-4, "b": 0.05, "c": 0.1}
    own = conflict.utility["a"].reshape(-1)
    order = np.argsort(own)
    order = order[conflict.feasible.reshape(-1)[order]]
    gaps = np.flatnonzero(np.diff(own[order]) < margin["a"])[:400]
    pairs = [
        (int(order[k]), int(order[m]))
        for k in gaps
        for m in range(k + 1, order.size)
        if own[order[m]] - own[order[k]] < margin["a"]
    ][:9]
    some = [s for s in {s for pair in pairs for s in pair} if _nearer(own, order, s, margin, pairs)]
    one, two = (
        uncertain_stability(conflict, margin),
        uncertain_stability(conflict, margin | {"a": pairs}),
    )
    assert len(some) > 4
    for concept in CONCEPTS:
        for extension in EXTENSIONS:
            tables = [r.stable(concept, extension, "a").reshape(-1)[some] for r in (one, two)]
            assert np.array_equal(*tables), (concept, extension)


def test_many_states_of_a_graph_are_judged_as_few(monkeypatch):
    """Would catch: a limit on graphs, an arc that a search along arcs forgets or takes twice."""
    rng = np.random.default_rng(5)
    n = 60
    moves = {a: rng.integers(n, size=(3 * n, 2)) for a in "abc"}
    rank = {a: rng.permutation(n) for a in "abc"}
    conflict = Conflict.from_graph(n, moves, rank)
    pairs = {a: [(int(x), int(x + 1)) for x in rng.choice(n - 1, 12, replace=False)] for a in "ab"}
    by_masks = uncertain_stability(conflict, pairs).to_dict()
    monkeypatch.setattr(_graded, "FEW_STATES", 0)
    assert uncertain_stability(conflict, pairs).to_dict() == by_masks
    big = Conflict.from_graph(3000, {a: m * 50 for a, m in moves.items()}, {"a": range(3000), **{
        a: rng.permutation(3000) for a in "bc"}})  # fmt: skip
    found = uncertain_stability(big, {"a": [(0, 50)], "b": 0.01})
    assert not (found.equilibria("seq", "a") & ~found.equilibria("seq", "d")).any()
    monkeypatch.setattr(_graded_tensor, "MOST_VISITS", 2 * 3000)
    with pytest.raises(AnalysisError, match=r"2 states, .* pass over 3,\d+ states and arcs"):
        uncertain_stability(big, {"b": [(0, 50)]}).stable("gmr", "a", "b")
    with pytest.raises(AnalysisError, match="others share moves of b and may undo them from"):
        uncertain_stability(big, {"b": 0.1}).stable("gmr", "a", "b")


def _nearer(own, order, state, margin, pairs):
    """Tell whether all states that are not compared with one are among its pairs."""
    near = {int(s) for s in order if s != state and abs(own[s] - own[state]) < margin["a"]}
    return near == {s for pair in pairs if state in pair for s in pair} - {state}


def test_nothing_unknown_is_the_usual_concept():
    for seed in range(100, 140):
        conflict = random_conflict(seed)
        usual, result = Stability(conflict), uncertain_stability(conflict, {})
        for concept in CONCEPTS:
            for extension in EXTENSIONS:
                expected = usual.equilibria(concept)
                assert np.array_equal(result.equilibria(concept, extension), expected)


def test_a_matrix_says_the_same_as_pairs():
    conflict = random_conflict(7)
    states = np.flatnonzero(conflict.feasible)[:4].tolist()
    actor = conflict.actors[0]
    matrix = np.zeros((conflict.size, conflict.size), dtype=bool)
    matrix[states[0], states[1]] = matrix[states[2], states[3]] = True
    one = uncertain_stability(conflict, {actor: matrix})
    two = uncertain_stability(conflict, {actor: [states[1::-1], states[2:]]})
    assert one.unknown == two.unknown
    assert one.to_dict() == two.to_dict()


def test_wrong_input_is_refused():
    conflict = random_conflict(7)
    state = int(np.flatnonzero(conflict.feasible)[0])
    with pytest.raises(InputError, match="with itself"):
        uncertain_stability(conflict, {"a": [(state, state)]})
    with pytest.raises(InputError, match="no actor 'zz'"):
        uncertain_stability(conflict, {"zz": []})
    with pytest.raises(InputError, match="of bool"):
        uncertain_stability(conflict, {"a": np.zeros((2, 2))})
    with pytest.raises(InputError, match="two states"):
        uncertain_stability(conflict, {"a": [(state,)]})
    with pytest.raises(InputError, match="extension 'e'"):
        uncertain_stability(conflict, {}).equilibria("gmr", "e")
    with pytest.raises(InputError, match="zero or more"):
        uncertain_stability(conflict, {"a": -0.5})


def test_pairs_that_single_out_too_many_states_are_refused_with_their_number(monkeypatch):
    monkeypatch.setattr(_graded_tensor, "MOST_VISITS", 4 * 1600)
    big = Conflict.build({"a": {"o": 40}, "b": {"o": 40}}, rank=dict.fromkeys("ab", np.eye(40)))
    pairs = {"a": [(k, k + 1) for k in range(0, 8, 2)]}
    result = uncertain_stability(big, pairs)
    with pytest.raises(AnalysisError, match="single out 8 states, each of which takes a pass over"):
        result.stable("gmr", "a", "a")
    assert result.stable("gmr", "a", "b").shape == (40, 40)
