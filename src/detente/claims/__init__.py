"""The argument's claims: what each asks of the model, the answer, and how the two stand."""

from detente.claims.answer import Answer, answer, measure
from detente.claims.draw import Draw
from detente.claims.verdict import Verdict, stand, verdict

__all__ = ["Answer", "Draw", "Verdict", "answer", "measure", "stand", "verdict"]
