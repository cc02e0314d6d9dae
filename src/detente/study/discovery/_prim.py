"""Scenario discovery: the box of inputs in which something happens, found and doubted.

The draws are split in halves, equal rows on the same side. On one the box is peeled (Friedman &
Fisher 1999); the box that fits the hits best (the greatest correlation between inside and hit) is
taken from the trajectory and pasted. On the other, which the search has not seen, each end must
stand (see `_standing`). Where an end lies depends on the half, so the box is fitted again on all
draws with the ends that stood, and reported beside the tested one. Other halves tell how often each
input is restricted. More boxes are looked for among the draws outside. Cost: a sort of every input,
then boxes * halves * inputs * draws / alpha.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.engine import Seed, generator_of
from detente.errors import InputError
from detente.study.discovery._box import Box, Restriction, box_of, inside
from detente.study.discovery._draws import checked, equal_rows, half
from detente.study.discovery._paste import fit, paste
from detente.study.discovery._peel import HIGH, LOW, peel
from detente.study.discovery._standing import standing
from detente.text import Result, show
from detente.values import Bools, Floats, Ints, data_frame, plain_fields

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
        The ends that stood, fitted again on all draws and counted over them; without restrictions
        where none stands.
    tested : Box
        The same ends as they were found on one half of the draws, counted over the other.
    trajectory : tuple of PeelingStep
        From everything to the smallest box, before pasting.
    chosen : int
        Place on the trajectory of the box that was taken.
    dropped : tuple of Restriction
        Ends and sets of that box that did not stand, with their quasi-p.
    frequency : mapping of str to float
        Share of the other halves that restrict each input; only those restricted at all.
    resamples : int
    outside : Discovery or None
        What was found next among the draws outside of the box; None where it was not looked for.
    """

    what: str
    box: Box
    tested: Box
    trajectory: tuple[PeelingStep, ...]
    chosen: int
    dropped: tuple[Restriction, ...]
    frequency: Mapping[str, float]
    resamples: int
    outside: Discovery | None = None

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
            f"(coverage {show(box.coverage, 'share')}), and it happens in "
            f"{show(box.density, 'share')} of the {box.inside} draws there (density) against "
            f"{show(box.hits / box.draws, 'share')} of all "
            f"{box.draws}."
        )

    @property
    def test(self) -> str:
        """What the box was found as, and what became of it on unseen draws; empty without one."""
        seen = self.tested
        if not seen.restrictions:
            return ""
        return (
            f"Found on one half of the draws as {seen}; on the other it happens in "
            f"{show(seen.density, 'share')} of the {seen.inside} there against "
            f"{show(seen.hits / seen.draws, 'share')}."
        )

    def __str__(self) -> str:
        """Return the sentence and a line for each restriction."""
        lines = [self.sentence]
        for r in self.box.restrictions:
            again = f", restricted in {show(r.frequency, 'share')} of {self.resamples} resamples"
            p = show(r.quasi_p, "plain") if r.quasi_p >= _TINY else f"below {_TINY:g}"
            lines.append(f"  {r}: quasi-p {p}{again if self.resamples else ''}")
        if self.box.restrictions:
            lines.append(f"  {self.test}")
        if self.outside is not None:
            lines.append(f"Outside of that box: {self.outside}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            **plain_fields(self, "what", "sentence", "box", "tested", "trajectory", "chosen"),
            **plain_fields(self, "dropped", "frequency", "resamples", "outside"),
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
    boxes: int = 1,
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
    boxes : int
        The most boxes: each next one is looked for outside of those before it.

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
    a > 0.7 and c < 0.399
    """
    names, values, happens, labels = checked(names, inputs, hits, levels)
    if not 0.0 < alpha < 0.5:
        raise InputError(f"alpha is {alpha}; give a share between 0 and 0.5, such as 0.05")
    if resamples < 0:
        raise InputError(f"resamples is {resamples}; give 0 or more")
    if boxes < 1:
        raise InputError(f"boxes is {boxes}; give one or more")
    search = _Search(
        names=names,
        inputs=values,
        hits=happens,
        labels=labels,
        units=tuple((units or {}).get(name, "") for name in names),
        order=np.argsort(values, axis=1, kind="stable").astype(np.int32),
        rows=equal_rows(values),
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
    box = search.refit(found)
    out = ~inside(box, values)
    outside = None
    if boxes > 1 and box and happens[out].sum() > 0 and out.sum() >= 2:
        outside = discover(
            names, values[:, out].T, happens[out], levels, units, what, generator, resamples,
            alpha, boxes - 1,
        )  # fmt: skip
    return Discovery(
        what=what,
        box=box_of(box, values, happens),
        tested=box_of(found, values[:, other], happens[other]),
        trajectory=trajectory,
        chosen=chosen,
        dropped=dropped,
        frequency={names[k]: round(float(often[k]), 12) for k in np.flatnonzero(often)},
        resamples=resamples,
        outside=outside,
    )


_Boxes = list[tuple[Restriction, ...]]


@dataclass(frozen=True, eq=False)
class _Search:
    names: tuple[str, ...]
    inputs: Floats
    hits: Bools
    labels: tuple[tuple[str, ...], ...]
    units: tuple[str, ...]
    order: NDArray[np.int32]
    rows: Ints
    alpha: float

    def run(
        self, rng: np.random.Generator
    ) -> tuple[
        tuple[Restriction, ...], tuple[Restriction, ...], tuple[PeelingStep, ...], int, Bools
    ]:
        """Return what stands, what was dropped, the trajectory, and the half held back."""
        seen = half(self.hits, self.rows, rng)
        boxes, draws, hits = self._peeled(seen, np.arange(len(self.names)))
        chosen = int(np.argmax(fit(draws, hits, draws[0], hits[0])))
        trajectory = tuple(
            PeelingStep(
                coverage=float(hits[k] / hits[0]) if hits[0] else 0.0,
                density=float(hits[k] / draws[k]),
                mass=float(draws[k] / draws[0]),
                restricted=tuple(r.name for r in box),
            )
            for k, box in enumerate(boxes)
        )
        box = paste(boxes[chosen], self.inputs[:, seen], self.hits[seen], self.labels)
        once = ~seen & (self.rows == np.arange(self.rows.size))
        stands, dropped = standing(box, self.inputs[:, once], self.hits[once])
        return stands, dropped, trajectory, chosen, ~seen

    def refit(self, box: tuple[Restriction, ...]) -> tuple[Restriction, ...]:
        """Return a box with the same ends where they fit best on all draws, whatever the half."""
        if not box:
            return box
        columns = np.array([r.column for r in box])
        boxes, draws, hits = self._peeled(np.ones(self.hits.size, dtype=bool), columns)
        again = {r.column: r for r in boxes[int(np.argmax(fit(draws, hits, draws[0], hits[0])))]}
        start = tuple(
            replace(
                r,
                low=again[r.column].low if r.low > -np.inf < again[r.column].low else r.low,
                high=again[r.column].high if r.high < np.inf > again[r.column].high else r.high,
                allowed=again[r.column].allowed,
                places=again[r.column].places,
            )
            if r.column in again
            else r
            for r in box
        )
        return paste(start, self.inputs, self.hits, self.labels, same_ends=True)

    def _peeled(self, seen: Bools, columns: Ints) -> tuple[_Boxes, Floats, Floats]:
        """Peel some draws along some inputs; return every box with its draws and hits."""
        some = int(seen.sum())
        order = self.order[columns]
        order = order[seen[order]].reshape(len(columns), some)
        least = max(min(_FEWEST_DRAWS, some), int(np.ceil(_LEAST_SHARE * some)))
        sizes = np.array([len(self.labels[k]) for k in columns], dtype=np.int64)
        where, kinds, cuts, draws, hits = peel(
            self.inputs[columns], order, self.hits, sizes, self.alpha, least
        )
        boxes = self._boxes(columns[where], kinds, cuts)
        return (
            boxes,
            np.concatenate([[some], draws]).astype(np.float64),
            np.concatenate([[self.hits[seen].sum()], hits]).astype(np.float64),
        )

    def _boxes(self, columns: Ints, kinds: Ints, cuts: Floats) -> _Boxes:
        """Return the box after each step, the whole space first."""
        box: dict[int, Restriction] = {}
        boxes: _Boxes = [()]
        steps = (part.tolist() for part in (columns, kinds, cuts))
        for column, kind, cut in zip(*steps, strict=True):
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
