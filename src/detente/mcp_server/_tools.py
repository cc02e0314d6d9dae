"""The tools: what each is called, what it is for, what it takes, and what answers it.

Descriptions are written for a reader who has no manual: what a question means, which words the
answers use, and what they do not say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from detente.mcp_server import _arguments as arguments
from detente.mcp_server._case_tools import check_case, describe_case, save_case
from detente.mcp_server._desk import ToolCall
from detente.mcp_server._draw_tools import ask_model, judge_claims, price_deal, show_evidence
from detente.mcp_server._state_tools import explain_why, forecast_case, stable_states
from detente.mcp_server._tool_answer import ToolAnswer

INSTRUCTIONS = """\
detente holds models of conflicts, called cases: actors with options, conditions that nobody
controls, parameters with ranges, and the claims of a published argument. These tools answer
questions about a case; begin with `describe`. Names of options are actor.option, as in us.offer;
formulas compare them with levels, as in us.offer >= small and rain == wet; queries add time in
years, as in F[0, 5] us.offer > none. An answer says what the model implies under the assumptions
of the case, not what is true. Say what it rests on when you pass it on, with its range over draws.
Draws span the stated ranges of the parameters: a share of draws is no probability."""


@dataclass(frozen=True)
class CaseTool:
    """One tool.

    Attributes
    ----------
    name, title, about : str
    takes : type
        The model of its arguments.
    answer : callable
        Takes a call and its arguments.
    writes : bool
    """

    name: str
    title: str
    about: str
    takes: type[arguments.Arguments]
    answer: Callable[[ToolCall, Any], ToolAnswer]
    writes: bool = False


TOOLS = (
    CaseTool(
        "describe",
        "Describe a case",
        "What stands in a case: actors and their options with today's levels, conditions, issues, "
        "parameters with ranges and where they come from, variants, claims with what each asks and "
        "expects, sources. Without a case: which cases there are. Call it first: it gives the "
        "names that formulas use.",
        arguments.DescribeArguments,
        describe_case,
    ),
    CaseTool(
        "check",
        "Check a case",
        "Everything that is wrong with a case file, by line and column, each with a remedy; in a "
        "sound case, warnings about what may not be meant. Takes a case by name, or the text of "
        "one that is being written.",
        arguments.CheckArguments,
        check_case,
    ),
    CaseTool(
        "stability",
        "Which states are stable",
        "Which states are stable for whom, and the equilibria (stable for every actor), under "
        "concepts of the graph model: nash looks one's own move ahead; gmr and smr fear any "
        "reply; seq and sseq fear replies that are improvements for whoever replies; sim takes "
        "moves at the same moment. Rests on preferences at the stated values, not on time.",
        arguments.StabilityArguments,
        stable_states,
    ),
    CaseTool(
        "explain",
        "Why a state is stable, or an answer what it is",
        "With state: for each actor, which improvements it has from there and which reply deters "
        "each. With what (a claim's id or a query): who carries the answer, what they gain, which "
        "parameters it turns on, and the nearest change of assumptions that flips the verdict.",
        arguments.ExplainArguments,
        explain_why,
    ),
    CaseTool(
        "forecast",
        "What happens next",
        "Where each option and condition is expected to be over the years, and how likely each "
        "query is, at the stated values and over draws of the parameters.",
        arguments.ForecastArguments,
        forecast_case,
    ),
    CaseTool(
        "ask",
        "Ask anything of a case",
        "Any question of the case format: probability of a query, expected value of a formula, "
        "its average, an actor's gain, whether a state is an equilibrium, whether it is possible; "
        "each from a given start, with options held (do) and parameters set, less a second arm "
        "(versus), while a formula holds. Answers at the stated values and with median, 50 and "
        "90 % ranges over draws; with expect, also how the answers stand to it: agrees, stronger, "
        "weaker, contradicts, or open.",
        arguments.AskArguments,
        ask_model,
    ),
    CaseTool(
        "claims",
        "How the model stands to the claims",
        "The verdict on each claim of the argument over draws: agrees, stronger, weaker or "
        "contradicts where more than half of the draws stand, else open; median, ranges, how many "
        "draws stand where, and which parameters move the answer most.",
        arguments.ClaimsArguments,
        judge_claims,
    ),
    CaseTool(
        "deals",
        "What it would take",
        "The least offer by a payer at which a wanted behaviour of another actor becomes stable "
        "or likely enough within a horizon; the most the payer would give; whether the two "
        "overlap; who gains and loses; linked deals.",
        arguments.DealsArguments,
        price_deal,
    ),
    CaseTool(
        "evidence",
        "What happened",
        "The dated record of a case, the scores of the argument's own worded forecasts, or a blind "
        "forecast of the model scored beside baselines that know no strategy.",
        arguments.EvidenceArguments,
        show_evidence,
    ),
    CaseTool(
        "save_case",
        "Save a case",
        "Save the text of a sound case as a file in the folder for writing. A file that is there "
        "is replaced only with overwrite. Check the text first.",
        arguments.SaveArguments,
        save_case,
        writes=True,
    ),
)


def tools_for(writing: bool) -> dict[str, CaseTool]:
    """Return the tools by name; those that write only where that is allowed.

    Examples
    --------
    >>> "save_case" in tools_for(writing=False), "check" in tools_for(writing=False)
    (False, True)
    """
    return {tool.name: tool for tool in TOOLS if writing or not tool.writes}
