"""What would keep an actor at the wanted state after one move: many alternatives, few at a time.

One of them must hold: the move's end is no better, or some answer of the others is not. Each is a
linear inequality (`detente.stability._inverse.gaps`), under ``smr`` one for each further move of
the actor. Alternatives are taken in groups. A group stands for the form whose numbers are the least
of its members', which is at most each of them: so where a group's form is above zero no member
holds, and a programme of groups is a relaxation. At a point where no alternative holds, groups are
divided until the form of each is above zero there; forms met under ``smr`` are those of what the
actor would make of each answer at that point. As there are finitely many, this ends.

Cost: O(members) for each division.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.stability._inverse.gaps import TOLERANCE, Gaps
from detente.values import Floats, Ints


@dataclass(frozen=True, eq=False)
class Group:
    """Alternatives that stand together.

    Parameters
    ----------
    members : ndarray of int
        Flat indices: where the others' answers lead.
    forms : tuple of ndarray of float
        Least forms of the members, one for each way to look at them.
    last : ndarray of int
        The states that the members count as in the last way.
    answers : bool
        Whether the actor may move on from a member.
    """

    members: Ints
    forms: tuple[Floats, ...]
    last: Ints
    answers: bool

    def holds(self, point: Floats) -> bool:
        """Tell whether some member may hold at a point, given as what forms multiply."""
        return all(float(form @ point) <= TOLERANCE / 2 for form in self.forms)


def first_groups(gaps: Gaps, target: int, onward: Ints | None) -> list[Group]:
    """Return the alternatives after a move: that its end is no better, and all answers."""
    here = np.array([target])
    found = [Group(here, (gaps.extent(here)[0],), here, answers=False)]
    if gaps.concept == "gmr":
        found.pop()
    if gaps.concept != "nash":
        answers = gaps.answers(target)
        last = answers if onward is None else onward[answers]
        found.append(Group(answers, (gaps.extent(last)[0],), last, answers=True))
    return found


def divided(groups: list[Group], gaps: Gaps, point: Floats, onward: Ints | None) -> list[Group]:
    """Return groups of which none holds at a point where no alternative does."""
    # With each group, whether it has a form of what its members count as at this point.
    todo = [(group, onward is None or not group.answers) for group in groups]
    done = []
    while todo:
        group, formed = todo.pop()
        if not group.holds(point):
            done.append(group)
        elif not formed and onward is not None:
            last = onward[group.members]
            forms = (*group.forms, gaps.extent(last)[0])
            todo.append((Group(group.members, forms, last, answers=True), True))
        else:
            parts = _parts(group, gaps, point)
            done += [] if parts else [group]
            todo += [(part, True) for part in parts]
    return done


def _parts(group: Group, gaps: Gaps, point: Floats) -> list[Group]:
    """Divide a group where the number that says most at a point differs most; none if none does."""
    low, high = gaps.extent(group.last)
    place = int(np.argmax((high - low) * point))
    if not (high - low)[place] * point[place] > 0.0:
        return []
    numbers = gaps.numbers(group.last, place)
    upper = numbers > (low[place] + high[place]) / 2
    if not upper.any():
        upper = numbers == high[place]
    parts = []
    for side in (upper, ~upper):
        last = group.last[side]
        forms = (*group.forms[:-1], gaps.extent(last)[0])
        parts.append(Group(group.members[side], forms, last, group.answers))
    return parts
