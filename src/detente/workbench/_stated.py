"""The answers to all claims at a setting, in the words that every view has for them.

Cost: one solved world for each intervention that the claims ask about; nothing where they have been
answered before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from detente.case import Claim
from detente.claims import answer_claim, kind_of, verdict_word
from detente.drawing import mark
from detente.engine import FAILURES, poll, reason_of
from detente.text import Kind, show
from detente.workbench._bench import Scene


@dataclass(frozen=True)
class StatedAnswer:
    """The answer to a claim at a setting.

    Attributes
    ----------
    claim : Claim
    value : float
        Not a number where there is no answer.
    failed : str
        Why there is none.
    """

    claim: Claim
    value: float
    failed: str = ""

    @property
    def kind(self) -> Kind:
        """How it is printed."""
        return kind_of(self.claim)

    @property
    def number(self) -> str:
        """The answer as printed."""
        return "no answer" if math.isnan(self.value) else show(self.value, self.kind)

    @cached_property
    def word(self) -> str:
        """How it stands to what the claim expects; nothing where that cannot be said."""
        if self.claim.expect is None or math.isnan(self.value):
            return ""
        return verdict_word(self.value, self.claim.expect)

    @property
    def mark(self) -> Markup:
        """The mark of the word."""
        return mark(self.word) if self.word else Markup("")


def stated_answer(claim: Claim, scene: Scene) -> StatedAnswer:
    """Return the answer to one claim at a setting."""
    try:
        return StatedAnswer(claim, answer_claim(claim, scene.model).value)
    except FAILURES as error:
        return StatedAnswer(claim, math.nan, reason_of(error))


def stated_answers(scene: Scene) -> Mapping[str, StatedAnswer]:
    """Return the answers to all claims that are asked, by id, in the order of the case."""
    found = {}
    for claim in scene.asked:
        poll()
        found[claim.id] = stated_answer(claim, scene)
    return found
