"""A question that comes with a call, read as the claim of a case file that asks it.

The claim is written into the text of the case and read with the checks of the format. Cost: one
reading of the case; where its claims are written in an unusual way, or the question is wrong, a
second for each 30 kilobytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

from detente.case import Case, Claim, changed_text, read_case
from detente.errors import CaseError, InputError
from detente.mcp_server._arguments import AskArguments

_QUOTED = 80


def question_of(case: Case, asked: AskArguments) -> Claim:
    """Return the question of a call as a claim of the case, under an id that no other has.

    Parameters
    ----------
    case : Case
        As its file states it.
    asked : AskArguments

    Raises
    ------
    InputError
        With everything that is wrong with the question.
    """
    known = {claim.id for claim in case.claims}
    name = next(name for k in count(1) if (name := f"Q{k}") not in known)
    parts = {"ask", "versus", "scope", "expect"}
    entry = {"says": "A question.", **asked.model_dump(
        include=parts, exclude_none=True, by_alias=True
    )}  # fmt: skip
    text = case.text.decode("utf-8-sig")
    try:
        return _read(case, _with_line(case, text, {"id": name, **entry}), name)
    except InputError:  # said below, with the place in the question
        pass
    changed = changed_text(text, {"claims": {name: entry} if known else [{"id": name, **entry}]})
    try:
        return _read(case, changed, name)
    except CaseError as error:
        lines = changed.splitlines()
        raise InputError(
            "\n".join(
                f"at `{lines[one.line - 1][one.column - 1 :][:_QUOTED]}`: {one.message}; "
                f"{one.remedy}"
                for one in error.problems
            )
        ) from None


def _read(case: Case, text: str, name: str) -> Claim:
    return read_case(text.encode("utf-8"), case.path).claim(name)


def _with_line(case: Case, text: str, claim: Mapping[str, Any]) -> str:
    """Return the text with a claim in a line before the first, as every JSON value is YAML too."""
    lines = text.splitlines()
    place = case.places.of("claims", 0)[0] - 1
    indent, dash, _ = lines[place].partition("- ")
    if indent.strip() or not dash:
        raise InputError("the claims of this case are not a list of lines")
    lines.insert(place, f"{indent}- {json.dumps(claim, ensure_ascii=False)}")
    return "\n".join(lines)
