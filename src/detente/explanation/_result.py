"""An explanation of an answer: three sentences first, the tables after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.case import Case, Claim
from detente.claims import show_beside
from detente.explanation._effects import ParameterEffect
from detente.explanation._flips import Flip
from detente.explanation._gain import MoveGain
from detente.explanation._moves import MoveShare
from detente.explanation._sentences import sentences
from detente.explanation._step import Step
from detente.explanation._table_route import TableRoute, plain_route
from detente.explanation._tables import in_lines, tables
from detente.stability import Explanation
from detente.text import Result
from detente.values import data_frame, plain, plain_fields


@dataclass(frozen=True, slots=True)
class VariantEffect:
    """The answer when a variant is at another level.

    Attributes
    ----------
    name : str
        As ``variant.level``.
    answer : float
    word : str
        The verdict then.
    """

    name: str
    answer: float
    word: str


@dataclass(frozen=True, eq=False)
class AnswerExplanation(Result):
    """Why the model gives the answer that it gives, at the stated values of the parameters.

    Attributes
    ----------
    case : Case
    claim : Claim
        A query is a claim that expects nothing.
    value : float
        The answer.
    word : str
        Its verdict; for a query the side of even odds that it is on.
    base : float
        The answer if nothing ever changed; 0 for questions without time.
    arms : tuple of float
        The answers of both arms, where the answer is their difference.
    moves : tuple of MoveShare
        What each move adds: ``base`` and the parts sum to ``value``. Of two arms, the difference.
    gain : MoveGain or None
        For a gain question, by issue.
    stability : tuple of Explanation
        For an equilibrium question, one for each actor at the state that speaks.
    route : tuple of Step or None
        For a reachability question, a shortest route; None where there is none.
    bargained : TableRoute or None
        For a question to the table of bargaining, what carries the answer.
    effects : tuple of ParameterEffect
        Of each parameter alone, largest swing first; empty without a search.
    variants : tuple of VariantEffect
    flips : tuple of Flip
        Changes of one parameter within its range that flip the word, nearest first.
    pair : Flip or None
        The nearest change of two together.
    paired : bool
        Whether that was looked for.
    """

    case: Case
    claim: Claim
    value: float
    word: str
    base: float
    arms: tuple[float, ...]
    moves: tuple[MoveShare, ...]
    gain: MoveGain | None = None
    stability: tuple[Explanation, ...] = ()
    route: tuple[Step, ...] | None = None
    bargained: TableRoute | None = None
    effects: tuple[ParameterEffect, ...] = ()
    variants: tuple[VariantEffect, ...] = ()
    flips: tuple[Flip, ...] = ()
    pair: Flip | None = None
    paired: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer, who carries it and why, and what would change it: a sentence or two each."""
        return sentences(self)

    @property
    def tables(self) -> tuple[tuple[str, Sequence[Sequence[str]]], ...]:
        """Titles with rows, the heading first."""
        return tables(self)

    def printed(self, answer: float) -> str:
        """Print an answer so that one sees on which side of a bound of the interval it lies."""
        return show_beside(self.claim, answer)

    def __str__(self) -> str:
        """Return the sentences, then the tables."""
        return "\n\n".join([*self.sentences, *(in_lines(*one) for one in self.tables)])

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        return {
            "claim": self.claim.id,
            "says": self.claim.says,
            **plain_fields(self, "value", "word", "base", "arms"),
            "sentences": list(self.sentences),
            "moves": [move.to_dict() for move in self.moves],
            "gain": None if self.gain is None else self.gain.to_dict(),
            "stability": [one.to_dict() for one in self.stability],
            "route": None if self.route is None else [step.to_dict() for step in self.route],
            "bargained": None if self.bargained is None else plain_route(self.bargained),
            "effects": [effect.to_dict() for effect in self.effects],
            "variants": [
                {"name": v.name, "answer": plain(v.answer), "word": v.word} for v in self.variants
            ],
            "flips": [flip.to_dict() for flip in self.flips],
            "pair": None if self.pair is None else self.pair.to_dict(),
        }

    def to_pandas(self) -> Any:
        """Return the moves as a DataFrame (needs pandas)."""
        return data_frame(
            {
                "actor": [move.step.actor for move in self.moves],
                "move": [move.step.words for move in self.moves],
                "part": [move.part for move in self.moves],
                "times": [move.times for move in self.moves],
                "chances": [move.chances for move in self.moves],
                "taken": [move.taken for move in self.moves],
            }
        )
