"""The answers beside placebos of the preferences, where the analysis has them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from detente.analysis import Analysis
from detente.text import show, show_range


@dataclass(frozen=True, slots=True)
class PlaceboSection:
    """The kinds and what is changed in each; the tests; the claims; what it comes to in words.

    A test is what is counted, under which kind, the case's own number, the placebos' mean and range
    of 90 %, and p. A claim is its id, whether it is directional, its word, and the share of
    placebos of each kind in which it agrees.
    """

    kinds: tuple[tuple[str, str, int, bool], ...]
    tests: tuple[tuple[str, str, str, str, str, str], ...]
    claims: tuple[tuple[str, bool, str, tuple[str, ...]], ...]
    verdict: str


def placebo_section(findings: Analysis) -> PlaceboSection | None:
    """Return what the section prints; None where no placebos were asked for."""
    found = findings.placebo
    if found is None:
        return None
    return PlaceboSection(
        tuple((one.kind, one.about, len(one.agrees), one.everything) for one in found.runs),
        tuple(
            (test.what, test.kind, show(test.stated, "fine"), show(test.mean, "fine"),
             show_range(*test.most, "fine"), f"{test.p:.3f}")
            for test in found.tests()
        ),
        tuple(
            (claim, sign, word, tuple(map(_percent, shares.values())))
            for (claim, shares), word, sign in zip(
                found.shares().items(), found.words, found.directional, strict=True
            )
        ),
        found.verdict(),
    )  # fmt: skip


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else show(share, "share")
