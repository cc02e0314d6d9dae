"""The answers about one deal over draws of the uncertain parameters, with shares and ranges.

Each draw is an `assess_deal` of its own, coarse: payments on five points, no levers. Draws are
those of a study (`detente.study.make_design`) and are solved in worker processes; what comes out
does not depend on how many. Shares of draws are not probabilities. Cost: about a second per draw on
the flagship.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.deals._assessment import DealAssessment, assess_deal
from detente.deals._price import TEST_WORDS, TESTS, Price
from detente.engine import FAILURES, Backend, Progress, Seed, map_tasks, reason_of, seed_of
from detente.errors import AnalysisError, InputError
from detente.study import Point, make_design
from detente.text import Kind, Result, plural, precise, show, show_range, suggestion
from detente.values import Floats, plain

if TYPE_CHECKING:
    from detente.drawing import Drawing


_PIECE = 4
_MIDDLE = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class DealDraw:
    """One draw's answers: numbers by name, its best deals and whether they hold, or a failure."""

    numbers: Mapping[str, float]
    deals: Mapping[tuple[tuple[str, str], ...], bool]
    failure: str = ""


@dataclass(frozen=True)
class DealFrequency:
    """How often a linked deal is among a draw's best, and holds.

    Attributes
    ----------
    changes : mapping of str to str
    among : float
        Share of draws in which it is among the best five.
    holds : float
        Share of all draws in which it also is self-enforcing.
    """

    changes: Mapping[str, str]
    among: float
    holds: float


@dataclass(frozen=True, eq=False)
class DealStudy(Result):
    """The answers about one deal, as stated and over draws; made by `study_deal`.

    Attributes
    ----------
    base : DealAssessment
        At the case's stated values.
    draws, seed : int
    completed : ndarray of int
        Numbers of the draws that were answered.
    numbers : mapping of str to ndarray, (completed,)
        Every number by name, nan where there is none: ``probability``; by what is offered
        ``price/<offer>/<test>``, ``willingness/<offer>``, ``zone/<offer>/<test>`` (0 or 1);
        ``side/<formula>/probability`` and ``side/<formula>/stable``; ``chip/<actor>``,
        ``nash/<actor>``; ``package/<schedule>/probability`` and ``package/<schedule>/<actor>``.
        Offers of an option are numbers of its levels, as the case lists them; what costs the payer
        most or least is judged in each draw anew.
    deals : tuple of DealFrequency
        The commonest first.
    failures : tuple of (int, str)
        Draws without an answer, and why.
    """

    base: DealAssessment
    draws: int
    seed: int
    completed: NDArray[np.int64]
    numbers: Mapping[str, Floats]
    deals: tuple[DealFrequency, ...]
    failures: tuple[tuple[int, str], ...]

    def share(self, name: str) -> float:
        """Return the share of draws in which a number exists and is not 0."""
        found = self._known(name)
        return float(np.mean(~np.isnan(found) & (found != 0.0)))

    def interval(self, name: str) -> tuple[float, float, float]:
        """Return the 5 %, 50 % and 95 % quantiles over the draws in which a number exists."""
        found = self._known(name)
        found = found[~np.isnan(found)]
        if not found.size:
            return (np.nan, np.nan, np.nan)
        low, middle, high = np.quantile(found, _MIDDLE)
        return float(low), float(middle), float(high)

    def levels(self, name: str) -> dict[str, float]:
        """Return the share of draws by level for a number of an option, and of those without.

        Levels are in the order of the stated case: from the one that costs the payer least.
        """
        found = self._known(name)
        priced = self._priced(name)
        if priced is None:
            raise InputError(f"{name} is a number, not a level; ask for its interval instead")
        shares = {
            level: float(np.mean(found == _listed(priced, level)))
            for level in priced.question.levels
        }
        return {level: share for level, share in shares.items() if share > 0.0} | (
            {"none of them": float(np.mean(np.isnan(found)))} if np.isnan(found).any() else {}
        )

    def plot(self) -> Drawing:
        """Draw the answers at the stated values; see `DealAssessment.plot`."""
        return self.base.plot()

    def __str__(self) -> str:
        """Return shares and ranges, one line per number; the stated answers where none is drawn."""
        if not self.draws:
            return str(self.base)
        question = self.base.question
        lines = [
            f"over {len(self.completed):,} draws (seed {self.seed}): median, 90 % of draws; "
            "shares of draws are not probabilities",
            f"  within {precise(question.horizon)} years, no deal: {self._told('probability')}",
            *(f"  {note}" for note in question.notes),
        ]
        for aim in self.base.side_questions:
            name = f"side/{aim.formula}"
            lines.append(
                f"  {aim.formula}: {self._told(f'{name}/probability')} in time, no deal; "
                f"can be stable in {_share(self.share(f'{name}/stable'))}"
            )
        for offer, found in self.base.prices.items():
            for test in TESTS:
                name = f"price/{offer}/{test}"
                zone = _share(self.share(f"zone/{offer}/{test}"))
                if found.question.levels:
                    told = _by_level(self.levels(name))
                else:
                    there = float(np.mean(~np.isnan(self.numbers[name])))
                    told = f"in {_share(there)} from {self._told(name)}" if there else "never"
                lines.append(f"  {offer}, {TEST_WORDS[test]}: {told}; agreement possible in {zone}")
            name = f"willingness/{offer}"
            told = _by_level(self.levels(name)) if found.question.levels else self._told(name)
            lines.append(f"  the dearest {question.payer} would give of {offer}: {told}")
        for kind, words in (("chip", "given for nothing"), ("nash", "Nash point")):
            gains = [
                f"{name.split('/')[1]} {self._told(name)}"
                for name in self.numbers
                if name.startswith(f"{kind}/")
            ]
            if gains:
                lines.append(f"  {words}: " + "; ".join(gains))
        for name in self.numbers:
            kind, _, rest = name.partition("/")
            schedule, _, number = rest.partition("/")
            if kind == "package" and number == "probability":
                told = "; ".join(
                    f"{actor} {self._told(f'package/{schedule}/{actor}')}"
                    for actor in question.conflict.actors
                )
                lines.append(f"  {schedule}: {self._told(name)} in time; {told}")
        for deal in self.deals[:3]:
            words = ", ".join(f"{name} to {level}" for name, level in deal.changes.items())
            lines.append(
                f"  linked: {words}: among the best five in {_share(deal.among)}, and "
                f"holds in {_share(deal.holds)}"
            )
        if self.failures:
            failed = plural(len(self.failures), "draw")
            lines.append(f"  {failed} failed; the first: {self.failures[0][1]}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the stated answers and the ranges, ready for JSON."""
        return {
            "base": self.base.to_dict(),
            "draws": self.draws,
            "seed": self.seed,
            "answered": len(self.completed),
            "numbers": {
                name: {"share": float(np.mean(~np.isnan(found))), **self._spread(name)}
                for name, found in self.numbers.items()
            },
            "deals": [
                {"changes": dict(d.changes), "among": d.among, "holds": d.holds} for d in self.deals
            ],
            "failures": [{"draw": number, "reason": why} for number, why in self.failures],
        }

    def to_pandas(self) -> Any:
        """Return every number by draw as a DataFrame (needs pandas)."""
        import pandas as pd

        return pd.DataFrame(dict(self.numbers), index=pd.Index(self.completed, name="draw"))

    def _spread(self, name: str) -> dict[str, Any]:
        """Return how a number is spread over the draws: by level, or its quantiles and mean."""
        found = self.numbers[name]
        if self._priced(name) is not None:
            return {"levels": self.levels(name)}
        mean = None if np.isnan(found).all() else float(np.nanmean(found))
        return {"quantiles": plain(self.interval(name)), "mean": mean}

    def _priced(self, name: str) -> Price | None:
        """Return the price whose levels a number counts; None for all other numbers."""
        kind, _, rest = name.partition("/")
        found = self.base.prices.get(rest.partition("/")[0])
        counts = kind in ("price", "willingness") and found is not None and found.question.levels
        return found if counts else None

    def _known(self, name: str) -> Floats:
        if name not in self.numbers:
            hint = suggestion(str(name), self.numbers, "number")
            raise InputError(f"there is no number {name!r}; {hint}")
        return self.numbers[name]

    def _told(self, name: str) -> str:
        low, middle, high = self.interval(name)
        if np.isnan(middle):
            return "never"
        kind: Kind = "share" if name.endswith("probability") else "plain"
        return f"{show(middle, kind)} ({show_range(low, high, kind)})"


def study_deal(
    case: Case,
    want: str,
    of: str,
    payer: str,
    draws: int = 400,
    rng: Seed = None,
    *,
    given: Mapping[str, str | int] | None = None,
    horizon: float = 5.0,
    probability: float = 0.8,
    concept: str = "seq",
    exchange: float = 1.0,
    size: int = 2,
    also: Sequence[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> DealStudy:
    """Answer everything about one deal, as stated and over draws of the parameters.

    Parameters
    ----------
    case : Case
    want, of, payer
        As in `detente.deals.deal_question`.
    draws : int
        0 answers at the stated values only.
    rng : int, numpy Generator or None
    given, horizon, probability, concept, exchange, size, also
        As in `detente.deals.assess_deal`.
    workers : int, optional
        Processes; all cores by default.
    progress : callable, optional
        Called with draws done, of how many, and how many failed.

    Raises
    ------
    InputError
        When the question makes no sense at the stated values.
    AnalysisError
        When no draw can be answered; the message gives the first reason.
    """
    asked: dict[str, Any] = {
        "given": given, "horizon": horizon, "probability": probability, "concept": concept,
        "exchange": exchange, "size": size, "also": also,
    }  # fmt: skip
    backend = Backend("processes", workers)
    base = assess_deal(case.conflict(), want, of, payer, **asked)
    if draws == 0:
        return DealStudy(base, 0, seed_of(rng), np.zeros(0, dtype=np.int64), {}, (), ())
    design = make_design(case, draws, rng)
    found = map_tasks(
        answer_draw, (case, dict(asked, want=want, of=of, payer=payer)),
        [design.point(n) for n in range(draws)], backend, _lost, piece=_PIECE,
        progress=progress, failed=lambda one: bool(one.failure),
    )  # fmt: skip
    kept = [one for one in found if not one.failure]
    failures = tuple((n, one.failure) for n, one in enumerate(found) if one.failure)
    if not kept:
        raise AnalysisError(f"none of {draws} draws could be answered: {failures[0][1]}")
    names = list(dict.fromkeys(name for one in kept for name in one.numbers))
    return DealStudy(
        base=base,
        draws=draws,
        seed=design.seed,
        completed=np.array([n for n, one in enumerate(found) if not one.failure]),
        numbers={n: np.array([one.numbers.get(n, np.nan) for one in kept]) for n in names},
        deals=_often(kept),
        failures=failures,
    )


def answer_draw(question: tuple[Case, Mapping[str, Any]], point: Point) -> DealDraw:
    """Answer one draw; a failure becomes part of the answer."""
    (case, asked), (parameters, variant) = question, point
    try:
        drawn = case.variant(*variant).conflict(parameters)
        found = assess_deal(drawn, coarse=True, **asked)
    except FAILURES as error:
        return _lost(question, reason_of(error))
    deals = {tuple(deal.exchange.changes.items()): deal.deviation is None for deal in found.linked}
    return DealDraw(_numbers(found), deals)


def _lost(question: object, reason: str) -> DealDraw:
    return DealDraw({}, {}, reason)


def _numbers(found: DealAssessment) -> dict[str, float]:
    numbers = {"probability": found.probability}
    for aim in found.side_questions:
        numbers[f"side/{aim.formula}/probability"] = aim.probability
        numbers[f"side/{aim.formula}/stable"] = float(aim.stable)
    for offer, priced in found.prices.items():
        for test in TESTS:
            least = priced.passes[test].least
            numbers[f"price/{offer}/{test}"] = _number(priced, least)
            numbers[f"zone/{offer}/{test}"] = float(bool(priced.zone(test)))
        most = priced.willingness
        if most is not None and most <= priced.tolerance and not priced.question.levels:
            most = 0.0
        numbers[f"willingness/{offer}"] = _number(priced, most)
    if found.chip is not None:
        numbers |= {f"chip/{actor}": gain for actor, gain in found.chip.gain.items()}
    for point in found.fair.points:
        if point.rule == "nash":
            numbers |= {f"nash/{actor}": gain for actor, gain in point.gain.items()}
    if found.packages is not None:
        for outcome in found.packages.outcomes[1:]:
            name = outcome.schedule
            numbers[f"package/{name}/probability"] = outcome.probability
            gains = found.packages.gain(name)
            numbers |= {f"package/{name}/{actor}": gain for actor, gain in gains.items()}
    return numbers


def _number(priced: Price, offer: float | None) -> float:
    """Return an offer as a number that means the same in every draw."""
    if offer is None:
        return float(np.nan)
    return _listed(priced, priced.question.words(offer)) if priced.question.levels else offer


def _listed(priced: Price, level: str) -> float:
    """Return the number of a level as the case lists them."""
    space = priced.question.conflict.space
    return float(space.axes[space.axis(priced.question.offer)].level(level))


def _often(kept: Sequence[DealDraw]) -> tuple[DealFrequency, ...]:
    among: dict[tuple[tuple[str, str], ...], list[bool]] = defaultdict(list)
    for one in kept:
        for changes, holds in one.deals.items():
            among[changes].append(holds)
    ranked = sorted(among.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(
        DealFrequency(dict(changes), len(held) / len(kept), sum(held) / len(kept))
        for changes, held in ranked
    )


def _share(value: float) -> str:
    return show(value, "share")


def _by_level(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{level} {_share(share)}" for level, share in shares.items())
