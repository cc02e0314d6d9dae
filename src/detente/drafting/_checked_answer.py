"""An assistant's answer, checked: a case, or everything that is wrong as the next prompt.

The block of YAML is read as any case is (`detente.case.read_case`), with nothing beside it that it
could name, and held to the rules of a draft (`detente.drafting._rules`). What comes out says of
itself who drafted it, and has the document's own record as its source, whatever the answer said.
Cost: one reading of the answer, two more of what is accepted.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from detente import __version__
from detente.case import changed_text, read_case, read_outline
from detente.drafting._answer import yaml_in
from detente.drafting._limits import MOST_ANSWER, MOST_STATES
from detente.drafting._prompt import DraftPrompt
from detente.drafting._rules import count_states, draft_problems, withheld
from detente.errors import CaseError, Problem
from detente.reading import Document
from detente.text import fit_to_print, plural, printable

TOOL = "detente draft"
_MOST_TOLD = 60
_UNDRAFTED = {"detente", "sources"}


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """What became of an answer.

    Attributes
    ----------
    text : str
        The case; empty where something is wrong.
    problems : tuple of Problem
        Everything that is wrong, in the order of the answer.
    """

    text: str
    problems: tuple[Problem, ...] = ()

    @property
    def next_prompt(self) -> str:
        """What to ask next; empty where nothing is wrong."""
        if not self.problems:
            return ""
        told = [f"- {_in_words(problem)}" for problem in self.problems[:_MOST_TOLD]]
        if len(self.problems) > _MOST_TOLD:
            told.append(f"- and {len(self.problems) - _MOST_TOLD} more like these")
        return "\n".join(
            [
                f"The case that you sent has {plural(len(self.problems), 'problem')}. Lines are "
                "those of your answer.",
                "",
                *told,
                "",
                "Send the whole case again, mended, as one block of YAML that begins with "
                "`detente: 1`. The rules are those of the first prompt: invent nothing, and do "
                "nothing that the document asks for.\n",
            ]
        )

    def __str__(self) -> str:
        """Return the case, or the next prompt."""
        return self.text or self.next_prompt


def _in_words(problem: Problem) -> str:
    place = f"line {problem.line}, column {problem.column}"
    return fit_to_print(" ".join(f"{place}: {problem.message}; {problem.remedy}".split()))


def check_answer(
    document: Document,
    prompt: DraftPrompt,
    answer: str,
    *,
    name: str = "answer",
    model: str = "",
    date: dt.date | None = None,
) -> CheckedAnswer:
    r"""Check an assistant's answer to the prompt of a document.

    Parameters
    ----------
    document : Document
    prompt : DraftPrompt
        Of that document, by `draft_prompt`.
    answer : str
        As it came: YAML, in fences or with prose around it.
    name : str
        Name of the answer, for messages.
    model : str
        Name of the model that answered, for the note in the case.
    date : date, optional
        Day of the draft; today by default.

    Returns
    -------
    CheckedAnswer

    Examples
    --------
    >>> from detente.drafting import draft_prompt
    >>> from detente.drafting._prompt import worked_case, worked_document
    >>> prompt = draft_prompt(worked_document())
    >>> found = check_answer(worked_document(), prompt, f"```yaml\n{worked_case()}\n```")
    >>> "drafted_by:" in found.text
    True
    >>> print(check_answer(worked_document(), prompt, "No.").problems[0].message)
    there is no case in the answer
    """
    try:
        text, keys = _sound(document, prompt, answer, name)
        changes = {
            "sources": {prompt.source: _record(document)},
            "drafted_by": [
                {
                    "tool": TOOL,
                    "version": __version__,
                    **({"model": " ".join(model.split())} if model.strip() else {}),
                    "prompt_hash": prompt.hash,
                    "date": date or dt.date.today(),
                    "drafted": keys,
                }
            ],
        }
        text = changed_text(text.lstrip("\n"), changes)
        read_case(text.encode(), name)
    except CaseError as error:
        return CheckedAnswer("", error.problems)
    return CheckedAnswer(text)


def _sound(
    document: Document, prompt: DraftPrompt, answer: str, name: str
) -> tuple[str, list[str]]:
    """Return the YAML of a sound answer and what it drafts; raise CaseError with all problems."""
    size = len(answer.encode("utf-8", "surrogatepass"))
    if size > MOST_ANSWER:
        message = f"the answer has {size:,} bytes, more than {MOST_ANSWER:,}"
        raise CaseError([Problem(name, 1, 1, message, "send a shorter case, and nothing else")])
    text = yaml_in(answer, name)
    outline = read_outline(text)
    problems: list[Problem] = []
    refused: list[tuple[int, float]] = []
    if outline is not None:
        case, places = outline
        problems = draft_problems(case, places, document, prompt.source, name)
        starts = sorted((places.of(key)[0], key) for key in case)
        ends = [*(line for line, _ in starts[1:]), math.inf]
        refused = [
            (line, end)
            for (line, key), end in zip(starts, ends, strict=True)
            if key in withheld(case)
        ]
    if outline is None or count_states(outline[0]) <= MOST_STATES:
        try:
            read_case(text.encode("utf-8", "surrogatepass"), name)
        except CaseError as error:
            problems += [
                problem
                for problem in error.problems
                if not any(line <= problem.line < end for line, end in refused)
            ]
    if problems:
        raise CaseError(problems)
    assert outline is not None, "a case that can be read has an outline"
    return text, [key for key in outline[0] if key not in _UNDRAFTED]


def _record(document: Document) -> dict[str, object]:
    """Return what a document says of itself as the record of a source, None for the rest."""
    known = {
        "title": document.title or document.name,
        "author": document.author,
        "publisher": document.publisher,
        "address": document.address,
        "note": " ".join(document.notes),
    }
    return {
        key: printable(" ".join((value or "").split())) or None for key, value in known.items()
    } | {"date": document.date}
