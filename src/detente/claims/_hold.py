"""A claim asked while options or conditions are held, on top of what the claim holds itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from detente.case import Arm, Claim, TableQuestion


def hold_in_claim(claim: Claim, levels: Mapping[str, int], announced: bool = True) -> Claim:
    """Return a claim with options and conditions held in both of its arms.

    What an arm holds itself wins, and so does whether the actors know of that. The table of
    bargaining knows no options: what is asked of it stays as it is.

    Parameters
    ----------
    claim : Claim
    levels : mapping of str to int
        Level indices by name.
    announced : bool
        Whether the actors know.

    Examples
    --------
    >>> import detente
    >>> claim = detente.load("sanctions").claim("T5")
    >>> dict(hold_in_claim(claim, {"sender.offer": 2}).ask.arm.do)
    {'sender.offer': 2}
    """
    if claim.ask is None or not levels or isinstance(claim.ask, TableQuestion):
        return claim

    def held(arm: Arm) -> Arm:
        own = bool(arm.do or arm.set)
        both = {**levels, **(arm.do or {})}
        return replace(arm, do=both, announced=arm.announced if own else announced)

    versus = None if claim.versus is None else held(claim.versus)
    return replace(claim, ask=replace(claim.ask, arm=held(claim.ask.arm)), versus=versus)
