"""The argument's claims: what each asks of the model, the answer, and how the two stand."""

from detente.claims._answer import Answer, answer_claim, answer_question, claims_model
from detente.claims._verdict import NO_ANSWER, NO_WORD, Verdict, judge_claim, verdict_word
from detente.claims._wording import kind_of, show_expected

__all__ = [
    "NO_ANSWER",
    "NO_WORD",
    "Answer",
    "Verdict",
    "answer_claim",
    "answer_question",
    "claims_model",
    "judge_claim",
    "kind_of",
    "show_expected",
    "verdict_word",
]
