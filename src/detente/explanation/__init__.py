"""Why an answer is what it is: who carries it, what they gain, and what would change it."""

from detente.explanation._effects import ParameterEffect, effects_of
from detente.explanation._explain import explain_answer, explain_in_steps
from detente.explanation._flips import Flip
from detente.explanation._gain import IssueGain, MoveGain
from detente.explanation._level_flow import LevelArrow, LevelFlow, level_flow
from detente.explanation._moves import MoveShare
from detente.explanation._query import arm_of
from detente.explanation._result import AnswerExplanation, VariantEffect
from detente.explanation._state_moves import StateMove, StateMoves, moves_from_state
from detente.explanation._step import Step
from detente.explanation._table_route import TableRoute

__all__ = [
    "AnswerExplanation",
    "Flip",
    "IssueGain",
    "LevelArrow",
    "LevelFlow",
    "MoveGain",
    "MoveShare",
    "ParameterEffect",
    "StateMove",
    "StateMoves",
    "Step",
    "TableRoute",
    "VariantEffect",
    "arm_of",
    "effects_of",
    "explain_answer",
    "explain_in_steps",
    "level_flow",
    "moves_from_state",
]
