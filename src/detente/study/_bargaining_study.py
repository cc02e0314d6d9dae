"""A table of bargaining over many draws of its numbers: outcomes, exchanges and gains with ranges.

Draws come from the ranges of a case's parameters, or for a table of its own from a spread around
each number. Every draw is asked for all models and for its exchanges; an exchange is known by its
givers and issues, so that one can say in which share of draws it is made. What a draw gives depends
on its number only. Cost: that of the models in each draw; of 20 actors on 10 issues the challenge
model takes more than all others together, so it is asked for by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import fill
from typing import Any

import numpy as np

from detente.bargaining import BargainingTable, StatedVote, table_of
from detente.case import Case
from detente.engine import Backend, Progress, Seed, map_tasks
from detente.errors import AnalysisError, InputError
from detente.study._bargaining_draw import BargainingTask, bargain_in_draw, lost_draw
from detente.study._design import Design, make_design
from detente.study._drivers import Driver
from detente.study._exchange_patterns import (
    QUANTILES,
    ExchangePattern,
    patterns_of,
    quantiles,
)
from detente.study._sensitivity_of import sensitivity_of
from detente.study._table_ranges import TableRanges
from detente.study.sensitivity import MorrisEffects, SobolIndices, Tornado
from detente.text import Result, and_more, plural, quote, show, show_range, suggestion, table
from detente.values import Floats, data_frame, plain

_PIECE = 10
_WIDTH = 80
_MOST_PATTERNS = 10
_MOST_DRIVERS = 3
_LONGEST_NAME = 25
_COLUMNS = ("q05", "q25", "median", "q75", "q95")
_ALL = ("compromise", "mean", "median", "mode", "nash", "procedural", "exchange", "challenge")
_BY_NAME = ("challenge",)


@dataclass(frozen=True, eq=False)
class BargainingStudy(Result):
    """What a table comes to over many draws; made by `study_bargaining`.

    Attributes
    ----------
    name : str
        Of the case; empty for a table of its own.
    drawn : str
        What is drawn, in words.
    table : BargainingTable
        As stated.
    design : Design
        What was drawn.
    models : tuple of str
    outcomes : ndarray, (draws, models, issues)
        On the scales of the issues; nan where a draw failed or a model found none.
    gains : ndarray, (draws, actors)
        By all exchanges, in salience times points of a scale of 100; nan where a draw failed.
    patterns : tuple of ExchangePattern
        Those made in most draws first.
    failures : tuple of (int, str)
        Draws without a result, and why.
    left_out : tuple of str
        Models that were not asked, and why.
    """

    name: str
    drawn: str
    table: BargainingTable
    design: Design
    models: tuple[str, ...]
    outcomes: Floats
    gains: Floats
    patterns: tuple[ExchangePattern, ...]
    failures: tuple[tuple[int, str], ...]
    left_out: tuple[str, ...] = ()

    def outcome(self, issue: str, model: str = "compromise") -> Floats:
        """Return the outcome of an issue under a model in every draw."""
        for what, kind, known in (
            (issue, "issue", self.table.issues),
            (model, "model", self.models),
        ):
            if what not in known:
                raise InputError(
                    f"there is no {kind} {quote(what)}; {suggestion(what, known, kind)}"
                )
        found: Floats = self.outcomes[:, self.models.index(model), self.table.issues.index(issue)]
        return found

    def sensitivity(
        self, issue: str, model: str = "compromise", rng: Seed = 0
    ) -> SobolIndices | MorrisEffects | Tornado | tuple[Driver, ...]:
        """Return which inputs an outcome turns on, as the design allows; see `Study.sensitivity`.

        Parameters
        ----------
        issue, model : str
        rng : int, numpy Generator or None
            Seed or generator of the bootstrap of Morris effects.
        """
        return sensitivity_of(self.design, self.outcome(issue, model), rng)

    @cached_property
    def ranges(self) -> Floats:
        """Quantiles of the outcomes at 5, 25, 50, 75 and 95 %, (5, models, issues)."""
        return quantiles(self.outcomes)

    def __str__(self) -> str:
        """Return outcomes, what they turn on, exchanges and gains, in 80 columns."""
        seed = f"{plural(len(self.design), 'draw')}, seed {self.design.seed}"
        parts = [[fill(f"bargaining over {seed}: {self.drawn}", _WIDTH)]]
        if self.design.is_sample:
            parts[0].append("shares of draws are not probabilities")
            parts += [self._outcome_lines(), self._driver_lines()]
            parts += [self._pattern_lines(), self._gain_lines()]
        else:
            parts[0].append(fill(self.design.purpose, _WIDTH))
            parts.append([self._index_line(issue) for issue in self.table.issues])
        notes = [*self.left_out, *self._failure_lines()]
        parts.append([fill(note, _WIDTH) for note in notes])
        return "\n\n".join("\n".join(lines) for lines in parts if lines)

    def _outcome_lines(self) -> list[str]:
        rows = [["outcome", "model", "median", "50 % of draws", "90 % of draws"]]
        for k, issue in enumerate(self.table.issues):
            for m, model in enumerate(self.models):
                rows.append(
                    [_short(issue) if m == 0 else "", model, *_spread(self.ranges[:, m, k])]
                )
        return table(rows, "< < >")

    @property
    def _main(self) -> str:
        """The model of which it is printed what its outcomes turn on."""
        return "exchange" if "exchange" in self.models else self.models[0]

    def _driver_lines(self) -> list[str]:
        if not self.design.names:
            return ["nothing varies: no number has a range"]
        head = (
            f"what the outcome under {self._main} turns on most: its median in the fifth of draws "
            "where an input is lowest, and where it is highest"
        )
        lines = [fill(head, _WIDTH)]
        for issue in self.table.issues:
            found = self.sensitivity(issue, self._main)
            assert isinstance(found, tuple), "a sample gives correlations"
            words = "; ".join(
                f"{one.parameter} {show(one.low, 'fine')}, {show(one.high, 'fine')}"
                for one in found[:_MOST_DRIVERS]
            )
            lines.append(_wrapped(f"{issue}: {words or 'nothing that varies'}"))
        return lines

    def _index_line(self, issue: str) -> str:
        try:
            found = self.sensitivity(issue, self._main)
        except AnalysisError as error:
            return _wrapped(f"{issue}: {error}")
        assert not isinstance(found, tuple), "only a sample gives correlations"
        return _wrapped(f"{issue} under {self._main}: {found.sentence}")

    def _pattern_lines(self) -> list[str]:
        if not self.patterns:
            return ["no exchange is made in any draw"]
        kinds = plural(len(self.patterns), "exchange")
        lines = [f"{kinds} made in some draw: in what share of them, and the gain of each"]
        lines += [_wrapped(str(one)) for one in self.patterns[:_MOST_PATTERNS]]
        return [*lines, *and_more(len(self.patterns) - _MOST_PATTERNS)]

    def _gain_lines(self) -> list[str]:
        rows = [["gain by all exchanges", "median", "50 % of draws", "90 % of draws", "loses in"]]
        found = self.gains[~np.isnan(self.gains).all(axis=1)]
        for i, actor in enumerate(self.table.actors):
            loses = show(float((found[:, i] < 0).mean()), "share")
            rows.append([_short(actor), *_spread(quantiles(found[:, i])), loses])
        return table(rows, "< >")

    def _failure_lines(self) -> list[str]:
        lines = []
        if self.failures:
            failed = plural(len(self.failures), "draw")
            lines.append(f"{failed} failed; the first: {self.failures[0][1]}")
        done = len(self.design) - len(self.failures)
        for m, model in enumerate(self.models):
            lacking = int(np.isnan(self.outcomes[:, m]).all(axis=1).sum()) - len(self.failures)
            if lacking:
                lines.append(f"{model}: no outcome in {lacking:,} of {done:,} draws")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return ranges of outcomes and gains, exchanges and what outcomes turn on, for JSON."""
        shown = {
            model: {
                issue: {
                    "quantiles": plain(self.ranges[:, m, k].tolist()),
                    "turns_on": _plain_sensitivity(self, issue, model),
                }
                for k, issue in enumerate(self.table.issues)
            }
            for m, model in enumerate(self.models)
        }
        gains = quantiles(self.gains)
        return {
            "name": self.name,
            "drawn": self.drawn,
            "draws": len(self.design),
            "seed": self.design.seed,
            "design": self.design.kind,
            "at": list(QUANTILES),
            "outcomes": shown,
            "gains": {a: gains[:, i].tolist() for i, a in enumerate(self.table.actors)},
            "exchanges": [
                {
                    "givers": list(one.givers),
                    "issues": list(one.issues),
                    "share": one.share,
                    "gain": list(one.gain),
                }
                for one in self.patterns
            ],
            "failures": [{"draw": draw, "reason": reason} for draw, reason in self.failures],
            "left_out": list(self.left_out),
        }

    def to_pandas(self) -> Any:
        """Return a row an issue and model with the quantiles of its outcome."""
        return data_frame([
            {"issue": issue, "model": model}
            | dict(zip(_COLUMNS, self.ranges[:, m, k].tolist(), strict=True))
            for k, issue in enumerate(self.table.issues)
            for m, model in enumerate(self.models)
        ])  # fmt: skip


def study_bargaining(
    subject: Case | BargainingTable,
    draws: int = 400,
    rng: Seed = None,
    spread: float = 0.1,
    *,
    models: Sequence[str] | None = None,
    rounds: int = 1,
    setter: str | None = None,
    threshold: float = 0.5,
    veto: Sequence[str] = (),
    design: str = "lhs",
    workers: int | None = None,
    processes: bool = False,
    progress: Progress | None = None,
) -> BargainingStudy:
    """Ask the models what a table comes to over many draws of its numbers.

    Parameters
    ----------
    subject : Case or BargainingTable
        A case draws its parameters from their ranges and its variants; of a table every position,
        salience and capability is drawn.
    draws : int
    rng : int, numpy Generator or None
        Seed or generator.
    spread : float
        Of a table: positions by this share of the scale to either side, salience and capability by
        this share of themselves.
    models : sequence of str, optional
        All that the table allows but ``challenge``, which takes longest, by default.
    rounds : int
        Of exchanges.
    setter, threshold, veto
        As of `detente.bargaining.procedural`; those of the case where no setter is named.
    design : str
        ``lhs`` or ``sobol``, for which ranges mean something; ``saltelli``, ``morris`` and, for a
        case, ``tornado`` for `BargainingStudy.sensitivity`.
    workers : int, optional
        All cores by default. Results do not depend on it.
    processes : bool
        Work in processes of their own rather than in threads.
    progress : callable, optional
        Called with draws done, of how many, and how many failed.

    Raises
    ------
    InputError
        For a case without a table, or a model that cannot be asked.
    AnalysisError
        When every draw fails.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table
    >>> cells = {
    ...     "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1)},
    ...     "fund": {"a": (100, 0.2, 1), "b": (0, 0.9, 1)},
    ... }
    >>> found = study_bargaining(bargaining_table(cells), 50, rng=1)
    >>> len(found.patterns), found.patterns[0].share, found.patterns[0].givers
    (1, 1.0, ('b', 'a'))
    """
    if rounds < 1 or draws < 1:
        raise InputError(f"{rounds} rounds of {draws} draws; give one or more of each")
    if isinstance(subject, Case):
        stated, plan = table_of(subject), make_design(subject, draws, rng, design)
        asked: Case | TableRanges = subject
        drawn = f"parameters of {subject.name} from their ranges"
    else:
        asked = TableRanges(subject, spread)
        stated, plan, drawn = subject, asked.design(draws, rng, design), asked.words
    vote = None if setter is None else StatedVote(setter, threshold, tuple(veto))
    chosen, left_out = _models(BargainingTask(asked, (), rounds, vote), stated, models)
    task = BargainingTask(asked, chosen, rounds, vote)
    found = map_tasks(
        bargain_in_draw, task, [plan.point(n) for n in range(len(plan))],
        Backend("processes" if processes else "threads", workers), lost_draw,
        piece=_PIECE, progress=progress, failed=lambda one: bool(one.failure),
    )  # fmt: skip
    failures = tuple((n, one.failure) for n, one in enumerate(found) if one.failure)
    if len(failures) == len(found):
        raise AnalysisError(f"none of {plural(len(found), 'draw')} works: {failures[0][1]}")
    outcomes = np.full((len(found), len(chosen), len(stated.issues)), np.nan)
    gains = np.full((len(found), len(stated.actors)), np.nan)
    for n, one in enumerate(found):
        if not one.failure:
            outcomes[n], gains[n] = one.outcomes, one.gains
    name = subject.name if isinstance(subject, Case) else ""
    return BargainingStudy(
        name, drawn, stated, plan, chosen, outcomes, gains, patterns_of(found), failures, left_out
    )


def _models(
    task: BargainingTask, stated: BargainingTable, wanted: Sequence[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the models to ask, and why others are left out."""
    for model in wanted or ():
        if model not in _ALL:
            raise InputError(
                f"there is no model {quote(model)}; {suggestion(model, _ALL, 'model')}"
            )
    unknown = [p for p, r in zip(stated.issues, stated.reference, strict=True) if np.isnan(r)]
    why: dict[str, str] = {}
    if unknown:
        why = dict.fromkeys(("nash", "procedural"), f"as {unknown[0]} has no reference point")
    rule = task.rule(({}, ()))
    if rule is None:
        why["procedural"] = "as nobody is named who proposes"
    else:
        for name in (rule.setter, *rule.veto):
            if name not in stated.actors:
                raise InputError(
                    f"there is no actor {quote(name)}; {suggestion(name, stated.actors, 'actor')}"
                )
    refused = [model for model in wanted or () if model in why]
    if refused:
        raise InputError(f"{refused[0]} cannot be asked, {why[refused[0]]}; leave it out")
    if wanted:
        return tuple(model for model in _ALL if model in wanted), ()
    why |= dict.fromkeys(_BY_NAME, "as it takes longest; ask for it by name")
    left_out = tuple(f"{model}: left out, {why[model]}." for model in _ALL if model in why)
    return tuple(model for model in _ALL if model not in why), left_out


def _spread(quantiles: Floats) -> list[str]:
    lowest, low, middle, high, highest = map(float, quantiles)
    return [
        show(middle, "fine"),
        show_range(low, high, "fine"),
        show_range(lowest, highest, "fine"),
    ]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _wrapped(text: str) -> str:
    return fill(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def _plain_sensitivity(study: BargainingStudy, issue: str, model: str) -> Any:
    found = study.sensitivity(issue, model)
    return plain(found[:_MOST_DRIVERS] if isinstance(found, tuple) else found)
