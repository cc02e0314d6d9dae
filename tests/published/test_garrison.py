"""The Garrison Diversion Unit, North Dakota and Manitoba, 1976: four actors, 23 states.

Analysed by Hipel & Fraser (1980), Water Resources Research 16, and in Fraser & Hipel (1984),
Conflict Analysis; their tables could not be read here. Options, infeasible states and rankings are
those of the example Garrison.gmcr of the open program gmcr-py, and so is the table of 460 verdicts
(test_data/Garrison_narr.txt there): all states, actors and five concepts, printed by its authors.

Its nash verdicts and all but nine others equal ours. Those nine are False there and True here:
in the printed table a reply is a single move of a single opponent. By the definitions the others
answer with a sequence; at state 6 one of them even has to move twice (test below), so that letting
each move once, in whatever order, still gives two wrong verdicts.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from detente.stability import Stability
from published import option_form
from stability.oracle import Oracle

OPTIONS = {
    "support": ["full", "reduced", "appease"],
    "opposition": ["legal"],
    "canada": ["treaty"],
    "commission": ["full", "reduced", "lonetree", "suspend"],
}
INFEASIBLE = [
    "1Y 2Y", "1Y 3Y", "2Y 3Y", "6Y 7Y", "6Y 8Y", "6Y 9Y", "7Y 8Y", "7Y 9Y", "8Y 9Y",
    "1N 2N 3N", "6N 7N 8N 9N", "1Y 4N", "3Y 4Y", "1Y 5N 6N", "2Y 5N 8Y", "2Y 5N 9Y", "3Y 5N 8Y",
    "3Y 5N 9Y",
]  # fmt: skip
BEST_FIRST = {
    "support": [3, 7, [1, 2], 4, [5, 6], 8, 9, 12, 11, 15, 10, 13, 14, 17, 16, 18, 19, 21, 20, 22,
                23],
    "opposition": [[21, 17, 13, 10, 6, 2], [23, 19], 15, 11, 8, 4, 22, 18, 14, 7, 3, 20, 16, 12, 9,
                   5, 1],
    "canada": [23, [20, 21], 19, [16, 17], 11, [9, 10], 15, [12, 13], 2, 4, 1, 8, [5, 6], 22, 18,
               14, 3, 7],
    "commission": [list(range(1, 24))],
}  # fmt: skip

NOT_STABLE = {
    ("support", "nash seq sim"): {4, 8, 10, 13, 14, 16, 19, 20, 23},
    ("support", "gmr smr"): {4, 10, 20, 23},
    ("opposition", "nash seq sim gmr smr"): {1, 5, 9, 12, 16, 20},
    ("canada", "nash"): {5, 6, 7, 8, 12, 13, 15},
    ("canada", "seq sim"): {5, 6, 7, 12, 13, 15},
    ("canada", "gmr smr"): {5, 6, 7},
    ("commission", "nash seq sim gmr smr"): set(),
}
"""As printed."""

BY_SEQUENCES = {
    (actor, concept, state)
    for actor, concepts, states in [
        ("support", "gmr smr", (4, 10)),
        ("canada", "gmr smr seq", (5,)),
        ("canada", "gmr smr", (6,)),
    ]
    for concept in concepts.split()
    for state in states
}
"""Where a sequence deters and a single move does not."""


class SingleMoves(Oracle):
    """The definitions, but a reply is one move of one opponent."""

    def _reach(self, focal, start, improving):
        step = self.improvements if improving else self.moves
        return frozenset(t for a in self.actors if a != focal for t in step(a, start))


class OnceEach(Oracle):
    """The definitions, but no opponent moves more than once."""

    def _reach(self, focal, start, improving):
        step = self.improvements if improving else self.moves
        found = set()
        for order in permutations(a for a in self.actors if a != focal):
            here = {start}
            for actor in order:
                here |= {t for s in here for t in step(actor, s)}
            found |= here
        return frozenset(found - {start})


@pytest.fixture(scope="module")
def garrison():
    return option_form.conflict(OPTIONS, INFEASIBLE, BEST_FIRST)


@pytest.mark.parametrize(("actor", "concepts"), NOT_STABLE)
def test_verdicts_as_printed_but_for_replies_of_several_moves(garrison, actor, concepts):
    conflict, states = garrison
    stability = Stability(conflict)
    for concept in concepts.split():
        stable = option_form.numbers(stability.stable(concept, actor), states)
        more = {s for a, c, s in BY_SEQUENCES if (a, c) == (actor, concept)}
        printed = set(range(1, 24)) - NOT_STABLE[actor, concepts]
        assert not more & printed
        assert stable == printed | more, concept


def disagreements(garrison, rule):
    """Return where a rule for replies gives another verdict than the definitions."""
    conflict, states = garrison
    judge, stability = rule(conflict), Stability(conflict)
    place = {flat: tuple(map(int, np.unravel_index(flat, conflict.shape))) for flat in states}
    return {
        (actor, concept, number)
        for actor in conflict.actors
        for concept in ("nash", "gmr", "smr", "seq", "sim")
        for number, flat in enumerate(states, 1)
        if judge.stable(concept, actor, place[flat])
        != stability.stable(concept, actor).reshape(-1)[flat]
    }


def test_single_moves_as_replies_give_the_printed_table(garrison):
    assert disagreements(garrison, SingleMoves) == BY_SEQUENCES


def test_letting_each_opponent_move_once_is_still_wrong(garrison):
    assert disagreements(garrison, OnceEach) == {("canada", "gmr", 6), ("canada", "smr", 6)}
    assert not disagreements(garrison, Oracle)


def test_one_opponent_moves_twice_in_the_shortest_deterring_reply(garrison):
    conflict, states = garrison
    told = Stability(conflict).explain("canada", states[5], "smr")
    (departure,) = told.departures
    assert [step.actor for step in departure.reply] == ["support", "opposition", "support"]
