"""How a verdict moved as draws grew, and whether there were enough of them.

The verdict is worked out again over the first sixteenth, eighth, ... of the draws. There were
enough when the word has stood since half of them and nearly every bootstrap resample of all of them
gives it too. Cost: that of the verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.case import Claim
from detente.claims import NO_ANSWER, NO_WORD, Verdict, judge_claim
from detente.engine import Seed
from detente.text import Result, show
from detente.values import Floats, plain_fields

SURE = 0.95
"""Share of resamples with the same word from which on the draws are enough."""

_SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1.0)
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Convergence(Result):
    """A verdict over ever more of the draws.

    Attributes
    ----------
    claim : str
    steps : tuple of Verdict
        Over the first draws, last over all.
    enough : bool or None
        Whether more draws would hardly change the word; None where there is no word to change.
    """

    claim: str
    steps: tuple[Verdict, ...]
    enough: bool | None

    @property
    def sentence(self) -> str:
        """Whether there were enough draws, in one plain sentence."""
        last = self.steps[-1]
        if self.enough is None:
            return f"{self.claim} has {last.word}, so there is no verdict that could change."
        since = last.draws
        for step in reversed(self.steps):
            if step.word != last.word:
                break
            since = step.draws
        stood = f"'{last.word}' has stood since draw {since}"
        steady = show(last.steady, "tenths")
        again = f"{steady} of resamples of the {last.draws} draws give it again"
        if self.enough:
            return f"{self.claim}: enough draws: {stood}, and {again}."
        return f"{self.claim}: more draws may change the verdict: {stood}, and {again}."

    def __str__(self) -> str:
        """Return the sentence and one line per step."""
        lines = [
            f"  {s.draws:>7} draws: {s.word}, median {show(s.median, 'fine')}" for s in self.steps
        ]
        return "\n".join([self.sentence, *lines])

    def to_dict(self) -> dict[str, Any]:
        """Return the steps, ready for JSON."""
        return plain_fields(self, "claim", "enough", "sentence", "steps")


def convergence(claim: Claim, values: Floats, rng: Seed = 0) -> Convergence:
    """Return how the verdict on a claim moved as draws grew.

    Parameters
    ----------
    values : ndarray, (draws,)
        Answers in order of draws, nan where there is none.
    rng : int, numpy Generator or None
        Seed of the bootstrap.
    """
    sizes = sorted({max(_FEWEST, round(share * values.size)) for share in _SHARES})
    sizes = [size for size in sizes if size < values.size] + [values.size]
    steps = tuple(judge_claim(claim, values[:size], rng=rng) for size in sizes)
    last = steps[-1]
    if last.word in {NO_WORD, NO_ANSWER}:
        return Convergence(claim.id, steps, None)
    late = [s.word for s, size in zip(steps, sizes, strict=True) if 2 * size >= values.size]
    enough = set(late) == {last.word} and last.steady >= SURE and values.size >= _FEWEST
    return Convergence(claim.id, steps, enough)
