"""What placebos of a case's preferences gave: verdicts and scores, beside those of the case itself.

The chance that a placebo does as well is (1 + placebos that do) / (1 + placebos), so that the case
counts as one of them: exact where all ways were taken (Phipson & Smyth 2010). A placebo in which a
claim has no answer counts as one that agrees there, and one without a score as one that is as
good, so that failures can only make the case look worse. Beside it, for directional claims, stands
a fair coin. Cost: linear in claims times placebos.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

import numpy as np
from scipy.stats import binom

from detente.text import Kind, Result, listed, plural, show, show_range, table
from detente.values import Bools, Floats, data_frame, plain

COIN = "fair coin"
RARE = 0.05
"""Chance at or below which something is said to be rare."""


@dataclass(frozen=True, eq=False)
class PlaceboRuns:
    """Runs of one kind of placebo.

    Attributes
    ----------
    kind, about : str
        Its name, and what is changed.
    everything : bool
        Whether these are all ways there are.
    agrees, answered : ndarray of bool, (runs, claims)
    brier : ndarray, (runs,)
        Mean Brier score on the record; nan where it was not asked for or a run has none.
    """

    kind: str
    about: str
    everything: bool
    agrees: Bools
    answered: Bools
    brier: Floats


@dataclass(frozen=True)
class PlaceboTest:
    """One number of the case against what placebos give.

    Attributes
    ----------
    what, kind : str
        ``directional claims``, ``all claims``, ``Brier score`` or ``less`` and a baseline, for the
        score less the baseline's; the kind of placebo, or `COIN`.
    ways : int
        Placebos; 0 for the coin.
    stated : float
        Of the case as stated: claims that agree, or the score.
    mean : float
    most : (float, float)
        Of the placebos: their mean, and the range of 90 % of them.
    p : float
        Chance that a placebo does as well as the case or better.
    """

    what: str
    kind: str
    ways: int
    stated: float
    mean: float
    most: tuple[float, float]
    p: float


@dataclass(frozen=True, eq=False)
class Placebo(Result):
    """A case beside placebos of its preferences, at the stated values.

    Attributes
    ----------
    case : str
    claims, words : tuple of str
        Claims with an answer and an expectation, and the word of each as stated.
    directional : tuple of bool
        Whether a claim is about a sign alone.
    runs : tuple of PlaceboRuns
        By kind; kinds that have no way but the stated one are left out.
    until : str or None
        The last day known, where the record was scored.
    questions : int
    scores : mapping of str to float
        Mean Brier score of the model (``model``), as stated, and of each baseline.
    seed : int
    """

    case: str
    claims: tuple[str, ...]
    words: tuple[str, ...]
    directional: tuple[bool, ...]
    runs: tuple[PlaceboRuns, ...]
    until: str | None
    questions: int
    scores: Mapping[str, float]
    seed: int

    def shares(self) -> dict[str, dict[str, float]]:
        """Return by claim the share of placebos of each kind in which it agrees."""
        return {
            claim: {one.kind: _share(one, k) for one in self.runs}
            for k, claim in enumerate(self.claims)
        }

    def tests(self) -> tuple[PlaceboTest, ...]:
        """Return how many claims agree, and the score, against placebos and coin."""
        found = []
        stated = np.array([word == "agrees" for word in self.words], dtype=bool)
        groups = {
            "directional claims": np.array(self.directional, dtype=bool),
            "all claims": np.ones(len(self.claims), dtype=bool),
        }
        for what, here in groups.items():
            count, own = int(here.sum()), int(stated[here].sum())
            if not count:
                continue
            for one in self.runs:
                could = (one.agrees | ~one.answered)[:, here].sum(axis=1)
                found.append(placebo_test(what, one.kind, own, could, could >= own))
            if what == "directional claims":
                ends = binom.ppf([0.05, 0.95], count, 0.5)
                chance = float(binom.sf(own - 1, count, 0.5))
                most = (float(ends[0]), float(ends[1]))
                found.append(PlaceboTest(what, COIN, 0, own, count / 2.0, most, chance))
        own_score = self.scores.get("model", math.nan)
        for model, score in self.scores.items():
            what = "Brier score" if model == "model" else f"less {model}"
            shift = 0.0 if model == "model" else score
            for one in self.runs:
                as_good = ~(one.brier > own_score)
                found.append(
                    placebo_test(what, one.kind, own_score - shift, one.brier - shift, as_good)
                )
        return tuple(found)

    def verdict(self) -> str:
        """Return what the placebos say, in a few sentences."""
        tests = self.tests()
        if not tests:
            return "No claim has an answer and an expectation: there is nothing to compare."
        said = []
        for what in dict.fromkeys(t.what for t in tests if not t.what.startswith("less")):
            own = [test for test in tests if test.what == what]
            few = [test.kind for test in own if test.p > RARE and 0 < test.ways < 1 / RARE - 1]
            rare = [test.kind for test in own if test.p <= RARE]
            often = [test.kind for test in own if test.p > RARE and test.kind not in few]
            parts = [
                *([f"rare under {listed(rare)}"] if rare else []),
                *([f"not rare under {listed(often)}"] if often else []),
                *([f"not to be told under {listed(few)}, too few ways"] if few else []),
            ]
            said.append(f"{self._counted(own[0])} is {'; '.join(parts)}.")
        return " ".join([*said, "Rare: one in twenty or less do as well."])

    def _counted(self, test: PlaceboTest) -> str:
        if test.what == "Brier score":
            return "The score on the record"
        return f"Agreement on {test.stated:.0f} of {self._title(test.what)}"

    def _title(self, what: str) -> str:
        if what == "directional claims":
            return plural(sum(self.directional), "directional claim")
        if what == "all claims":
            return plural(len(self.claims), "claim")
        return f"{what}, {self.questions} asked" if what == "Brier score" else f"  {what}"

    def __str__(self) -> str:
        """Return the tests and the claims, at most 80 columns wide."""
        lines = [
            f"{self.case}: placebos of its preferences, at the stated values; seed {self.seed}"
        ]
        for one in self.runs:
            ways = "all " if one.everything else ""
            about = f"{one.kind} ({ways}{plural(len(one.agrees), 'way')}): {one.about}"
            lines += fill(about, 80, initial_indent="  ", subsequent_indent="    ").split("\n")
        rows = [["", "", "stated", "placebo", "90 %", "p"]]
        before = ""
        for test in self.tests():
            kind: Kind = "fine"
            if test.what not in {"directional claims", "all claims"}:
                kind = "signed" if test.what.startswith("less") else "plain"
            name = "" if test.what == before else self._title(test.what)
            before = test.what
            rows.append(
                [name, test.kind, show(test.stated, kind), show(test.mean, kind),
                 show_range(*test.most, kind), f"{test.p:.3f}"]
            )  # fmt: skip
        lines += ["", *table(rows, "<22 <9 >7 >7 >16 >6")]
        heads = [["claim", "as stated", *(one.kind for one in self.runs)]]
        heads += [
            [f"{claim}{' *' if sign else ''}", word, *(_percent(s) for s in shares.values())]
            for (claim, shares), word, sign in zip(
                self.shares().items(), self.words, self.directional, strict=True
            )
        ]
        lines += ["", "Share of placebos in which each claim agrees (* directional):"]
        lines += table(heads, "<8 <11 >9", "")
        return "\n".join([*lines, "", fill(self.verdict(), 80)])

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        shares = self.shares()
        return {
            "case": self.case,
            "seed": self.seed,
            "kinds": [
                {
                    "kind": one.kind,
                    "about": one.about,
                    "ways": len(one.agrees),
                    "all": one.everything,
                    "unanswered": int((~one.answered).sum()),
                }
                for one in self.runs
            ],
            "tests": [plain(test.__dict__) for test in self.tests()],
            "claims": [
                {
                    "claim": claim,
                    "as stated": word,
                    "directional": sign,
                    "agrees": plain(shares[claim]),
                }
                for claim, word, sign in zip(self.claims, self.words, self.directional, strict=True)
            ],
            "until": self.until,
            "questions": self.questions,
            "scores": plain(self.scores),
            "verdict": self.verdict(),
        }

    def to_pandas(self) -> Any:
        """Return a row for each claim (needs pandas)."""
        rows = zip(self.shares().items(), self.words, self.directional, strict=True)
        return data_frame(
            [
                {"claim": claim, "as stated": word, "directional": sign, **shares}
                for (claim, shares), word, sign in rows
            ]
        )


def placebo_test(
    what: str, kind: str, stated: float, values: Sequence[float] | Floats, as_good: Bools
) -> PlaceboTest:
    """Return one number against those of placebos, nan where one has none; see `PlaceboTest`."""
    given = np.asarray(values, dtype=np.float64)
    ways = len(as_good)
    p = (1 + int(as_good.sum())) / (1 + ways)
    there = given[~np.isnan(given)]
    mean = float(there.mean()) if there.size else math.nan
    return PlaceboTest(what, kind, ways, float(stated), mean, _most(given), p)


def _most(values: Floats) -> tuple[float, float]:
    there = values[~np.isnan(values)]
    if not there.size:
        return (math.nan, math.nan)
    low, high = np.quantile(there, [0.05, 0.95], method="inverted_cdf")
    return float(low), float(high)


def _share(one: PlaceboRuns, claim: int) -> float:
    answered = one.answered[:, claim]
    return float(one.agrees[answered, claim].mean()) if answered.any() else math.nan


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else show(share, "share")
