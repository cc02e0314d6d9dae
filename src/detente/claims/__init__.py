"""The argument's claims: what each asks of the model, the answer, and how the two stand."""

from detente.claims._answer import Answer, answer_claim, answer_question, claims_model
from detente.claims._hold import hold_in_claim
from detente.claims._question_words import QuestionWords, question_words
from detente.claims._slope_table import ClaimSlopes
from detente.claims._slopes import claim_slopes
from detente.claims._verdict import (
    NO_ANSWER,
    NO_WORD,
    OPEN,
    Verdict,
    count_words,
    judge_answer,
    judge_claim,
    verdict_word,
    word_over_draws,
)
from detente.claims._wording import (
    SOLVING,
    kind_of,
    note_near_misses,
    show_beside,
    show_expected,
    starred,
    word_bounds,
)

__all__ = [
    "NO_ANSWER",
    "NO_WORD",
    "OPEN",
    "SOLVING",
    "Answer",
    "ClaimSlopes",
    "QuestionWords",
    "Verdict",
    "answer_claim",
    "answer_question",
    "claim_slopes",
    "claims_model",
    "count_words",
    "hold_in_claim",
    "judge_answer",
    "judge_claim",
    "kind_of",
    "note_near_misses",
    "question_words",
    "show_beside",
    "show_expected",
    "starred",
    "verdict_word",
    "word_bounds",
    "word_over_draws",
]
