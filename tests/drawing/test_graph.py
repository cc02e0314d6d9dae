"""The pictures of stability: sound SVG, every move and equilibrium in it, never too many states."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from detente.analysis import move_graph
from detente.analysis._move_graph import FEW_STATES, MOST_STATES
from detente.conflict import Conflict
from detente.drawing import graph_of_moves, stability_drawing, stability_matrix
from detente.stability import Stability


def small(options=2, **change):
    rng = np.random.default_rng(1)
    shape = (2,) * (2 * options)
    names = [f"o{k}" for k in range(options)]
    return Conflict.build(
        {actor: dict.fromkeys(names, 2) for actor in ("us", "china")},
        {actor: rng.integers(0, 5, shape) for actor in ("us", "china")},
        **change,
    )


def legal_moves(conflict):
    """Find the moves of each actor from the definition, state by state."""
    states = [tuple(map(int, place)) for place in np.argwhere(conflict.feasible)]
    found = {}
    for actor in conflict.actors:
        own = conflict.space.of(actor)
        found[actor] = {
            (conflict.index(s), conflict.index(t))
            for s in states
            for t in states
            if s != t
            and all(conflict.allowed[k][s[k], t[k]] if k in own else s[k] == t[k]
                    for k in range(len(s)))
        }  # fmt: skip
    return found


def of_class(text, name):
    root = ElementTree.fromstring(str(text))
    return [node for node in root.iter() if node.get("class") == name]


def test_every_move_and_every_equilibrium_is_drawn():
    feasible = np.ones((2, 2, 2, 2), dtype=bool)
    feasible[1, 1] = False
    conflict = small(feasible=feasible, moves={"us": {"o0": "up"}}, status_quo=(0, 0, 0, 0))
    stability = Stability(conflict)
    drawing = graph_of_moves(move_graph(stability, "gmr"))
    pairs = {
        (actor, *sorted(arc)) for actor, moves in legal_moves(conflict).items() for arc in moves
    }
    assert len(of_class(drawing, "move")) == len(pairs)
    assert len(of_class(drawing, "equilibrium")) == stability.equilibria("gmr").sum()
    assert len(of_class(drawing, "state")) == feasible.sum()
    assert str(drawing).count("(today)") == 1


def test_the_matrix_shows_who_holds_which_state():
    stability = Stability(small())
    drawing = stability_matrix(move_graph(stability, "nash"))
    expected = sum(int(stability.stable("nash", a).sum()) for a in ("us", "china"))
    assert len(of_class(drawing, "stable")) == expected + stability.equilibria("nash").sum()


def test_a_large_conflict_without_today_shows_the_part_nearest_its_first_state():
    drawing = graph_of_moves(move_graph(Stability(small(3))))
    assert len(of_class(drawing, "state")) == MOST_STATES
    assert "40 of 64 states" in str(drawing)


def test_a_large_conflict_shows_the_paths_from_today_to_equilibria():
    stability = Stability(small(3, status_quo=(1,) * 6))
    graph = move_graph(stability)
    states = graph.states
    assert 1 < len(states) <= FEW_STATES
    assert not graph.complete
    assert states[0] == graph.today == stability.conflict.index()
    reached = {t for arcs in graph.arcs.values() for _, t in arcs}
    assert set(states[1:]) <= reached
    assert graph.stable[:, -1].any()
    assert f"{len(states)} of 64 states" in str(stability_drawing(stability))


def test_a_large_conflict_without_equilibria_in_reach_shows_what_is_near_today(monkeypatch):
    stability = Stability(small(3, status_quo=(1,) * 6))
    monkeypatch.setattr(
        Stability, "equilibria", lambda self, concept: np.zeros(self.conflict.shape, dtype=bool)
    )
    assert len(move_graph(stability).states) == MOST_STATES


def test_an_explicit_graph_can_be_drawn():
    conflict = Conflict.from_graph(
        states=["peace & quiet", "<war>"],
        moves={"us": [(0, 1), (1, 0)], "china": [(1, 0)]},
        rank={"us": [1, 0], "china": [1, 0]},
    )
    drawing = stability_drawing(Stability(conflict))
    graph, matrix = drawing.pictures
    assert graph.count('class="move"') == 2
    assert "&lt;war&gt;" in drawing._repr_svg_()
    assert ElementTree.fromstring(drawing._repr_svg_()).tag == "{http://www.w3.org/2000/svg}svg"
    assert matrix in drawing._repr_html_()
