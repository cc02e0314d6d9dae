"""What a study found: answers by draw and claim, paths, failures, and verdicts out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, Claim
from detente.claims import Verdict, judge_claim
from detente.engine import Chunk, Progress, Seed
from detente.errors import AnalysisError, InputError
from detente.study._convergence import Convergence, convergence
from detente.study._design import Design
from detente.study._drivers import Driver, drivers
from detente.study._sensitivity_of import sensitivity_of
from detente.study._solve import POINTS, asked_claims, horizon, width
from detente.study._target import answers_to, event_in_draws
from detente.study.discovery import DecisionTree, Discovery, decision_tree, discover
from detente.study.sensitivity import MorrisEffects, SobolIndices, Tornado
from detente.text import Result, listing, plural, suggestion
from detente.values import Floats, Ints, data_frame, plain, plain_fields

if TYPE_CHECKING:
    from detente.drawing import Drawing
    from detente.review import Review


@dataclass(frozen=True, slots=True)
class FailedAnswer:
    """A draw without a result, or without an answer to one claim, and why."""

    draw: int
    reason: str
    claim: str = ""


@dataclass(frozen=True, eq=False)
class Study(Result):
    """Answers to every asked claim over many draws; made by `detente.study.run_study`.

    Attributes
    ----------
    case : Case
    design : Design
        Parameter values of every draw.
    completed : ndarray of int, (done,)
        Numbers of the draws that were done.
    asked : tuple of Claim
    values, unscoped : ndarray, (done, claims)
        Answers as stated and without scope conditions; nan where a draw has none.
    times : ndarray, (points,)
        Years from the start.
    shares : ndarray of float32, (done, points, levels of all axes)
        Probability of each level of each option and condition.
    issues : ndarray of float32, (done, points, issues)
        Means.
    work : ndarray, (done, 3)
        Residual, sweeps and folds of each draw's equilibrium.
    failures : tuple of FailedAnswer
    outdated : str
        That the case file has changed since a stored study was made; empty otherwise.
    """

    case: Case
    design: Design
    completed: Ints
    asked: tuple[Claim, ...]
    values: Floats
    unscoped: Floats
    times: Floats
    shares: NDArray[np.float32]
    issues: NDArray[np.float32]
    work: Floats
    failures: tuple[FailedAnswer, ...]
    outdated: str = ""

    @property
    def residual(self) -> float:
        """Largest residual over the draws."""
        return float(self.work[:, 0].max())

    @cached_property
    def failed(self) -> Ints:
        """Numbers of the draws that failed."""
        return np.array(sorted({f.draw for f in self.failures if not f.claim}), dtype=np.int64)

    @cached_property
    def missing(self) -> Mapping[str, int]:
        """By claim how many completed draws have no answer to it; only claims that lack some."""
        counts = np.isnan(self.values).sum(axis=0).tolist()
        return {c.id: n for c, n in zip(self.asked, counts, strict=True) if n}

    @property
    def lacking(self) -> str:
        """How many draws failed and how many answers are missing, in words."""
        answers = sum(self.missing.values())
        parts = [f"{plural(len(self.failed), 'draw')} failed"] if len(self.failed) else []
        parts += [f"{plural(answers, 'answer')} missing"] if answers else []
        return ", ".join(parts) or "no draw failed"

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the verdict on every asked claim, in the order of the case.

        Raises
        ------
        InputError
            For a design whose points are no draws; see `Design.is_sample`.
        """
        return self._verdicts

    @cached_property
    def _verdicts(self) -> tuple[Verdict, ...]:
        self.design.check_sample()
        return tuple(
            judge_claim(claim, self.values[:, k], self.unscoped[:, k])
            for k, claim in enumerate(self.asked)
        )

    def verdict(self, claim: str) -> Verdict:
        """Return the verdict on one claim, by id."""
        return self._verdicts[self.column(claim)]

    def drivers(self, claim: str) -> tuple[Driver, ...]:
        """Return which parameters move the answer to a claim, strongest first."""
        self.design.check_sample()
        return drivers(
            self.design.names,
            self.design.values[self.completed],
            self.values[:, self.column(claim)],
        )

    def convergence(self, claim: str) -> Convergence:
        """Return how the verdict on a claim moved as draws grew, and whether they were enough."""
        self.design.check_sample()
        column = self.column(claim)
        return convergence(self.asked[column], self.values[:, column])

    @cached_property
    def unsettled(self) -> tuple[str, ...]:
        """Ids of the claims whose verdict more draws may change."""
        names = (claim.id for claim in self.asked)
        return tuple(name for name in names if self.convergence(name).enough is False)

    def sensitivity(
        self, what: str, rng: Seed = 0
    ) -> SobolIndices | MorrisEffects | Tornado | tuple[Driver, ...]:
        """Return which inputs an answer depends on, as the study's design allows.

        Parameters
        ----------
        what : str
            The id of an asked claim; or an issue or ``variable == level`` at the end of the clock.
        rng : int, numpy Generator or None
            Seed or generator of the bootstrap of Morris effects.

        Returns
        -------
        SobolIndices, MorrisEffects, Tornado or tuple of Driver
            For designs of kind saltelli, morris and tornado, and rank correlations for the rest.
        """
        return sensitivity_of(self.design, answers_to(self, what), rng)

    @cached_property
    def dependence(self) -> Mapping[str, str]:
        """By asked claim what its answer turns on most, in a line; of designs that are for that."""
        if self.design.is_sample:
            return {}
        found = {claim.id: self._dependence(claim.id) for claim in self.asked}
        return {name: r if isinstance(r, str) else r.sentence for name, r in found.items()}

    def _dependence(self, claim: str) -> Any:
        if not self.design.names:
            return "depends on no input: none varies"
        try:
            return self.sensitivity(claim)
        except AnalysisError as error:
            return str(error)

    def review(self, *, quick: bool = False, progress: Progress | None = None) -> Review:
        """Say what may not be meant in the case and its answers; see `detente.review`."""
        from detente.review import review_study

        return review_study(self, quick=quick, progress=progress)

    def discover(self, what: str, rng: Seed = 0, resamples: int = 20, boxes: int = 1) -> Discovery:
        """Return the box of inputs in which a claim breaks, or a formula on results holds.

        Parameters
        ----------
        what : str
            The id of a claim with an interval (it breaks where it is weaker or contradicted), or a
            formula over claims, issues at the end of the clock, inputs and variants.
        rng : int, numpy Generator or None
        resamples : int
            Of the search, which tell how often each restriction is found.
        boxes : int
            The most boxes: each next one is looked for outside of those before it.
        """
        return discover(**self._where(what), rng=rng, resamples=resamples, boxes=boxes)

    def tree(self, what: str, rng: Seed = 0) -> DecisionTree:
        """Return a decision tree for the same question: a second opinion (extra ``trees``)."""
        return decision_tree(**self._where(what), rng=rng)

    def _where(self, what: str) -> dict[str, Any]:
        self.design.check_sample()
        draws, hits, label = event_in_draws(self, what)
        return {
            "names": self.design.names,
            "inputs": self.design.values[draws],
            "hits": hits,
            "levels": self.design.levels,
            "units": {name: p.unit for name, p in self.case.parameters.items()},
            "what": label,
        }

    def share(self, variable: str) -> NDArray[np.float32]:
        """Return the probabilities of a variable's levels, (done, points, levels)."""
        first = 0
        for name, levels in self.variables.items():
            if name == variable:
                return self.shares[:, :, first : first + len(levels)]
            first += len(levels)
        hint = suggestion(str(variable), self.variables, "variable")
        raise InputError(f"there is no variable {variable!r}; {hint}")

    @cached_property
    def variables(self) -> Mapping[str, tuple[str, ...]]:
        """Levels by option and condition, in the order of the tensor."""
        options = {o.full_name: o.levels for actor in self.case.actors for o in actor.options}
        return {**options, **{c.name: c.levels for c in self.case.conditions}}

    def column(self, claim: str) -> int:
        """Return the place of an asked claim among the answers."""
        ids = [asked.id for asked in self.asked]
        if claim not in ids:
            known = claim in {stated.id for stated in self.case.claims}
            what = f"{claim} is not asked" if known else f"there is no claim {claim!r}"
            hint = f"asked are {listing(ids)}" if known else suggestion(str(claim), ids, "claim")
            raise InputError(f"{what}; {hint}")
        return ids.index(claim)

    def plot(self, variable: str | None = None) -> Drawing:
        """Draw the verdicts; or the levels of a variable over time, over the draws.

        See `detente.drawing.Drawing`.
        """
        from detente.drawing import Drawing, level_fans, verdict_bars

        if variable is None:
            return Drawing(verdict_bars(self._verdicts))
        share = self.share(variable)
        return Drawing(level_fans(variable, self.variables[variable], self.times, share))

    def _preview(self) -> Any:
        rows = [
            [v.word, v.median, *v.most, v.counts.get("agrees", 0), v.draws] for v in self._verdicts
        ]
        names = ["verdict", "median", "5 %", "95 %", "agrees in", "of draws"]
        return data_frame(rows, [v.claim.id for v in self._verdicts], name="claim", columns=names)

    def __str__(self) -> str:
        """Return the verdicts, one line per claim; what else the design is for, where it is."""
        head = f"Study of {self.case.name}: {plural(len(self.design), 'draw')}, {self.lacking}"
        undone = len(self.design) - len(self.completed) - len(self.failed)
        if undone:
            head += f", {undone} not done yet"
        if self.design.is_sample:
            lines = [f"  {verdict}" for verdict in self._verdicts]
        else:
            head += f"; {self.design.purpose}"
            lines = [f"  {name} {words}" for name, words in self.dependence.items()]
        return "\n".join([head, *([self.outdated] if self.outdated else []), *lines])

    def to_dict(self) -> dict[str, Any]:
        """Return design, answers, verdicts and failures, ready for JSON."""
        return {
            "settings": dict(self.case.settings),
            "variants": list(self.case.chosen),
            "outdated": self.outdated,
            "draws": len(self.design),
            "design": self.design.kind,
            "seed": self.design.seed,
            "parameters": dict(zip(self.design.names, plain(self.design.values.T), strict=True)),
            "completed": plain(self.completed),
            "answers": {claim.id: plain(self.values[:, k]) for k, claim in enumerate(self.asked)},
            **self._findings(),
            "residual": self.residual,
            "missing": dict(self.missing),
            "failures": [plain_fields(f, "draw", "claim", "reason") for f in self.failures],
        }

    def _findings(self) -> dict[str, Any]:
        if self.design.is_sample:
            said = [self.convergence(claim.id).sentence for claim in self.asked]
            return {"verdicts": plain(self._verdicts), "convergence": said}
        found = {claim.id: plain(self._dependence(claim.id)) for claim in self.asked}
        return {"purpose": self.design.purpose, "sensitivity": found}

    def to_pandas(self) -> Any:
        """Return parameters and answers by draw as a DataFrame (needs pandas)."""
        values = np.hstack([self.design.values[self.completed], self.values])
        names = [*self.design.names, *(claim.id for claim in self.asked)]
        return data_frame(values, self.completed, name="draw", columns=names)


def assemble(case: Case, design: Design, chunks: Iterable[Chunk]) -> Study:
    """Put the chunks of a study together.

    Parameters
    ----------
    case : Case
    design : Design
    chunks : iterable of Chunk
        In any order; draws without a chunk are left out.

    Raises
    ------
    AnalysisError
        When there is no draw with a result.
    """
    asked, levels = asked_claims(case), sum(case.shape)
    values = np.full((len(design), len(asked)), np.nan)
    unscoped = np.full_like(values, np.nan)
    paths = np.empty((len(design), POINTS, width(case)), dtype=np.float32)
    work = np.empty((len(design), 3))
    columns = {"answers": values, "unscoped": unscoped, "paths": paths, "work": work}
    kept = np.zeros(len(design), dtype=bool)
    failures: list[FailedAnswer] = []
    for chunk in chunks:
        place = slice(chunk.draws.start, chunk.draws.stop)
        for name, whole in columns.items():
            whole[place] = chunk.columns[name].reshape(whole[place].shape)
        kept[place] = True
        failures += (FailedAnswer(n, why, claim) for n, claim, why in chunk.columns["failures"])
    failures.sort(key=lambda failure: (bool(failure.claim), failure.draw))
    failed = [failure for failure in failures if not failure.claim]
    kept[[failure.draw for failure in failed]] = False
    if not kept.any():
        if not failed:
            raise AnalysisError(f"no draw of {case.name} is done yet; go on with --resume")
        raise AnalysisError(f"all {len(failed)} draws failed; the first: {failed[0].reason}")
    if not kept.all():
        values, unscoped, paths, work = values[kept], unscoped[kept], paths[kept], work[kept]
    return Study(
        case=case,
        design=design,
        completed=np.flatnonzero(kept),
        asked=asked,
        values=values,
        unscoped=unscoped,
        times=np.linspace(0.0, horizon(case), POINTS),
        shares=paths[:, :, :levels],
        issues=paths[:, :, levels:],
        work=work,
        failures=tuple(failures),
    )
