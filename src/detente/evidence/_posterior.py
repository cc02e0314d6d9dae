"""What a case's history says of its parameters: draws from the posterior, beside the prior.

The exact likelihood of the record is weighed at a Latin hypercube of the prior, then where
`detente.evidence._importance` learns to look. All random numbers come from the seed, whoever does
the work, so results are the same for any number of workers and after any interruption. Cost: see
`detente.evidence._importance`; a likelihood is an equilibrium and a filter.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detente.case import Case, Variant
from detente.engine import Chunk, Seed, cut_pieces, go_on, seed_of
from detente.errors import AnalysisError, InputError
from detente.evidence._filter import Start
from detente.evidence._fit_file import FIT, fit_heading, sound_chunks
from detente.evidence._importance import SamplingRound, importance_sample
from detente.evidence._likelihood import (
    PIECE,
    FitProblem,
    backend_for,
    fit_problem,
    likelihood_workers,
    weigh,
)
from detente.evidence._prior import Prior, prior_of
from detente.study import Point
from detente.text import Result, show, table
from detente.values import Floats

Progress = Callable[[int, float, int], None]

QUANTILES = (0.05, 0.5, 0.95)
NOTHING = 0.05
"""Bits below which the history is taken to say nothing of a parameter."""


@dataclass(frozen=True, eq=False)
class Posterior(Result):
    """Draws from the posterior, all of one weight, and how they came about.

    Attributes
    ----------
    problem : FitProblem
        The case, the record, and the start.
    prior : Prior
    before, values : ndarray, (particles, inputs)
        Draws of prior and posterior; see `Prior.names`.
    scores : ndarray, (particles, inputs)
        The posterior's draws as normal scores of the prior.
    log_likelihood : ndarray, (particles,)
    log_evidence, error : float
        Logarithm of the marginal likelihood, and its standard error.
    stages : tuple of SamplingRound
        Rounds of draws, with effective sample sizes and acceptance; the last has the particles.
    seed, evaluations : int
    impossible : tuple of (str, int)
        Reasons why points had likelihood zero, and how often, the commonest first.
    """

    problem: FitProblem
    prior: Prior
    before: Floats
    values: Floats
    scores: Floats
    log_likelihood: Floats
    log_evidence: float
    error: float
    stages: tuple[SamplingRound, ...]
    seed: int
    evaluations: int
    impossible: tuple[tuple[str, int], ...]

    def __len__(self) -> int:
        """Return the number of particles."""
        return int(self.values.shape[0])

    @property
    def ess(self) -> float:
        """Effective sample size of the draws that the particles are taken from."""
        return self.stages[-1].ess

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters that vary, then variants that are drawn."""
        return self.prior.names

    def point(self, number: int) -> Point:
        """Return one particle as parameters by name and the names of variants."""
        if not 0 <= number < len(self):
            raise InputError(f"there is no particle {number}; particles are 0 to {len(self) - 1}")
        return self.prior.point(self.values[number])

    def rows(self) -> list[dict[str, Any]]:
        """Return prior beside posterior for each input, those that were learned most first.

        ``learned`` is the information gained in bits: the Kullback-Leibler divergence of the
        posterior's scores from the prior's, both taken as normal. A variant has shares of its
        levels by name instead of quantiles, and the divergence of these.
        """
        made = [self._variant_row(variant) for variant in self.prior.drawn]
        for k, name in enumerate(self.names[: len(self.names) - len(made)]):
            middle, spread = float(self.scores[:, k].mean()), float(self.scores[:, k].var())
            gained = 0.5 * (spread + middle**2 - 1.0 - math.log(max(spread, 1e-12)))
            made.append(
                {
                    "name": name,
                    "prior": [float(q) for q in np.quantile(self.before[:, k], QUANTILES)],
                    "posterior": [float(q) for q in np.quantile(self.values[:, k], QUANTILES)],
                    "learned": gained / math.log(2.0),
                    "silent": gained / math.log(2.0) < NOTHING,
                }
            )
        return sorted(made, key=lambda row: -row["learned"])

    def _variant_row(self, variant: Variant) -> dict[str, Any]:
        levels = self.prior.levels(variant.name, self.values)
        stated = sum(level.share for level in variant.levels)
        before = {level.name: level.share / stated for level in variant.levels}
        after = {name: levels.count(name) / len(levels) for name in before}
        gained = sum(p * math.log2(p / before[name]) for name, p in after.items() if p > 0.0)
        return {
            "name": variant.name,
            "prior": before,
            "posterior": after,
            "learned": gained,
            "silent": gained < NOTHING,
        }

    def __str__(self) -> str:
        """Return a table, at most 80 columns wide."""
        known = self.problem.record
        first, *learning, last = self.stages
        powers = (show(stage.power, "plain") for stage in self.stages[1:])
        lines = [
            f"{len(self)} particles, {self.evaluations} likelihoods, seed {self.seed}; "
            f"record to {known.until or 'its end'}",
            f"log marginal likelihood {self.log_evidence:.2f} (standard error {self.error:.2f}); "
            f"best {self.log_likelihood.max():.2f}",
            f"{first.draws} draws of the prior are worth {first.ess:.0f}; what was learned in "
            f"{len(learning)} round{'s' * (len(learning) != 1)} more",
            f"(powers {', '.join(powers)}) makes {last.draws} worth {last.ess:.0f}, "
            f"{show(last.acceptance, 'share')} accepted",
            "",
        ]
        rows = [["", "prior 5 %, 50, 95", "posterior", "bits"]]
        for row in self.rows():
            bits = [show(row["learned"], "plain"), " nothing" if row["silent"] else ""]
            if isinstance(row["prior"], dict):
                for level, share in row["prior"].items():
                    shares = show(share, "share"), show(row["posterior"][level], "share")
                    rows.append([f"{row['name']}.{level}"[:24], *shares, *bits])
                    bits = ["", ""]
                continue
            cells = (
                "".join(f"{show(q, 'fine'):>7}" for q in row[name])
                for name in ("prior", "posterior")
            )
            rows.append([row["name"][:24], *cells, *bits])
        lines += table(rows, "<24 >21 >21 >6 <", "")
        if self.impossible:
            count = sum(number for _, number in self.impossible)
            points = "1 point" if count == 1 else f"{count} points"
            lines += ["", f"{points} gave the record no chance, most often:"]
            lines += textwrap.wrap(
                self.impossible[0][0], 80, initial_indent="  ", subsequent_indent="  "
            )
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the posterior, ready for JSON."""
        known = self.problem.record
        return {
            "case": self.problem.case.name,
            "sha256": self.problem.case.sha256,
            "until": str(known.until) if known.until else None,
            "seed": self.seed,
            "particles": len(self),
            "evaluations": self.evaluations,
            "log_evidence": self.log_evidence,
            "error": self.error,
            "ess": self.ess,
            "stages": [asdict(stage) for stage in self.stages],
            "inputs": self.rows(),
            "impossible": [{"reason": why, "points": count} for why, count in self.impossible],
            "values": self._columns(),
            "log_likelihood": self.log_likelihood.tolist(),
        }

    def to_pandas(self) -> Any:
        """Return the particles, one a row, variants by the names of their levels (needs pandas)."""
        import pandas as pd

        frame = pd.DataFrame(self._columns())
        frame["log_likelihood"] = self.log_likelihood
        frame.index.name = "particle"
        return frame

    def _columns(self) -> dict[str, list[Any]]:
        """Return the particles by input: numbers, and the names of levels for a variant."""
        variants = {variant.name for variant in self.prior.drawn}
        return {
            name: self.prior.levels(name, self.values)
            if name in variants
            else self.values[:, k].tolist()
            for k, name in enumerate(self.names)
        }


def sample_posterior(
    case: Case,
    particles: int = 2000,
    rng: Seed = None,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    until: str | None = None,
    without: Sequence[str] = (),
    start: Start = "uniform",
    store: Path | str | None = None,
    resume: bool = False,
) -> Posterior:
    """Return draws of a case's parameters given its history.

    Parameters
    ----------
    case : Case
    particles : int
        At least 20.
    rng : int, numpy Generator or None
        Seed or generator.
    workers : int, optional
        Processes; all cores for large work, else this process. Results do not depend on it.
    progress : callable, optional
        Called with (likelihoods done, how far it is from 0 to 1, points without chance).
    until : str or datetime.date, optional
        The last day that may be known.
    without : sequence of str
        Variables whose rows are left out.
    start : {"uniform", "long run"} or ndarray
        See `detente.evidence.filter_record`.
    store : path, optional
        File in which likelihoods are kept, a piece at a time.
    resume : bool
        Go on with a file.

    Raises
    ------
    InputError
        When the case has no history or nothing that varies, when there are too few particles, or
        when the file is another's.
    AnalysisError
        When the record is impossible at every draw of the prior (with the commonest reason).

    See Also
    --------
    detente.evidence._likelihood : The likelihood of one point.

    Examples
    --------
    >>> import detente
    >>> from importlib.resources import files
    >>> case = detente.load(files("detente.case") / "example.yaml").set(thirst=0.5, power=0.8)
    >>> found = sample_posterior(case, 20, rng=1)
    >>> len(found), found.ess > 20
    (20, True)
    """
    if particles < 20:
        raise InputError(f"particles is {particles}; give 20 or more")
    if resume and store is None:
        raise InputError("resume is about a file; give store too")
    task = fit_problem(case, until, without, start)
    prior = prior_of(case)
    seed = seed_of(rng)
    scores = prior.scores(particles, seed)
    heading = fit_heading(task, prior, scores, seed, tuple(without), start)
    backend = backend_for(task, workers, 5 * particles)
    why: Counter[str] = Counter()
    done = 0
    with ExitStack() as stack:
        run = stack.enter_context(likelihood_workers(task, backend))
        file = None
        if store is not None:
            file = stack.enter_context(go_on(Path(store), FIT, heading, resume))

        def weigh_all(some: Floats, reached: float) -> Floats:
            nonlocal done
            points = [prior.point(row) for row in prior.values(some)]
            found, first = np.empty(len(points)), done

            def take(chunk: Chunk) -> None:
                nonlocal done
                place = chunk.first - first
                found[place : place + chunk.count] = chunk.columns["log_likelihood"].ravel()
                why.update(filter(None, chunk.columns["reasons"]))
                done += chunk.count
                if progress is not None:
                    progress(done, reached, sum(why.values()))

            ahead = range(first, first + len(points))
            stored = [] if file is None else list(sound_chunks(file, ahead))
            for chunk in stored:
                take(chunk)
            pieces = cut_pieces(ahead.stop, PIECE, [range(first), *(c.draws for c in stored)])
            for piece, (numbers, reasons) in weigh(run, lambda k: points[k - first], pieces):
                columns = {"log_likelihood": numbers, "reasons": reasons}
                chunk = Chunk(piece.start, len(piece), columns)
                if file is not None:
                    file.add(chunk)
                take(chunk)
            return found

        try:
            found = importance_sample(weigh_all, scores, prior.correlation, seed)
        except AnalysisError as error:
            if why:
                raise AnalysisError(f"{error}, most often: {why.most_common(1)[0][0]}") from None
            raise
    return Posterior(
        problem=task,
        prior=prior,
        before=prior.values(scores),
        values=prior.values(found.scores),
        scores=found.scores,
        log_likelihood=found.log_likelihood,
        log_evidence=found.log_evidence,
        error=found.error,
        stages=found.stages,
        seed=seed,
        evaluations=done,
        impossible=tuple(sorted(why.items(), key=lambda pair: (-pair[1], pair[0]))),
    )
