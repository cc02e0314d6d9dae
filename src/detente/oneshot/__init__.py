"""Conflicts as one-shot games: everyone chooses at once, nobody moves again."""

from detente.oneshot.game import OneShot, one_shot
from detente.oneshot.mixed import MixedEquilibria, mixed_equilibria
from detente.oneshot.profile import Profile
from detente.oneshot.pure import PureEquilibria, pure_equilibria
from detente.oneshot.quantal import QuantalResponse, quantal_response

__all__ = [
    "MixedEquilibria",
    "OneShot",
    "Profile",
    "PureEquilibria",
    "QuantalResponse",
    "mixed_equilibria",
    "one_shot",
    "pure_equilibria",
    "quantal_response",
]
