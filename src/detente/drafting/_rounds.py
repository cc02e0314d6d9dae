"""A draft by asking a server: prompt, answer, what is wrong with it, and again, a few times.

Every exchange is written into a folder of its own, under names that are counted and that nothing in
an answer can choose: ``01-prompt.md``, ``01-answer.md``, ``01-errors.txt``, ``02-prompt.md`` and so
on. What cannot be seen in an answer is written by its code point. Nothing else is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path

from detente.drafting._checked_answer import CheckedAnswer, check_answer
from detente.drafting._endpoint import ChatEndpoint, Message
from detente.drafting._prompt import DraftPrompt
from detente.errors import AnalysisError
from detente.files import write_file
from detente.reading import Document
from detente.text import plural, printable

MOST_ROUNDS = 3


def draft_with(
    endpoint: ChatEndpoint,
    document: Document,
    prompt: DraftPrompt,
    folder: Path,
    *,
    date: dt.date | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> CheckedAnswer:
    """Ask a server for a draft until it is sound, three times at most.

    Parameters
    ----------
    endpoint : ChatEndpoint
    document : Document
    prompt : DraftPrompt
        Of that document, by `draft_prompt`.
    folder : Path
        Where every exchange is written; made here, and must not be there yet.
    date : date, optional
        Day of the draft; today by default.
    progress : callable
        Called with words on how far the work is.

    Returns
    -------
    CheckedAnswer
        The last one, with what is still wrong.

    Raises
    ------
    AnalysisError
        When the server gives no answer that can be used.
    OSError
        When the folder cannot be made or written to.
    """
    folder.mkdir()
    asked, messages = prompt.text, list[Message]()
    found = CheckedAnswer("")
    for number in range(1, MOST_ROUNDS + 1):
        round_ = f"round {number} of {MOST_ROUNDS}"
        write_file(folder / f"{number:02}-prompt.md", asked)
        progress(f"{round_}: asking {endpoint.model} at {endpoint.host}")
        messages.append({"role": "user", "content": asked})
        try:
            answer = endpoint.ask(messages, partial(_waiting, progress, round_))
        except AnalysisError as error:
            write_file(folder / f"{number:02}-errors.txt", f"{error}\n")
            raise
        name = f"{number:02}-answer.md"
        write_file(folder / name, printable(answer))
        found = check_answer(document, prompt, answer, name=name, model=endpoint.model, date=date)
        if not found.problems:
            progress(f"{round_}: a sound draft")
            break
        problems = [printable(str(problem)) for problem in found.problems]
        write_file(folder / f"{number:02}-errors.txt", "\n".join(problems) + "\n")
        progress(f"{round_}: {plural(len(problems), 'problem')}")
        asked = found.next_prompt
        messages.append({"role": "assistant", "content": answer})
    return found


def _waiting(progress: Callable[[str], None], round_: str, past: float) -> None:
    progress(f"{round_}: {past:.0f} s without an answer yet")
