"""Tools that answer over many draws: any question, the claims, a deal, and the record of a case.

A question is answered as a study answers claims. Cost: a solution of the model a draw.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from detente.case import Labels
from detente.claims import answer_claim, claims_model, kind_of, question_words
from detente.deals import assess_deal, study_deal
from detente.errors import InputError
from detente.evidence import (
    blind_forecasts,
    draw_timeline,
    list_rows,
    observed_record,
    score_argument,
    score_forecasts,
)
from detente.mcp_server._arguments import (
    AskArguments,
    ClaimsArguments,
    DealsArguments,
    EvidenceArguments,
)
from detente.mcp_server._desk import ToolCall, moved
from detente.mcp_server._question import question_of
from detente.mcp_server._tool_answer import ToolAnswer, strongest_of
from detente.report import on_paper, print_study
from detente.study import describe_failures, run_study
from detente.text import show

_MOST_DRIVERS = 3
_LONG = {"parameters", "answers", "completed"}
"""What a study says of each draw."""


def ask_model(call: ToolCall, asked: AskArguments) -> ToolAnswer:
    """Answer any question that a case file can ask, as stated and over draws."""
    stated = call.desk.read(asked.case)
    claim = question_of(stated, asked)
    case = replace(moved(stated, asked), claims=(claim,), brief=())
    found = answer_claim(claim, claims_model(case, claims=(claim,)))
    question = str(question_words(claim, Labels(case)))
    words = f"{question}: {show(found.value, kind_of(claim))}"
    values: dict[str, Any] = {"question": question, "value": found.value}
    if claim.scope is not None:
        values["unscoped"] = found.unscoped
    if not asked.draws:
        return ToolAnswer(words, values, case)
    drawn = run_study(case, asked.draws, asked.seed, progress=call.progress)
    verdict = drawn.verdicts()[0]
    values |= {"verdict": verdict, "failing": describe_failures(drawn)}
    return ToolAnswer(f"{words}\nOver draws: {verdict}", values, case, strongest_of(drawn))


def judge_claims(call: ToolCall, asked: ClaimsArguments) -> ToolAnswer:
    """Say how the model stands to the claims of a case, over draws."""
    case = call.desk.case(asked)
    if asked.claims:
        chosen = tuple(case.claim(name) for name in dict.fromkeys(asked.claims))
        for claim in chosen:
            if claim.ask is None:
                raise InputError(f"{claim.id} is not asked of the model: {claim.unasked}")
        case = replace(case, claims=chosen, brief=())
    drawn = run_study(case, asked.draws, asked.seed, progress=call.progress)
    with on_paper() as paper:
        print_study(drawn)
    values = {name: value for name, value in drawn.to_dict().items() if name not in _LONG}
    values["failing"] = describe_failures(drawn)
    values["drivers"] = {
        claim.id: [
            {"parameter": one.parameter, "rank_correlation": round(one.correlation, 3)}
            for one in drawn.drivers(claim.id)[:_MOST_DRIVERS]
        ]
        for claim in drawn.asked
    }
    return ToolAnswer(paper.getvalue(), values, case, strongest_of(drawn))


def price_deal(call: ToolCall, asked: DealsArguments) -> ToolAnswer:
    """Say what it would take to get a behaviour from an actor, and who would pay it."""
    case = call.desk.case(asked)
    terms: dict[str, Any] = {
        "given": asked.given or None, "also": asked.also, "horizon": asked.horizon,
        "probability": asked.probability, "concept": asked.concept,
    }  # fmt: skip
    if not asked.draws:
        stated = assess_deal(case.conflict(), asked.want, asked.of, asked.payer, **terms)
        return ToolAnswer(str(stated), stated, case)
    found = study_deal(
        case, asked.want, asked.of, asked.payer, asked.draws, asked.seed,
        progress=call.progress, **terms,
    )  # fmt: skip
    return ToolAnswer(f"{found.base}\n\n{found}", found, case)


def show_evidence(call: ToolCall, asked: EvidenceArguments) -> ToolAnswer:
    """Say what happened, or how the argument or the model did against it."""
    case, until = call.desk.case(asked), _day(asked.until)
    if asked.about == "record":
        known = observed_record(case, until)
        return ToolAnswer(
            f"{draw_timeline(known)}\n\n{list_rows(known)}", known, case, solved=False
        )
    if asked.about == "argument":
        drawn = asked.draws and run_study(case, asked.draws, asked.seed, progress=call.progress)
        scores = score_argument(case, drawn.verdicts() if drawn else ())
        return ToolAnswer(str(scores), scores, case, solved=bool(drawn))
    if until is None or asked.draws < 2:
        raise InputError("score needs until, the last day that may be known, and draws, 2 or more")
    made = blind_forecasts(case, [until], asked.draws, asked.seed, progress=call.progress)
    scored = score_forecasts(made, rng=asked.seed)
    return ToolAnswer(str(scored), scored, case)


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"until {text!r} is no day; write it as 2021-03-15") from None
