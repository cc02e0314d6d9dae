"""The answers to claims at a setting, in the words that every view has for them.

Cost: one solved world for each intervention that the claims ask about; nothing where they have been
answered before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from markupsafe import Markup

from detente.case import Claim
from detente.claims import Verdict, judge_answer, kind_of
from detente.drawing import mark, range_bar
from detente.engine import FAILURES, poll, reason_of
from detente.text import Kind, show
from detente.workbench._answers import answer_at
from detente.workbench._bench import Scene


@dataclass(frozen=True, slots=True)
class StatedAnswer:
    """The answer to a claim at a setting.

    Attributes
    ----------
    verdict : Verdict
        Over that one answer.
    failed : str
        Why there is none.
    """

    verdict: Verdict
    failed: str = ""

    @property
    def claim(self) -> Claim:
        """The claim."""
        return self.verdict.claim

    @property
    def value(self) -> float:
        """The answer; not a number where there is none."""
        return self.verdict.median

    @property
    def kind(self) -> Kind:
        """How it is printed."""
        return kind_of(self.claim)

    @property
    def number(self) -> str:
        """The answer as printed."""
        return "no answer" if math.isnan(self.value) else show(self.value, self.kind)

    @property
    def word(self) -> str:
        """How it stands to what the claim expects; nothing where that cannot be said."""
        return self.verdict.word if self.verdict.counts else ""

    @property
    def mark(self) -> Markup:
        """The mark of the word."""
        return mark(self.word) if self.word else Markup("")

    @property
    def bar(self) -> Markup:
        """Where it lies beside what the claim expects."""
        return range_bar(self.verdict, self.kind, self.value)


_answered: WeakKeyDictionary[Scene, dict[str, StatedAnswer]] = WeakKeyDictionary()


def stated_answer(claim: Claim, scene: Scene) -> StatedAnswer:
    """Return the answer to one claim at a setting."""
    found = _answered.setdefault(scene, {})
    if claim.id not in found:
        poll()
        try:
            found[claim.id] = StatedAnswer(judge_answer(claim, answer_at(claim, scene).value))
        except FAILURES as error:
            found[claim.id] = StatedAnswer(judge_answer(claim, math.nan), reason_of(error))
    return found[claim.id]


def stated_answers(scene: Scene) -> Mapping[str, StatedAnswer]:
    """Return the answers to all claims that are asked, by id, in the order of the case."""
    return {claim.id: stated_answer(claim, scene) for claim in scene.asked}


def are_answered(scene: Scene) -> bool:
    """Whether the answers at a setting are there already."""
    return len(_answered.get(scene, ())) == len(scene.asked)
