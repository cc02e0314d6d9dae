"""From a document to a draft case with an assistant: the prompt, the checks, the conversation."""

from detente.drafting._checked_answer import CheckedAnswer, check_answer
from detente.drafting._endpoint import KEY_VARIABLE, ChatEndpoint
from detente.drafting._limits import MOST_ANSWER
from detente.drafting._prompt import DraftPrompt, draft_prompt
from detente.drafting._rounds import draft_with

__all__ = [
    "KEY_VARIABLE",
    "MOST_ANSWER",
    "ChatEndpoint",
    "CheckedAnswer",
    "DraftPrompt",
    "check_answer",
    "draft_prompt",
    "draft_with",
]
