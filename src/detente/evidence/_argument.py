"""How the argument's own forecasts did: Brier scores of what its words say, as intervals.

A worded forecast is an interval of probability, so its score (Brier 1950, for an event: (p - o)^2,
0 to 1) is an interval too: at its best and its worst, which are its two ends, and at its middle.
Every claim about an event, or a share of time, is scored if its interval has two ends and its
outcome is known. An interval comes from a published scale, where the words are on one, or from a
*reading* stated in the case: "will" has no interval until somebody gives it one. The two are
averaged separately.

A scope condition is honoured in both ways. *As stated*, a claim is void once the record shows that
its scope no longer holds; *unscoped*, it is scored all the same. Cost: linear.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from detente.case import Case, Claim, EstimativeWords, OneSidedBound
from detente.claims import Verdict
from detente.errors import AnalysisError
from detente.evidence._questions import spell
from detente.evidence._record import YEAR, Record, observed_record
from detente.text import Result, table
from detente.values import data_frame, plain

Three = tuple[float, float, float]


@dataclass(frozen=True)
class WordedForecast:
    """One worded forecast and its outcome.

    Attributes
    ----------
    claim, words : str
    interval : (float, float)
        Of the probability (or share of time) that the words say.
    scaled : bool
        Whether a published scale gives the interval, rather than a reading.
    happened : bool
    brier : (float, float, float)
        At the best end, the middle and the worst end of the interval.
    void : datetime.date or None
        The first day on which the record shows that the claim's scope does not hold.
    model : float or None
        Brier score of the model's median, without the scope; None where it was not asked for.
    """

    claim: str
    words: str
    interval: tuple[float, float]
    scaled: bool
    happened: bool
    brier: Three
    void: dt.date | None
    model: float | None = None


@dataclass(frozen=True)
class ArgumentScores(Result):
    """The argument's worded forecasts, scored.

    Attributes
    ----------
    case : str
    rows : tuple of WordedForecast
    left_out : mapping of str to tuple of str
        Why claims are not scored, and which.
    """

    case: str
    rows: tuple[WordedForecast, ...]
    left_out: dict[str, tuple[str, ...]]

    def means(self) -> dict[str, tuple[int, Three, float | None]]:
        """Return how many, mean scores (best, middle, worst) and the model's, by reading.

        Best and worst are the bounds of the mean: each forecast at its own better or worse end.
        The readings are ``scale, unscoped``, ``all, unscoped``, ``scale, as stated`` and
        ``all, as stated``; one without a claim left is missing.
        """
        found = {}
        for guard in ("unscoped", "as stated"):
            for words in ("scale", "all"):
                rows = [
                    row
                    for row in self.rows
                    if (row.scaled or words == "all") and (row.void is None or guard == "unscoped")
                ]
                if rows:
                    mean = np.mean([row.brier for row in rows], axis=0)
                    models = [row.model for row in rows if row.model is not None]
                    model = math.fsum(models) / len(models) if len(models) == len(rows) else None
                    three = (float(mean[0]), float(mean[1]), float(mean[2]))
                    found[f"{words}, {guard}"] = (len(rows), three, model)
        return found

    def __str__(self) -> str:
        """Return a table, at most 80 columns wide."""
        asked = any(row.model is not None for row in self.rows)
        end = ["model"] if asked else []
        rows: list[list[str]] = [
            ["", "words", "%", "", "best", "mid", "worst", *end, "  void since"]
        ]
        for row in self.rows:
            low, high = (f"{100 * p:.0f}" for p in row.interval)
            scores = [*row.brier, *([row.model] if asked else [])]
            rows.append(
                [row.claim, row.words[:20] + ("" if row.scaled else " *"), f"{low}-{high}",
                 "  yes" if row.happened else "  no",
                 *("" if score is None else f"{score:.3f}" for score in scores),
                 f"  {row.void or ''}"]
            )  # fmt: skip
        lines = [
            f"{self.case}: worded forecasts, Brier score 0 (best) to 1",
            "",
            *table(rows, f"<5 <22 >9 <6 >6 >6 >6 {'>7 ' * asked}<", ""),
            "",
            "* a reading, not a scale",
        ]
        for name, (count, scores3, model) in self.means().items():
            told = "".join(f"{score:6.3f}" for score in scores3)
            own = "" if model is None else f"{model:7.3f}"
            lines.append(f"mean of {count:2}  {name:31}{told}{own}")
        lines.append("")
        for why, claims in self.left_out.items():
            lines.append(f"not scored, {why}: {len(claims)}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "case": self.case,
            "rows": [
                {**asdict(row), "void": str(row.void) if row.void else None} for row in self.rows
            ],
            "means": {
                name: {"count": count, "brier": list(three), "model": model}
                for name, (count, three, model) in self.means().items()
            },
            "left_out": plain(self.left_out),
        }

    def to_pandas(self) -> Any:
        """Return a row for each claim (needs pandas)."""
        return data_frame(self.to_dict()["rows"]).set_index("claim")


def score_argument(case: Case, verdicts: Sequence[Verdict] = ()) -> ArgumentScores:
    """Score what an argument's words forecast against how its claims turned out.

    Parameters
    ----------
    case : Case
    verdicts : sequence of Verdict
        Of a study of the case, to score the model's answers to the same questions beside.

    Raises
    ------
    AnalysisError
        When no claim has an interval and an outcome.

    Examples
    --------
    >>> import detente
    >>> found = score_argument(detente.load("peninsula"))
    >>> found.means()["scale, unscoped"][0], [row.claim for row in found.rows if row.scaled]
    (4, ['C05', 'C09', 'C33', 'C36'])

    See Also
    --------
    detente.evidence.score_forecasts : How the model's forecasts of the record did.
    """
    medians = {verdict.claim.id: verdict.unscoped for verdict in verdicts}
    known = observed_record(case) if case.history else None
    rows, left_out = [], dict[str, list[str]]()
    for claim in case.claims:
        why = _unscored(claim)
        if why:
            left_out.setdefault(why, []).append(claim.id)
            continue
        assert claim.expect is not None
        assert claim.resolved is not None
        happened = bool(claim.resolved.outcome)
        low, high = max(claim.expect.low, 0.0), min(claim.expect.high, 1.0)
        median = medians.get(claim.id, math.nan)
        rows.append(
            WordedForecast(
                claim.id,
                claim.words,
                (low, high),
                isinstance(claim.expect, EstimativeWords),
                happened,
                _briers(low, high, happened),
                _void(claim, case, known),
                None if math.isnan(median) else (median - happened) ** 2,
            )
        )
    if not rows:
        raise AnalysisError(
            f"{case.name} has no claim with an interval of two ends and an outcome; give `expect` "
            "and `resolved`"
        )
    return ArgumentScores(
        case.name, tuple(rows), {why: tuple(ids) for why, ids in left_out.items()}
    )


def _briers(low: float, high: float, happened: bool) -> Three:
    best, worst = sorted((end - happened) ** 2 for end in (low, high))
    return best, ((low + high) / 2.0 - happened) ** 2, worst


def _unscored(claim: Claim) -> str:
    """Return why a claim is not scored; nothing when it is."""
    if claim.resolved is None:
        return "it is not resolved yet"
    if claim.resolved.outcome is None:
        return "how it turned out cannot be told"
    if claim.ask is None:
        return "it is not asked"
    if claim.expect is None:
        return "its words have no interval"
    if claim.versus is not None or claim.expect.even != 0.5:
        return "about a difference or a worth, not an event"
    if isinstance(claim.expect, OneSidedBound):
        return "a bound has no middle"
    return ""


def _void(claim: Claim, case: Case, known: Record | None) -> dt.date | None:
    """Return the first day after the forecast on which the record rules out a claim's scope."""
    if claim.scope is None or known is None:
        return None
    conflict = case.conflict()
    holds = conflict.where(claim.scope.text)
    begins = known.years(case.start) if case.start else known.start
    ends = math.inf
    assert claim.resolved is not None
    if claim.resolved.by is not None:
        ends = known.years(claim.resolved.by + dt.timedelta(1))
    spells = [(spell(entry), track, entry) for track in known.tracks for entry in track.entries]
    for time in sorted({max(first, begins) for (first, last), _, _ in spells if last >= begins}):
        if time > ends:
            break
        states = holds
        for (first, last), track, entry in spells:
            if first <= time <= last:
                levels = conflict.space.levels[track.variable]
                states = states & (entry.weights > 0)[levels]
        if not states.any():
            # Evidence at a time is what was known by the end of the day before it.
            return known.origin + dt.timedelta(days=max(math.ceil(time * YEAR - 1e-6) - 1, 0))
    return None
