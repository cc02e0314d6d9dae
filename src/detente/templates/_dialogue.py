"""The dialogue that makes a case: a question, an answer, the next question.

The questions stand in `_interview` as a generator, which asks by yielding; the dialogue sends it
what each answer means, and goes back by starting it again with all answers but the last. So what
was answered is all there is to store. It reads and writes nothing and knows no terminal. Cost: one
reading of a short case for each answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from detente.errors import InputError
from detente.templates._interview import interview
from detente.templates._layout import laid_out
from detente.templates._question import DialogueQuestion
from detente.text import hidden_character

LONGEST_ANSWER = 2000
"""Characters."""
_REMARK = "Made by answering `detente new`. Change a name or a number, and see what follows."


@dataclass(frozen=True, slots=True)
class _Given:
    words: str
    text: str
    value: Any


class Dialogue:
    """Questions in, answers in, a case out.

    Parameters
    ----------
    title : str
        What the case is called unless the first answer says otherwise.
    start : date
        The first day of its clock.

    Examples
    --------
    >>> dialogue = Dialogue("A dam", dt.date(2026, 1, 1))
    >>> dialogue.question.words
    'What is the case called?'
    >>> dialogue.answer("The dam: who gives way?")
    ''
    >>> dialogue.answers, dialogue.question.words
    (('The dam: who gives way?',), 'Which question should it answer?')
    """

    def __init__(self, title: str, start: dt.date) -> None:
        self._title, self._start = title, start
        self._given: list[_Given] = []
        self._withdrawn: list[_Given] = []
        self._ask()

    @property
    def question(self) -> DialogueQuestion | None:
        """What is asked now; None when nothing is left to ask.

        After a step back the default is what was answered before, unless none means to finish.
        """
        asked = self._question
        if asked is None or asked.default == "" or not self._was_asked(asked):
            return asked
        return replace(asked, default=self._withdrawn[-1].text)

    @property
    def answers(self) -> tuple[str, ...]:
        """What was answered so far; given again in this order it leads to the same place."""
        return tuple(given.text for given in self._given)

    def answer(self, text: str) -> str:
        """Take an answer and go on to the next question.

        Parameters
        ----------
        text : str
            Nothing for the default.

        Returns
        -------
        str
            How the answer was understood, where that is not plain.

        Raises
        ------
        InputError
            When it cannot be taken; the question stands.
        """
        question = self.question
        if question is None:
            raise InputError("every question is answered; go back to change an answer")
        text = text.strip() or question.default or ""
        if "\n" in text:
            raise InputError("an answer is one line; take the line ends out")
        if hidden := hidden_character(text):
            raise InputError(f"{hidden[1]}; take it out")
        if len(text) > LONGEST_ANSWER:
            raise InputError(
                f"the answer has {len(text):,} characters, more than {LONGEST_ANSWER:,}; shorten it"
            )
        if not text and question.default is None:
            raise InputError(f"an answer is needed here; {question.example or 'write a word'}")
        value = question.read(text)
        if self._was_asked(question):
            self._withdrawn.pop()
        else:
            self._withdrawn.clear()
        self._given.append(_Given(question.words, text, value))
        self._step(value)
        return question.understood(text, value)

    def back(self) -> bool:
        """Go back to the question before; false where this is the first."""
        if not self._given:
            return False
        self._withdrawn.append(self._given.pop())
        self._ask()
        return True

    def case_text(self) -> str:
        """Return the text of the case (`InputError` while a question is open)."""
        if self._case is None:
            raise InputError("questions are left; answer them first")
        return laid_out(self._case, _REMARK)

    def _was_asked(self, question: DialogueQuestion) -> bool:
        """Whether the question is the one that the last step back came to."""
        return bool(self._withdrawn) and self._withdrawn[-1].words == question.words

    def _ask(self) -> None:
        """Start the questions again and give them the answers so far."""
        self._script = interview(self._title, self._start)
        self._case: Mapping[str, Any] | None = None
        self._question: DialogueQuestion | None = next(self._script)
        for given in self._given:
            self._step(given.value)

    def _step(self, value: Any) -> None:
        try:
            self._question = self._script.send(value)
        except StopIteration as end:
            self._question, self._case = None, end.value
