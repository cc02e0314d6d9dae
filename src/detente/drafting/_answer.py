r"""The one block of YAML in an assistant's answer.

Assistants wrap what they write in fences of Markdown, in prose, or in a record of their thinking.
What stands around the block is made blank lines, so that a line of the block has the number that it
has in the answer. Cost: linear in the answer.
"""

from __future__ import annotations

import re

from detente.errors import CaseError, Problem

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*([\w+-]*)[^\n]*$")
_START = re.compile(r"^[\"']?detente[\"']?[ \t]*:")
_YAML = {"", "yaml", "yml"}
_REMEDY = "send the whole case again as one block of YAML that begins with `detente: 1`"


def yaml_in(answer: str, name: str) -> str:
    r"""Return the block of YAML of an answer, at its own line numbers.

    Parameters
    ----------
    answer : str
    name : str
        Name of the answer, for messages.

    Raises
    ------
    CaseError
        When there is no such block, more than one, or one that was cut off.

    Examples
    --------
    >>> yaml_in("Here it is:\n```yaml\ndetente: 1\n```\nEnjoy!", "answer.md")
    '\n\ndetente: 1\n'
    >>> yaml_in("I cannot do that.", "answer.md")
    Traceback (most recent call last):
    detente.errors.CaseError: answer.md:1:1: there is no case in the answer; send the whole ...
    """
    lines = answer.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    thought = max((k + 1 for k, line in enumerate(lines) if line.strip() == "</think>"), default=0)
    blocks, open_at = _fenced(lines, thought)
    cases = [block for block in blocks if any(map(_START.match, lines[slice(*block)]))]
    if len(cases) > 1 or (cases and open_at is not None and _begins(lines, open_at)):
        raise _wrong(name, cases[-1][0], f"the answer holds {len(cases)} cases")
    if not cases and open_at is not None and _begins(lines, open_at):
        raise _wrong(name, open_at, "the block that begins here has no end: the answer was cut off")
    if not cases and not blocks:
        start = next((k for k in range(thought, len(lines)) if _START.match(lines[k])), None)
        cases = [] if start is None else [(start, len(lines))]
    if not cases:
        raise _wrong(name, 1, "there is no case in the answer")
    start, end = cases[0]
    return "\n" * start + "\n".join(lines[start:end]).rstrip("\n") + "\n"


def _fenced(lines: list[str], first: int) -> tuple[list[tuple[int, int]], int | None]:
    """Return the blocks of YAML between fences, and where one begins that has no end."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    mark = kind = ""
    for k in range(first, len(lines)):
        fence = _FENCE.match(lines[k])
        if fence is None:
            continue
        if start is None:
            start, mark, kind = k + 1, fence[1], fence[2].lower()
        elif fence[1].startswith(mark) and lines[k].strip() == fence[1]:
            if kind in _YAML:
                found.append((start, k))
            start = None
    return found, start if kind in _YAML else None


def _begins(lines: list[str], start: int) -> bool:
    return any(map(_START.match, lines[start:]))


def _wrong(name: str, line: int, message: str) -> CaseError:
    return CaseError([Problem(name, max(line, 1), 1, message, _REMEDY)])
