"""Conflicts as one-shot games: everyone chooses at once, nobody moves again."""

from detente.oneshot._game import OneShot, Rule, one_shot
from detente.oneshot._mixed import MixedEquilibria, mixed_equilibria
from detente.oneshot._profile import StrategyProfile
from detente.oneshot._pure import PureEquilibria, pure_equilibria
from detente.oneshot._quantal import QuantalResponse, quantal_response

__all__ = [
    "MixedEquilibria",
    "OneShot",
    "PureEquilibria",
    "QuantalResponse",
    "Rule",
    "StrategyProfile",
    "mixed_equilibria",
    "one_shot",
    "pure_equilibria",
    "quantal_response",
]
