"""The challenge model: each actor challenges the one against whom it gains most, and they bargain.

Bueno de Mesquita 1984, 1994, in the form that the open program KTAB gives it for several issues
(the spatial model of politics, MIT licence). What actors think of a challenge is in
`detente.bargaining._contest`, how votes decide in `detente.bargaining._condorcet`, a round in
`detente.bargaining._challenge_rounds`, each with its cost.

An actor has one position over all issues together, one capability (its mean over its issues) and,
in a contest, the sum of its saliences, which must not be above 1: where somebody's is, all are
divided by the largest. On an issue to which it is no party it counts as standing at the compromise
of the others and moves nobody. By issue, each is settled among its own parties alone, as in the
papers of 1984 and 1994. Actors without weight take no part.

The outcome of an issue is the mean of the last positions, weighted by the chance of each to beat
all others in a vote weighted by capability; equal positions are one.

With `rounded`, the published runs of KTAB come out in all printed digits, round for round. The
model itself does not round: choices between near equals then fall otherwise after some rounds, and
the paths part. Its votes on positions and on bargains count capability alone, those in a contest
capability times salience, as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill
from typing import Any

import numpy as np

from detente.bargaining._challenge_rounds import Circle, run
from detente.bargaining._compromise import compromise_of
from detente.bargaining._condorcet import Vote, vote_of
from detente.bargaining._outcome import BargainingOutcome
from detente.bargaining._table import BargainingTable
from detente.engine import Seed, generator_of
from detente.errors import InputError
from detente.text import Result, listed, plural, show, table
from detente.values import Floats, data_frame, plain_fields

_MOST_ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Challenge(Result):
    """One actor challenges another.

    Attributes
    ----------
    challenger, target : str
    chance : float
        That the challenger wins, as it sees it.
    gain : float
        What it expects of it; positions are worth from 0 to 1.
    seen_by_target : pair of float
        The same chance, and the target's own gain, as the target sees them.
    bargain : mapping of str to float
        By issue to which both are parties: where they would meet.
    taken_by : tuple of str
        Who of the two went there.
    """

    challenger: str
    target: str
    chance: float
    gain: float
    seen_by_target: tuple[float, float]
    bargain: dict[str, float]
    taken_by: tuple[str, ...]

    def __str__(self) -> str:
        """Return who challenges whom, what for, and who goes along."""
        meet = listed(
            [f"{show(place, 'fine')} on {issue}" for issue, place in self.bargain.items()]
        )
        taken = listed(list(self.taken_by)) if self.taken_by else "nobody"
        return (
            f"{self.challenger} challenges {self.target}: chance {show(self.chance, 'share')}, "
            f"gain {show(self.gain, 'fine')}, to meet at {meet}; {taken} went there"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the challenge ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True, eq=False)
class Challenges(Result):
    """Rounds of challenges, and where they lead.

    Attributes
    ----------
    table : BargainingTable
        As it was before.
    rounds : tuple of tuple of Challenge
        By round; those of a round in the order of the table.
    positions : ndarray, (rounds + 1, actors, issues)
        Before the first round and after each, on the scale of each issue; NaN for no party.
    attitudes : ndarray, (rounds + 1, actors, issues)
        To risk: from -1/2 for an actor that gives way soonest, to 1. The same on all issues, unless
        challenges were made by issue; NaN for who takes no part.
    chances : ndarray, (rounds + 1, actors, issues)
        Of the actor's position to beat all others; equal positions are one and share it.
    outcomes : ndarray, (rounds + 1, issues)
        Mean of the positions, weighted by their chances.
    settled : bool
        Whether all came to rest before the rounds were over.
    """

    table: BargainingTable
    rounds: tuple[tuple[Challenge, ...], ...]
    positions: Floats
    attitudes: Floats
    chances: Floats
    outcomes: Floats
    settled: bool

    def __post_init__(self) -> None:
        for name in ("positions", "attitudes", "chances", "outcomes"):
            getattr(self, name).flags.writeable = False

    @property
    def outcome(self) -> BargainingOutcome:
        """What comes out after the last round."""
        note = "" if self.settled else f"Not at rest after {plural(len(self.rounds), 'round')}."
        return BargainingOutcome(
            "challenge",
            "Each challenges whom it gains most from; the two meet nearer to the likelier winner.",
            "Bueno de Mesquita 1984, 1994",
            self.table,
            self.outcomes[-1],
            note,
        )

    @property
    def summary(self) -> str:
        """How many challenges there are, how many move anybody, and whether it ends in rest."""
        made = [one for row in self.rounds for one in row]
        moved = sum(bool(one.taken_by) for one in made)
        return (
            f"{plural(len(made), 'challenge')} in {plural(len(self.rounds), 'round')}, "
            f"{moved} with a move; {'at rest' if self.settled else 'not at rest'}"
        )

    def __str__(self) -> str:
        """Return how many challenges there are, the first, and where all stand before and after."""
        lines = [self.summary]
        first = sorted(self.rounds[0], key=lambda one: -one.gain)[:5] if self.rounds else []
        lines += [
            fill(str(one), 78, initial_indent="  ", subsequent_indent="    ") for one in first
        ]
        for k, issue in enumerate(self.table.issues):
            rows = [
                [
                    actor,
                    *(show(float(self.positions[t, i, k]), "fine") for t in (0, -1)),
                    show(float(self.attitudes[0, i, k]), "signed"),
                    show(float(self.chances[-1, i, k]), "share"),
                ]
                for i, actor in enumerate(self.table.actors)
                if self.table.party[i, k]
            ]
            result = [show(float(self.outcomes[t, k]), "fine") for t in (0, -1)]
            head = [issue, "before", "after", "risk", "chance"]
            lines += ["", *table([head, *rows, ["outcome", *result]], "< >")]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return all challenges, positions and outcomes ready for JSON."""
        found = plain_fields(self)
        found["rounds"] = [[one.to_dict() for one in row] for row in self.rounds]
        del found["table"]
        return found

    def to_pandas(self) -> Any:
        """Return a row a challenge."""
        return data_frame([
            {
                "round": number,
                "challenger": one.challenger, "target": one.target,
                "chance": one.chance, "gain": one.gain,
                "chance to the target": one.seen_by_target[0],
                "gain of the target": one.seen_by_target[1],
                "taken by": ", ".join(one.taken_by),
            }
            for number, row in enumerate(self.rounds, 1)
            for one in row
        ])  # fmt: skip


def challenge(
    table: BargainingTable,
    rounds: int = _MOST_ROUNDS,
    voting: str = "proportional",
    by_issue: bool = False,
    rounded: bool = False,
    rng: Seed = None,
) -> Challenges:
    """Let actors challenge each other until they come to rest.

    Parameters
    ----------
    table : BargainingTable
    rounds : int
        At most.
    voting : str
        How votes grow with what is at stake: ``proportional``, ``binary``, ``cubic``,
        ``proportional and binary``, ``proportional and cubic``, or ``losses first``, by which a
        gain counts two thirds of a loss.
    by_issue : bool
        Each issue by itself, among its parties.
    rounded : bool
        As KTAB has it: bargains to four decimals of the scale, with a trace of weight on each
        side's own position; positions less than 0.001 of it apart count as one outcome.
    rng : int or Generator, optional
        Draws which of its bargains an actor takes, by their chances; the likeliest by default.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> cells = {"cut": {"a": (100, 0.9, 3), "b": (40, 0.4, 1), "c": (0, 0.6, 2)}}
    >>> found = challenge(bargaining_table(cells), rounds=1)
    >>> one = found.rounds[0][0]
    >>> one.challenger, one.target, round(one.chance, 2), one.taken_by
    ('a', 'c', 0.7, ('a', 'c'))
    >>> found.positions[:, :, 0].round(1).tolist()
    [[100.0, 40.0, 0.0], [92.4, 19.8, 92.4]]
    """
    if rounds < 1:
        raise InputError(f"{plural(rounds, 'round')} of challenges; give one or more")
    vote = vote_of(voting)
    generator = None if rng is None else generator_of(rng)
    low, sizes = table.scale[:, 0], table.scale[:, 1] - table.scale[:, 0]
    middle = (compromise_of(table.weight, table.position) - low) / sizes
    start = np.where(table.party, (np.nan_to_num(table.position) - low) / sizes, middle)
    everything = np.arange(len(table.issues))
    runs = [
        _Run(table, issues, start, rounds, (vote, rounded), generator)
        for issues in (everything[:, None] if by_issue else [everything])
    ]
    longest = max(len(one.moments) for one in runs)
    shape = (longest, *table.position.shape)
    positions, attitudes, chances = np.full((3, *shape), np.nan)
    outcomes = np.empty((longest, len(table.issues)))
    positions[:] = table.position
    for one in runs:
        one.write(positions, attitudes, chances, outcomes)
    positions = np.where(table.party, positions, np.nan)
    made = tuple(
        tuple(found for one in runs for found in one.challenges(number))
        for number in range(longest - 1)
    )
    settled = all(one.settled for one in runs)
    return Challenges(table, made, positions, attitudes, chances, outcomes, settled)


class _Run:
    """The rounds over some issues, and how they go into arrays over all of them."""

    def __init__(
        self, table: BargainingTable, issues: Any, start: Floats, rounds: int,
        habits: tuple[Vote, bool], rng: np.random.Generator | None,
    ) -> None:  # fmt: skip
        party = table.party[:, issues]
        salience = np.where(party, table.salience[:, issues], 0.0)
        salience /= max(1.0, float(salience.sum(axis=1).max()))
        capability = np.where(party, table.capability[:, issues], 0.0).sum(axis=1)
        capability /= np.maximum(party.sum(axis=1), 1)
        self.table, self.issues = table, issues
        self.actors = np.flatnonzero((capability > 0) & (salience.sum(axis=1) > 0))
        self.circle = Circle(
            party[self.actors], salience[self.actors], capability[self.actors], *habits
        )
        self.moments, self.settled = run(
            self.circle, start[np.ix_(self.actors, issues)], rounds, rng
        )

    def write(
        self, positions: Floats, attitudes: Floats, chances: Floats, outcomes: Floats
    ) -> None:
        """Write what the run found by round; after its end all stays as it is."""
        low, sizes = self.table.scale[:, 0], self.table.scale[:, 1] - self.table.scale[:, 0]
        for number in range(len(positions)):
            moment = self.moments[min(number, len(self.moments) - 1)]
            for place, k in enumerate(self.issues):
                stand = low[k] + sizes[k] * moment.position[:, place]
                party = self.circle.party[:, place]
                if number:
                    positions[number, self.actors, k] = stand
                attitudes[number, self.actors[party], k] = moment.attitude[party]
                chances[number, self.actors[party], k] = np.exp(moment.log_chance[party])
                counts = party & moment.first
                log = moment.log_chance[counts]
                share = np.exp(log - log.max())
                outcomes[number, k] = share @ stand[counts] / share.sum()

    def challenges(self, number: int) -> list[Challenge]:
        """Return the challenges of a round, counted from 0."""
        if number >= len(self.moments) - 1:
            return []
        moment = self.moments[number]
        actors = [self.table.actors[k] for k in self.actors]
        issues = [self.table.issues[k] for k in self.issues]
        low, high = self.table.scale[self.issues].T
        meets = (low + (high - low) * moment.bargain[:, 0]).tolist()
        party = self.circle.party
        both = (party[moment.pairs[:, 0]] & party[moment.pairs[:, 1]]).tolist()
        rows = zip(
            moment.pairs.tolist(), moment.chance.tolist(), moment.gain.tolist(), both, meets,
            moment.taken.tolist(), strict=True,
        )  # fmt: skip
        return [
            Challenge(
                actors[i],
                actors[j],
                chance[0],
                gains[0],
                (chance[1], gains[1]),
                {issues[k]: place for k, place in enumerate(meet) if shared[k]},
                tuple(actors[k] for k, went in zip((i, j), taken, strict=True) if went),
            )
            for (i, j), chance, gains, shared, meet, taken in rows
        ]
