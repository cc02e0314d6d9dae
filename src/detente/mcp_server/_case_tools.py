"""Tools that read and write cases: what is wrong with one, what stands in one, saving one.

Cost: one reading of the case; the warnings of a check solve it too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from detente.case import Case, Labels, beside, builtin_cases, read_case
from detente.claims import kind_of, question_words, show_expected
from detente.errors import CaseError, InputError
from detente.files import inside, write_file
from detente.mcp_server._arguments import CheckArguments, DescribeArguments, SaveArguments
from detente.mcp_server._desk import ToolCall, require_size
from detente.mcp_server._tool_answer import ToolAnswer
from detente.report import (
    on_paper,
    parameter_rows,
    print_case,
    print_review,
    source_rows,
)
from detente.values import plain_fields

_UNNAMED = "case.yaml"
"""What messages call a text that has no file."""


def check_case(call: ToolCall, asked: CheckArguments) -> ToolAnswer:
    """Say everything that is wrong with a case, or may not be meant in one that is sound."""
    if bool(asked.case) == bool(asked.text):
        raise InputError("give either case, a name, or text, the text of a case file")
    name = asked.case or _UNNAMED
    try:
        found = call.desk.read(asked.case) if asked.case else _read(asked.text)
    except CaseError as error:
        problems = [str(problem) for problem in error.problems]
        return ToolAnswer("\n".join(problems), {"case": name, "problems": problems})
    if not asked.quick:
        require_size(found)
    review = found.review(quick=asked.quick, progress=call.progress)
    with on_paper() as paper:
        print_case(found)
        print_review(review, one_line=True)
    return ToolAnswer(paper.getvalue(), {"case": name, "problems": [], **review.to_dict()})


def describe_case(call: ToolCall, asked: DescribeArguments) -> ToolAnswer:
    """Say what a case holds; or, without one, which cases there are."""
    if not asked.case:
        names = {"built_in": list(builtin_cases()), "in_the_folder": list(call.desk.folder.cases())}
        words = [f"{kind.replace('_', ' ')}: {', '.join(found)}" for kind, found in names.items()]
        return ToolAnswer("\n".join(words), names)
    case = call.desk.read(asked.case)
    found = _described(case)
    return ToolAnswer("\n".join(_lines(case, found)), found)


def save_case(call: ToolCall, asked: SaveArguments) -> ToolAnswer:
    """Save a sound case in the folder for writing, under a name that nothing has yet."""
    root = call.desk.writable
    if root is None:
        raise InputError("nothing is saved here; start the server with --write DIR")
    path = inside(root, asked.name)
    if path.suffix not in {".yaml", ".yml"}:
        raise InputError(f"{asked.name} is no name of a case file; end it in .yaml")
    if not path.parent.is_dir():
        raise InputError(
            f"{asked.name}: the folder for writing has no such folder; give the name alone"
        )
    content = asked.text.encode("utf-8", "surrogatepass")
    found = read_case(content, asked.name, lambda table: (table, beside(path)(table)[1]))
    try:
        if not asked.overwrite:
            path.touch(exist_ok=False)
        elif path.exists() and not path.is_file():
            raise InputError(f"{asked.name} is no file; give another name")
        write_file(path, content)
    except FileExistsError:
        raise InputError(
            f"{asked.name} exists; give another name, or overwrite to replace it"
        ) from None
    except OSError as error:
        raise InputError(f"{asked.name} cannot be written: {error.strerror}") from None
    name = path.relative_to(call.desk.folder.root).as_posix()
    words = f"saved {name}: {len(found.actors)} actors, {len(found.claims)} claims"
    return ToolAnswer(words, {"case": name, "bytes": len(content)})


def _read(text: str) -> Case:
    return read_case(text.encode("utf-8", "surrogatepass"), _UNNAMED)


def _described(case: Case) -> dict[str, Any]:
    today, names = case.status_quo, Labels(case)
    return {
        **plain_fields(case, "name", "title", "question", "about", "since", "start", "end"),
        "states": math.prod(case.shape),
        "actors": [
            {
                "name": actor.name,
                "title": names.actor(actor.name),
                "about": actor.about,
                "options": [
                    _variable(option.full_name, option.levels, option.about, today)
                    for option in actor.options
                ],
            }
            for actor in case.actors
        ],
        "conditions": [_variable(c.name, c.levels, c.about, today) for c in case.conditions],
        "issues": [{"name": one.name, "about": one.about} for one in case.issues],
        "parameters": [plain_fields(row) for row in parameter_rows(case)],
        "variants": [
            {"name": one.name, "about": one.about, "levels": [level.name for level in one.levels]}
            for one in case.variants
        ],
        "claims": [_claim(case, claim.id) for claim in case.claims],
        "observations": len(case.history),
        "sources": [plain_fields(row) for row in source_rows(case)],
    }


def _variable(
    name: str, levels: tuple[str, ...], about: str, today: Mapping[str, int]
) -> dict[str, Any]:
    return {"name": name, "levels": list(levels), "today": levels[today[name]], "about": about}


def _claim(case: Case, name: str) -> dict[str, Any]:
    claim = case.claim(name)
    return {
        "id": claim.id,
        "says": claim.says,
        "words": claim.words,
        "asks": str(question_words(claim, Labels(case))),
        "expects": "" if claim.expect is None else show_expected(claim.expect, kind_of(claim)),
        "unasked": claim.unasked,
        "source": claim.where.source if claim.where else "",
    }


def _lines(case: Case, found: Mapping[str, Any]) -> Iterator[str]:
    yield f"{case.title}\n{case.question}\n{case.about}\n"
    with on_paper() as paper:
        print_case(case)
    yield paper.getvalue()
    yield "Actors and their options, today's level in brackets:"
    for actor in found["actors"]:
        yield f"  {actor['name']} ({actor['title']})"
        yield from (f"    {_levels(option)}" for option in actor["options"])
    if found["conditions"]:
        yield "Conditions that nobody controls:"
        yield from (f"  {_levels(condition)}" for condition in found["conditions"])
    for one in found["variants"]:
        yield f"Variant {one['name']}: {', '.join(one['levels'])}"
    yield "Parameters:"
    for row in found["parameters"]:
        within = f", range {row['range']}" if row["range"] else ""
        yield f"  {row['name']} = {row['value']}{within} ({row['source'] or 'judgement'})"
    yield "Claims:"
    for claim in found["claims"]:
        expects = f"; expects {claim['expects']}" if claim["expects"] else ""
        yield f"  {claim['id']} {claim['says']}"
        yield f"    {claim['asks']}{expects}" if claim["asks"] else f"    {claim['unasked']}"


def _levels(variable: dict[str, Any]) -> str:
    levels = (f"[{one}]" if one == variable["today"] else one for one in variable["levels"])
    return f"{variable['name']}: {', '.join(levels)}"
