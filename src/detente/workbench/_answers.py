"""What the model answers to a claim at a setting, a hold for a part of the period included.

Held for the whole period, an option or condition is held in the claim's own question. For a part of
the period it is another chain before, during and after, which is worked out for probabilities of
events: a claim of another kind, or with an intervention, a second arm or a scope of its own, gets
no answer then, and the reason why. Cost: an equilibrium over all states, then a chain per claim.
"""

from __future__ import annotations

from detente.case import Case, Claim, ProbabilityQuestion, TableQuestion
from detente.claims import Answer, answer_claim
from detente.errors import AnalysisError, InputError
from detente.expression import Formula
from detente.workbench._bench import Scene
from detente.workbench._setting import Setting


def answer_at(claim: Claim, scene: Scene) -> Answer:
    """Answer a claim at a setting.

    Parameters
    ----------
    claim : Claim
        Of the scene's case.
    scene : Scene

    Raises
    ------
    InputError
        For a claim that has no answer while something is held for a part of the period.
    AnalysisError
        When the question has no answer at these parameters.
    """
    setting = scene.setting
    if setting.during is None or not setting.held or isinstance(claim.ask, TableQuestion):
        return answer_claim(claim, scene.model)
    if claim.ask is None:
        raise AnalysisError(f"{claim.id} is not asked: {claim.unasked}")
    reason = why_not_during(claim, setting, scene.base)
    if reason:
        raise InputError(f"no answer while something is held for a part of the period: {reason}")
    assert isinstance(claim.ask, ProbabilityQuestion)
    given = claim.ask.arm.given
    found = scene.model.equilibrium.probability(
        claim.ask.query.text,
        given.text if isinstance(given, Formula) else given,
        do=setting.held,
        announced=setting.announced,
        during=setting.during,
    )
    return Answer(found.value, found.value)


def why_not_during(claim: Claim, setting: Setting, case: Case) -> str:
    """Say why an asked claim cannot be answered under a hold for a part of the period, if so.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("sanctions")
    >>> setting, _ = Setting.parse("case=sanctions&do.sender.offer=large&during=0,2")
    >>> [why_not_during(case.claim(name), setting, case) for name in ("T1", "T4")]
    ['the claim holds something itself', 'only probabilities of events can be asked then']
    """
    ask = claim.ask
    if not isinstance(ask, ProbabilityQuestion) or ask.query.operator == "":
        return "only probabilities of events can be asked then"
    if claim.versus is not None:
        return "the claim compares two arms"
    if ask.arm.do or ask.arm.set:
        return "the claim holds something itself"
    if claim.scope is not None:
        return "the claim has a scope"
    if setting.announced and case.views:
        return "actors have views of their own, so the hold must be unknown to the actors"
    return ""
