"""Which parameter values and variants a study tries.

Points in the unit cube, one axis for each parameter that varies and each variant that is drawn,
become values through the inverse of the stated distributions; correlations are put in by
reordering. A design is a function of case, kind, number of draws and seed, never of how the work is
shared out. Cost: linear in draws times axes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal, get_args

import numpy as np

from detente.case import Case, Correlation, Variant, score_correlation
from detente.engine import Seed, seed_of
from detente.errors import InputError
from detente.study._designs.correlated import correlate
from detente.study._designs.cube import latin_points, sobol_points
from detente.study._designs.morris import morris_points
from detente.study._designs.quantiles import quantile
from detente.study._designs.saltelli import saltelli_points
from detente.text import Result, suggestion
from detente.values import Floats, Ints, data_frame, plain_fields

Point = tuple[Mapping[str, float], Sequence[str]]
"""Parameter values by name, and variants as `Case.variant` takes them."""

MOST_COMBINATIONS = 1_000
"""Of levels of variants that are drawn: each of them is a case of its own."""

Kind = Literal["lhs", "sobol", "saltelli", "morris", "tornado"]
KINDS: tuple[Kind, ...] = get_args(Kind)

PURPOSES: Mapping[str, str] = {
    "saltelli": "Sobol indices",
    "morris": "Morris effects",
    "tornado": "seeing what each input does alone",
}
"""What designs are for whose points are no draws from the ranges."""

LAYOUTS: Mapping[Kind, Callable[[int, int, int], Floats]] = {
    "lhs": latin_points,
    "sobol": sobol_points,
    "saltelli": saltelli_points,
    "morris": morris_points,
}


@dataclass(frozen=True, eq=False)
class Design(Result):
    """The parameter values and variants of every draw.

    Attributes
    ----------
    names : tuple of str
        Parameters that vary, then variants that are drawn.
    values : ndarray, (draws, names)
        Values of parameters; for a variant the index of its level.
    seed : int
    kind : str
        ``lhs`` (Latin hypercube), ``sobol``, ``saltelli`` (for Sobol indices), ``morris``,
        ``tornado`` (the stated values, then each input alone at either end), or ``given`` (values
        from elsewhere, such as a posterior).
    shares : ndarray, (draws, names)
        The points of the unit cube that the values come from; nan in a tornado design.
    levels : mapping of str to tuple of str
        The levels of each variant among the names.
    """

    names: tuple[str, ...]
    values: Floats
    seed: int
    kind: Kind | Literal["given"] = "lhs"
    shares: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self.values.flags.writeable = False
        self.shares.flags.writeable = False

    def __len__(self) -> int:
        """Return the number of draws."""
        return int(self.values.shape[0])

    @property
    def is_sample(self) -> bool:
        """Whether the points are draws from the stated ranges, so that shares of them say much.

        Blocks, trajectories and single steps put their points where differences are read best.
        """
        return self.kind not in PURPOSES

    def check_sample(self) -> None:
        """Refuse to take points for draws that are none.

        Raises
        ------
        InputError
            For a design of kind ``saltelli``, ``morris`` or ``tornado``.
        """
        if not self.is_sample:
            raise InputError(f"{self.purpose}; for those run --design lhs (design='lhs')")

    @property
    def purpose(self) -> str:
        """What the design is for, and what not."""
        if self.is_sample:
            return f"a {self.kind} design is for verdicts, shares, drivers and boxes"
        return (
            f"a {self.kind} design is for {PURPOSES[self.kind]}: its points are no draws from the "
            "ranges, so there are no verdicts, shares, drivers or boxes"
        )

    def draw(self, number: int) -> dict[str, float]:
        """Return one draw's parameters by name."""
        row = zip(self.names, map(float, self._row(number)), strict=True)
        return {name: value for name, value in row if name not in self.levels}

    def variant(self, number: int) -> tuple[str, ...]:
        """Return one draw's variants, for `Case.variant`: each as ``variant.level``."""
        return tuple(
            f"{name}.{self.levels[name][int(value)]}"
            for name, value in zip(self.names, self._row(number), strict=True)
            if name in self.levels
        )

    def point(self, number: int) -> Point:
        """Return one draw's parameters and variants."""
        return self.draw(number), self.variant(number)

    def _row(self, number: int) -> Floats:
        if not 0 <= number < len(self):
            raise InputError(f"there is no draw {number}; draws are 0 to {len(self) - 1}")
        return np.asarray(self.values[number])

    def __str__(self) -> str:
        """Return one line."""
        return (
            f"{self.kind} design: {len(self)} draws of {len(self.names)} inputs, seed {self.seed}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the design, ready for JSON."""
        return plain_fields(self, "kind", "seed", "names", "levels", "values")

    def to_pandas(self) -> Any:
        """Return the values by draw, variants by the names of their levels (needs pandas)."""
        frame = data_frame(self.values, range(len(self)), name="draw", columns=list(self.names))
        for name, levels in self.levels.items():
            frame[name] = [levels[int(k)] for k in frame[name]]
        return frame


def make_design(case: Case, draws: int, rng: Seed = None, kind: str = "lhs") -> Design:
    """Return a design over a case's parameters and drawn variants.

    Parameters
    ----------
    case : Case
    draws : int
        The most draws to make: ``saltelli`` and ``morris`` take as many whole blocks as fit;
        ``tornado`` has a size of its own.
    rng : int, numpy Generator or None
        Seed or generator; None draws a seed, which the design then names.
    kind : str
        One of ``lhs``, ``sobol``, ``saltelli``, ``morris``, ``tornado``.

    Raises
    ------
    InputError
        For an unknown kind, too few draws, too many combinations of variants, or ``saltelli`` or
        ``morris`` with correlated parameters, whose indices would not mean anything.

    Examples
    --------
    >>> import detente
    >>> print(make_design(detente.load("chicken"), 8, rng=1, kind="sobol"))
    sobol design: 8 draws of ... inputs, seed 1
    """
    if kind not in KINDS:
        raise InputError(f"there is no design {kind!r}; {suggestion(str(kind), KINDS, 'design')}")
    if draws < 1:
        raise InputError(f"draws is {draws}; give one or more")
    seed = seed_of(rng)
    inputs = inputs_of(case)
    if not inputs.columns:
        return Design((), np.zeros((draws, 0)), seed, kind, np.zeros((draws, 0)))
    if kind == "tornado":
        values = _one_at_a_time(case, list(inputs.names), list(inputs.variants))
        nothing = np.full(values.shape, np.nan)
        return Design(inputs.columns, values, seed, kind, nothing, inputs.levels)
    _refuse_correlated(case, kind, inputs.names)
    shares = LAYOUTS[kind](draws, len(inputs.columns), seed)
    tie(shares, inputs.names, case.correlations)
    return design_at(inputs, shares, seed, kind)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What varies from draw to draw: parameters by name, then variants that are drawn."""

    names: tuple[str, ...]
    variants: tuple[Variant, ...]
    rows: Ints
    worlds: tuple[Case, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Parameters, then variants."""
        return (*self.names, *(variant.name for variant in self.variants))

    @property
    def levels(self) -> dict[str, tuple[str, ...]]:
        """The levels of each variant."""
        return {v.name: tuple(level.name for level in v.levels) for v in self.variants}


def inputs_of(case: Case) -> Inputs:
    """Return what varies in a case, and the case for every combination of levels of variants."""
    variants = [variant for variant in case.variants if variant.drawn]
    rows, worlds = _worlds(case, variants)
    names = (
        n for n in case.parameters if any(c.parameters[n].distribution != "fixed" for c in worlds)
    )
    return Inputs(tuple(names), tuple(variants), rows, tuple(worlds))


def tie(shares: Floats, names: Sequence[str], correlations: Sequence[Correlation]) -> None:
    """Reorder the columns of points, in place, so that what goes together does."""
    pairs = [pair for pair in correlations if set(pair.between) <= set(names)]
    tied = [k for k, n in enumerate(names) if any(n in pair.between for pair in pairs)]
    if tied:
        wanted = score_correlation([names[k] for k in tied], pairs)
        shares[:, tied] = correlate(shares[:, tied], wanted)


def design_at(inputs: Inputs, shares: Floats, seed: int, kind: Kind) -> Design:
    """Return the design whose values stand at given points of the unit cube."""
    names, variants = inputs.names, inputs.variants
    values = np.empty_like(shares)
    for k, variant in enumerate(variants, start=len(names)):
        ends = np.cumsum([level.share for level in variant.levels])
        place = np.searchsorted(ends, shares[:, k] * ends[-1], side="right")
        values[:, k] = np.minimum(place, len(ends) - 1)
    for row, world in zip(inputs.rows, inputs.worlds, strict=True):
        here = (values[:, len(names) :] == row).all(axis=1)
        for k, name in enumerate(names):
            values[here, k] = quantile(world.parameters[name], shares[here, k])
    return Design(inputs.columns, values, seed, kind, shares, inputs.levels)


def latin_hypercube(case: Case, draws: int, rng: Seed = None) -> Design:
    """Return a Latin hypercube over a case's parameters and drawn variants.

    Parameters
    ----------
    case : Case
    draws : int
    rng : int, numpy Generator or None
        Seed or generator; None draws a seed, which the design then names.

    Examples
    --------
    >>> import detente
    >>> len(latin_hypercube(detente.load("chicken"), 10, rng=1))
    10
    """
    return make_design(case, draws, rng, "lhs")


def _worlds(case: Case, variants: list[Variant]) -> tuple[Ints, list[Case]]:
    """Return every combination of levels, as rows of indices, and the case it makes."""
    sizes = tuple(len(variant.levels) for variant in variants)
    if prod(sizes) > MOST_COMBINATIONS:
        raise InputError(
            f"the variants that are drawn have more than {MOST_COMBINATIONS:,} combinations of "
            "levels; choose a level of some, or write `drawn: false` for them"
        )
    rows = np.array(list(np.ndindex(sizes)), dtype=np.int64).reshape(-1 if sizes else 1, len(sizes))
    return rows, [
        case.variant(*(f"{v.name}.{v.levels[i].name}" for v, i in zip(variants, row, strict=True)))
        if variants
        else case
        for row in rows
    ]


def _one_at_a_time(case: Case, names: list[str], variants: list[Variant]) -> Floats:
    def at(levels: list[int]) -> Case:
        chosen = zip(variants, levels, strict=True)
        return case.variant(*(f"{v.name}.{v.levels[i].name}" for v, i in chosen))

    def row(levels: list[int]) -> list[float]:
        stated = at(levels).parameters
        return [*(stated[name].value for name in names), *map(float, levels)]

    usual = [0] * len(variants)
    base = row(usual)
    rows = [base]
    for k, name in enumerate(names):
        parameter = at(usual).parameters[name]
        for end in (parameter.low, parameter.high):
            rows.append([*base[:k], end, *base[k + 1 :]])
    for k, variant in enumerate(variants):
        for level in range(1, len(variant.levels)):
            rows.append(row([*usual[:k], level, *usual[k + 1 :]]))
    return np.array(rows, dtype=np.float64)


def _refuse_correlated(case: Case, kind: str, names: Sequence[str]) -> None:
    tied = [pair.between for pair in case.correlations if set(pair.between) <= set(names)]
    if tied and kind in {"saltelli", "morris"}:
        a, b = tied[0]
        raise InputError(
            f"a {kind} design takes inputs to be independent, and {a} and {b} are correlated in "
            f"{case.name}; use lhs or sobol, or set one of them"
        )
