"""Scenario discovery: the box of inputs in which something happens, found and doubted.

The draws are split in halves. On one the box is peeled (Friedman & Fisher 1999); the box that fits
the hits best (the greatest correlation between inside and hit) is taken from the trajectory and
pasted. On the other, which the search has not seen, each end of an interval must show that without
it hits would be rarer: a one-sided binomial quasi-p (Bryant & Lempert 2010), judged together as in
Holm (1979), the weakest being dropped until all stand. Other halves tell how often each input is
restricted. Cost: a sort of every input, then halves * inputs * draws / alpha.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from detente.engine import Seed, generator_of
from detente.errors import InputError
from detente.study.discovery._box import Box, Restriction, box_of
from detente.study.discovery._draws import checked, half
from detente.study.discovery._paste import fit, paste
from detente.study.discovery._peel import HIGH, LOW, peel
from detente.text import Result
from detente.values import Bools, Floats, data_frame, plain_fields

SURE = 0.05
"""Quasi-p that all restrictions of a box together stay below."""

_FEWEST_DRAWS = 20
_LEAST_SHARE = 0.01
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class PeelingStep(Result):
    """A box on the trajectory, on the half it was found on."""

    coverage: float
    density: float
    mass: float
    restricted: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


@dataclass(frozen=True, slots=True)
class Discovery(Result):
    """Where something happens, in one box.

    Attributes
    ----------
    what : str
        What happens, such as "C36 breaks".
    box : Box
        Over all draws; without restrictions where none stands.
    unseen : Box
        The same over the half of the draws that the box was not found on.
    trajectory : tuple of PeelingStep
        From everything to the smallest box, before pasting.
    chosen : int
        Place on the trajectory of the box that was taken.
    dropped : tuple of Restriction
        Ends and sets of that box that did not stand, with their quasi-p.
    frequency : mapping of str to float
        Share of the other halves that restrict each input; only those restricted at all.
    resamples : int
    """

    what: str
    box: Box
    unseen: Box
    trajectory: tuple[PeelingStep, ...]
    chosen: int
    dropped: tuple[Restriction, ...]
    frequency: Mapping[str, float]
    resamples: int

    @property
    def sentence(self) -> str:
        """The box in one plain sentence."""
        box = self.box
        if box.hits in {0, box.draws}:
            which = "no draw" if box.hits == 0 else "every draw"
            return f"{self.what} in {which} of {box.draws}."
        if not box.restrictions:
            return (
                f"{self.what} in {box.hits} of {box.draws} draws, and no input sets them apart "
                "for sure."
            )
        return (
            f"{self.what} mostly where {box}: {box.hits_inside} of {box.hits} such draws lie there "
            f"(coverage {box.coverage:.0%}), and it happens in {box.density:.0%} of the "
            f"{box.inside} draws there (density) against {box.hits / box.draws:.0%} of all "
            f"{box.draws}."
        )

    def __str__(self) -> str:
        """Return the sentence and a line for each restriction."""
        lines = [self.sentence]
        for r in self.box.restrictions:
            again = f", restricted in {r.frequency:.0%} of {self.resamples} resamples"
            p = f"{r.quasi_p:.2g}" if r.quasi_p >= _TINY else f"below {_TINY:g}"
            lines.append(f"  {r}: quasi-p {p}{again if self.resamples else ''}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            **plain_fields(self, "what", "sentence", "box", "unseen", "trajectory", "chosen"),
            **plain_fields(self, "dropped", "frequency", "resamples"),
        }

    def to_pandas(self) -> Any:
        """Return the trajectory as a DataFrame (needs pandas)."""
        rows = [(s.coverage, s.density, s.mass, ", ".join(s.restricted)) for s in self.trajectory]
        return data_frame(rows, columns=["coverage", "density", "mass", "restricted"])


def discover(
    names: Sequence[str],
    inputs: Any,
    hits: Any,
    levels: Mapping[str, Sequence[str]] | None = None,
    units: Mapping[str, str] | None = None,
    what: str = "It happens",
    rng: Seed = 0,
    resamples: int = 20,
    alpha: float = 0.05,
) -> Discovery:
    """Find the box of inputs in which something happens.

    Parameters
    ----------
    names : sequence of str
        The inputs, `Design.names`.
    inputs : array_like, (draws, inputs)
        `Design.values`; for a categorical input the index of its level.
    hits : array_like of bool, (draws,)
        Where it happens.
    levels : mapping of str to sequence of str, optional
        The levels of each categorical input, `Design.levels`.
    units : mapping of str to str, optional
        Units of inputs, for the sentence.
    what : str
        What happens, in words that go on with "mostly where".
    rng : int, numpy Generator or None
        Seed or generator of the halves.
    resamples : int
        How many other halves tell the frequency of each restriction; 0 for none.
    alpha : float
        Share of the draws that a step takes off.

    Raises
    ------
    InputError
        When the arrays do not fit together or hold something that is not a number.

    See Also
    --------
    detente.study.discovery._tree : a second opinion.

    Examples
    --------
    >>> x = np.random.default_rng(1).random((1000, 3))
    >>> found = discover("abc", x, (x[:, 0] > 0.7) & (x[:, 2] < 0.4), resamples=0)
    >>> print(found.box)
    a > 0.7 and c < 0.402
    """
    names, values, happens = checked(names, inputs, hits)
    if not 0.0 < alpha < 0.5:
        raise InputError(f"alpha is {alpha}; give a share between 0 and 0.5, such as 0.05")
    if resamples < 0:
        raise InputError(f"resamples is {resamples}; give 0 or more")
    labels = tuple(tuple((levels or {}).get(name, ())) for name in names)
    search = _Search(
        names=names,
        inputs=values,
        hits=happens,
        labels=labels,
        units=tuple((units or {}).get(name, "") for name in names),
        order=np.argsort(values, axis=1, kind="stable").astype(np.int32),
        alpha=alpha,
    )
    generator = generator_of(rng)
    found, dropped, trajectory, chosen, other = search.run(generator)
    often = np.zeros(len(names))
    for _ in range(resamples if 0 < happens.sum() < happens.size else 0):
        for restriction in search.run(generator)[0]:
            often[restriction.column] += 1.0 / resamples
    if resamples:
        found = tuple(replace(r, frequency=float(often[r.column])) for r in found)
    return Discovery(
        what=what,
        box=box_of(found, values, happens),
        unseen=box_of(found, values[:, other], happens[other]),
        trajectory=trajectory,
        chosen=chosen,
        dropped=dropped,
        frequency={names[k]: round(float(often[k]), 12) for k in np.flatnonzero(often)},
        resamples=resamples,
    )


@dataclass(frozen=True, eq=False)
class _Search:
    names: tuple[str, ...]
    inputs: Floats
    hits: Bools
    labels: tuple[tuple[str, ...], ...]
    units: tuple[str, ...]
    order: NDArray[np.int32]
    alpha: float

    def run(
        self, rng: np.random.Generator
    ) -> tuple[
        tuple[Restriction, ...], tuple[Restriction, ...], tuple[PeelingStep, ...], int, Bools
    ]:
        """Return what stands, what was dropped, the trajectory, and the half held back."""
        seen = half(self.hits, rng)
        some = int(seen.sum())
        order = self.order[seen[self.order]].reshape(len(self.names), some)
        least = max(min(_FEWEST_DRAWS, some), int(np.ceil(_LEAST_SHARE * some)))
        sizes = np.array([len(labels) for labels in self.labels], dtype=np.int64)
        steps = peel(self.inputs, order, self.hits, sizes, self.alpha, least)
        boxes = self._boxes(steps)
        draws = np.concatenate([[some], steps[3]]).astype(np.float64)
        kept = np.concatenate([[self.hits[seen].sum()], steps[4]]).astype(np.float64)
        total = int(kept[0])
        chosen = int(np.argmax(fit(draws, kept, some, total)))
        trajectory = tuple(
            PeelingStep(
                coverage=float(kept[k] / total) if total else 0.0,
                density=float(kept[k] / draws[k]),
                mass=float(draws[k] / some),
                restricted=tuple(r.name for r in box),
            )
            for k, box in enumerate(boxes)
        )
        box = paste(boxes[chosen], self.inputs[:, seen], self.hits[seen], self.labels)
        stands, dropped = _standing(box, self.inputs[:, ~seen], self.hits[~seen])
        return stands, dropped, trajectory, chosen, ~seen

    def _boxes(self, steps: Any) -> list[tuple[Restriction, ...]]:
        """Return the box after each step, the whole space first."""
        box: dict[int, Restriction] = {}
        boxes: list[tuple[Restriction, ...]] = [()]
        for column, kind, cut in zip(*(part.tolist() for part in steps[:3]), strict=True):
            labels = self.labels[column]
            old = box.get(column) or Restriction(
                self.names[column],
                column,
                allowed=labels,
                places=tuple(range(len(labels))),
                unit=self.units[column],
            )
            if kind == LOW:
                box[column] = replace(old, low=cut)
            elif kind == HIGH:
                box[column] = replace(old, high=cut)
            else:
                places = tuple(place for place in old.places if place != int(cut))
                kept = tuple(labels[place] for place in places)
                box[column] = replace(old, places=places, allowed=kept)
            boxes.append(tuple(box[k] for k in sorted(box)))
        return boxes


def _standing(
    box: tuple[Restriction, ...], inputs: Floats, hits: Bools
) -> tuple[tuple[Restriction, ...], tuple[Restriction, ...]]:
    """Drop the weakest end or set until all stand together, in the order of Holm (1979)."""
    stands, dropped = [end for restriction in box for end in _ends(restriction)], []
    family = len(stands)
    while stands:
        holds = [r.holds(inputs[r.column]) for r in stands]
        outside = np.sum([~mask for mask in holds], axis=0, dtype=np.int16)
        here = outside == 0
        for k, mask in enumerate(holds):
            without = outside == ~mask
            p = quasi_p(
                int(here.sum()), int(hits[here].sum()), int(without.sum()), int(hits[without].sum())
            )
            stands[k] = replace(stands[k], quasi_p=p)
        ranked = np.sort([r.quasi_p for r in stands])
        if (ranked < SURE / (family - np.arange(len(stands)))).all():
            break
        dropped.append(stands.pop(max(range(len(stands)), key=lambda k: stands[k].quasi_p)))
    return _merged(stands), tuple(dropped)


def _ends(restriction: Restriction) -> list[Restriction]:
    """Return the two ends of an interval apart, since one may stand without the other."""
    if np.isfinite(restriction.low) and np.isfinite(restriction.high):
        return [replace(restriction, high=np.inf), replace(restriction, low=-np.inf)]
    return [restriction]


def _merged(ends: list[Restriction]) -> tuple[Restriction, ...]:
    made: dict[int, Restriction] = {}
    for end in ends:
        old = made.get(end.column, end)
        made[end.column] = replace(
            old,
            low=max(old.low, end.low),
            high=min(old.high, end.high),
            quasi_p=max(old.quasi_p, end.quasi_p),
        )
    return tuple(made[column] for column in sorted(made))


def quasi_p(inside: int, hits: int, without: int, hits_without: int) -> float:
    """Return the chance of as many hits in a box, or more, at the density without a restriction.

    Parameters
    ----------
    inside, hits : int
        Draws and hits in the box.
    without, hits_without : int
        The same in the box without the restriction.

    Returns
    -------
    float
        One-sided binomial; 1 for an empty box.

    Examples
    --------
    >>> quasi_p(5, 5, 10, 5)
    0.03125
    """
    if inside == 0 or hits == 0 or without == 0:
        return 1.0
    density = hits_without / without
    return 1.0 if density >= 1.0 else float(bdtrc(hits - 1, inside, density))
