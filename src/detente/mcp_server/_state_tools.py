"""Tools that solve a case as it is stated: what is stable, why, and what happens next.

What a forecast says of a query is also answered over draws. Cost: a solution of the model, one more
a draw, and about a hundred and four a parameter to look for what flips an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from detente.case import Arm, Case
from detente.equilibrium import intervene
from detente.errors import InputError
from detente.explanation import arm_of, explain_answer
from detente.mcp_server._arguments import (
    ExplainArguments,
    ForecastArguments,
    StabilityArguments,
)
from detente.mcp_server._desk import ToolCall
from detente.mcp_server._tool_answer import ToolAnswer, strongest_of
from detente.report import on_paper, print_forecast, print_stability
from detente.study import claim_asked, describe_failures, horizon, run_study


def stable_states(call: ToolCall, asked: StabilityArguments) -> ToolAnswer:
    """Say which states are stable, for whom."""
    case = call.desk.case(asked)
    found = case.conflict().stability()
    concepts = tuple(dict.fromkeys(asked.concepts))
    with on_paper() as paper:
        print_stability(found, concepts, rest="the answer's values list more")
    values = found.to_dict()
    values["concepts"] = {concept: values["concepts"][concept] for concept in concepts}
    return ToolAnswer(paper.getvalue(), values, case)


def explain_why(call: ToolCall, asked: ExplainArguments) -> ToolAnswer:
    """Say why a state is stable for each actor, or why an answer is what it is."""
    if (asked.state is None) == (not asked.what):
        raise InputError("give either state, or what: the id of a claim, or a query")
    case = call.desk.case(asked)
    if asked.what:
        found = explain_answer(
            case, asked.what, arm=_arm(case, asked), search=asked.flips, progress=call.progress
        )
        return ToolAnswer(str(found), found, case)
    if asked.given or asked.do:
        raise InputError("given and do are for what; leave them out, or change the state itself")
    stability = case.conflict().stability()
    state = None if isinstance(asked.state, str) else asked.state or None
    told = [stability.explain(a, state, asked.concept) for a in stability.conflict.actors]
    return ToolAnswer("\n".join(map(str, told)), told, case)


def forecast_case(call: ToolCall, asked: ForecastArguments) -> ToolAnswer:
    """Say what happens next, and how likely each query is, as stated and over draws."""
    case = call.desk.case(asked)
    start = _start(asked.given)
    changed = intervene(case.conflict().equilibrium(), dict(asked.do), None, asked.announced)
    queries = tuple(dict.fromkeys(asked.queries))
    answers = [changed.probability(query, start) for query in queries]
    paths = changed.paths(horizon(case) if asked.years is None else asked.years, start)
    with on_paper() as paper:
        print_forecast(changed, paths, answers)
    words = paper.getvalue()
    values: dict[str, Any] = {
        "changed": list(case.changes),
        "equilibrium": changed,
        "answers": answers,
        "paths": paths,
    }
    if not (queries and asked.draws):
        return ToolAnswer(words, values, case)
    arm = _arm(case, asked) or Arm()
    claims = tuple(claim_asked(case, query, arm) for query in queries)
    drawn = run_study(
        replace(case, claims=claims, brief=()), asked.draws, asked.seed, progress=call.progress
    )
    values["over_draws"] = drawn.verdicts()
    values["failing"] = describe_failures(drawn)
    lines = [f"Over {asked.draws} draws of the parameters:", *map(str, drawn.verdicts())]
    return ToolAnswer(f"{words}\n" + "\n".join(lines), values, case, strongest_of(drawn))


def _arm(case: Case, asked: ExplainArguments | ForecastArguments) -> Arm | None:
    if not (asked.given or asked.do):
        return None
    return arm_of(case, _start(asked.given), dict(asked.do), asked.announced)


def _start(given: str | Mapping[str, str]) -> str | Mapping[str, str] | None:
    return given if given and given != "today" else None
