"""What a call of a tool may say: one model a tool, from which its schema is made.

Everything is bounded and of one type; nothing else is taken. What is wrong is said with the name of
the argument, what it was, and what it should be. Cost: linear in the call.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from detente.case import BargainingModel
from detente.errors import InputError
from detente.text import fit_to_print, hidden_character, quote, suggestion

MOST_DRAWS = 1000
FEW_DRAWS = 40
"""Draws of an answer, where a call does not say how many."""
LONGEST_CASE = 2**20
"""Characters of a case, as the reader takes them in bytes."""


def _visible(text: str) -> str:
    hidden = hidden_character(text)
    if hidden:
        raise ValueError(f"{hidden[1]}; take it out")
    return text


Word = Annotated[str, Field(max_length=200), AfterValidator(_visible)]
Formula = Annotated[str, Field(max_length=4000), AfterValidator(_visible)]
Levels = Annotated[dict[Word, Word], Field(max_length=100)]
Numbers = Annotated[dict[Word, Annotated[float, Field(allow_inf_nan=False)]], Field(max_length=100)]
Concept = Literal["nash", "gmr", "smr", "seq", "sseq", "sim"]
Years = Annotated[float, Field(ge=0.0, le=1000.0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
CaseName = Annotated[str, Field(max_length=1024), AfterValidator(_visible)]
CaseText = Annotated[str, Field(max_length=LONGEST_CASE)]
"""Hidden characters are for the reader of cases to refuse, with line and column."""

_CASE = (
    "A built-in case by name (peninsula, market, sanctions, chicken), or a case file of the folder "
    "by its relative path, such as dams/nile.yaml. `describe` without a case lists them."
)
_GIVEN = (
    "Where to start: levels that replace today's, as {name: level}, or a formula of the state; "
    "today by default."
)
_DO = "Options or conditions held at a level for the whole period, as {name: level}."
_SET = "Parameters set to a value, in all draws, as {name: number}."


class Arguments(BaseModel):
    """Arguments of a tool: strict, and no others."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OfCase(Arguments):
    """What every question about a case can say."""

    case: CaseName = Field(description=_CASE)
    set: Numbers = Field(default={}, description=_SET)
    variants: list[Word] = Field(
        default=[], max_length=20, description="Variants of the case, each as variant.level."
    )


class OverDraws(OfCase):
    """A question that is answered over draws of the parameters, too."""

    draws: int = Field(
        default=FEW_DRAWS,
        ge=0,
        le=MOST_DRAWS,
        description="Draws of the parameters within their ranges; 0 answers as stated only. More "
        "take longer: a few hundredths of a second each in a small case, a third in a large one.",
    )
    seed: int = Field(default=1, ge=0, lt=2**63, description="Of the draws.")


class CheckArguments(Arguments):
    """A case to check: by name, or as the text of a file."""

    case: CaseName = Field(default="", description=_CASE)
    text: CaseText = Field(
        default="",
        description="Or the YAML text of a case that is being written; nothing is saved.",
    )
    quick: bool = Field(
        default=False, description="Leave out the warnings that need a solution of the model."
    )


class DescribeArguments(Arguments):
    """A case to describe."""

    case: CaseName = Field(default="", description=f"{_CASE} Left out: lists the cases.")


class StabilityArguments(OfCase):
    """Which states are stable."""

    concepts: list[Concept] = Field(
        default=["nash", "seq"],
        min_length=1,
        max_length=6,
        description="Concepts of stability of the graph model for conflict resolution.",
    )


class ExplainArguments(OfCase):
    """Why a state is stable, or why an answer is what it is: one of the two."""

    state: Literal["today"] | Levels | None = Field(
        default=None,
        description="Why this state is stable for each actor, or is not: today, or levels that "
        "differ from today's as {name: level}.",
    )
    concept: Concept = Field(default="seq", description="Of stability, with state.")
    what: Formula = Field(
        default="",
        description="Or why this answer is what it is: the id of a claim, or a query such as "
        "F[0, 5] us.offer == large.",
    )
    given: Formula | Levels = Field(default={}, description=f"With a query. {_GIVEN}")
    do: Levels = Field(default={}, description=f"With a query. {_DO}")
    announced: bool = Field(default=True, description="With do: whether the actors know of it.")
    flips: bool = Field(
        default=True,
        description="With what: also look for what the answer turns on and the nearest change that "
        "flips the verdict; takes many solutions of the model.",
    )


class ForecastArguments(OverDraws):
    """What happens next."""

    queries: list[Formula] = Field(
        default=[],
        max_length=20,
        description="Events whose probability is asked, in years from the start: F[0, 5] "
        "us.offer > none (at some time within 5 years), G[0, 5] ... (throughout), "
        "left U[0, 5] right (until).",
    )
    years: Years | None = Field(default=None, description="Years ahead; the case's, or 5.")
    given: Formula | Levels = Field(default={}, description=_GIVEN)
    do: Levels = Field(default={}, description=_DO)
    announced: bool = Field(default=True, description="Whether the actors know of do.")


class ArmOfAsk(Arguments):
    """From where and under which intervention the second arm is asked."""

    given: Formula | Levels | None = Field(default=None, description=_GIVEN)
    do: Levels | None = Field(default=None, description=_DO)
    set: Numbers | None = Field(default=None, description=_SET)
    announced: bool | None = Field(default=None, description="Whether the actors know; true.")


class QuestionOfAsk(ArmOfAsk):
    """One question of the case format: give exactly one of the eight measures."""

    probability: Formula | None = Field(
        default=None, description="How likely a query is: F[a, b] formula, G[a, b] formula, U."
    )
    expected: Formula | None = Field(default=None, description="Value of a formula `at` a time.")
    average: Formula | None = Field(
        default=None, description="Mean of a formula `over` the years from 0."
    )
    gain: Word | None = Field(
        default=None,
        description="What this actor gains when `levels` replace the start's; or this party to the "
        "table of bargaining, by: exchange.",
    )
    equilibrium: Formula | None = Field(
        default=None, description="Whether (1 or 0) a state with this formula is an equilibrium."
    )
    possible: Formula | None = Field(
        default=None, description="Whether (1 or 0) moves and jumps lead to this formula."
    )
    outcome: Word | None = Field(
        default=None,
        description="Where this issue of the table of bargaining is settled, on its scale.",
    )
    exchange: Annotated[list[Word], Field(min_length=2, max_length=2)] | None = Field(
        default=None,
        description="Whether (1 or 0) these two parties to the table of bargaining exchange "
        "positions.",
    )
    at: Years | None = Field(default=None, description="Years from the start, for expected.")
    over: Years | None = Field(default=None, description="Years from the start, for average.")
    levels: Levels | None = Field(default=None, description="What changes, for gain.")
    by: Literal["utility", "value", "exchange"] | None = Field(
        default=None,
        description="For gain: utility a year, equilibrium value, or exchanges of positions.",
    )
    model: BargainingModel | None = Field(
        default=None, description="For outcome: the model of bargaining; compromise by default."
    )
    issues: Annotated[list[Word], Field(min_length=1, max_length=20)] | None = Field(
        default=None,
        description="For exchange: what is traded in it. For gain by exchange: only exchanges of "
        "these count.",
    )
    concept: Concept | None = Field(default=None, description="For equilibrium; seq by default.")


class AskArguments(OverDraws):
    """Any question that a case file can ask."""

    ask: QuestionOfAsk = Field(
        description="The question, as under `ask` in a case file, with given, do and set."
    )
    versus: ArmOfAsk | None = Field(
        default=None, description="A second arm: the answer is the first less this one."
    )
    scope: Formula | None = Field(
        default=None, alias="while", description="Answer given that this formula holds throughout."
    )
    expect: Formula | Annotated[list[float], Field(min_length=2, max_length=2)] | bool | None = (
        Field(
            default=None,
            description="What is expected, to get a verdict: [low, high], '< 0.2', true or false.",
        )
    )


class ClaimsArguments(OverDraws):
    """How the model stands to the claims of a case."""

    draws: int = Field(
        default=FEW_DRAWS,
        ge=1,
        le=MOST_DRAWS,
        description="Draws of the parameters within their ranges.",
    )
    claims: list[Word] = Field(
        default=[], max_length=200, description="Ids of the claims; all that are asked by default."
    )


class DealsArguments(OverDraws):
    """What it would take to get a behaviour."""

    draws: int = Field(
        default=10,
        ge=0,
        le=MOST_DRAWS,
        description="Draws of the parameters; each takes about a second in a large case. 0 answers "
        "as stated only.",
    )
    want: Formula = Field(description="The wanted behaviour, such as target.programme >= frozen.")
    payer: Word = Field(description="The actor who pays.")
    of: Word = Field(alias="from", description="The actor who must change.")
    given: Levels = Field(default={}, description="Levels that replace today's at the start.")
    also: list[Formula] = Field(
        default=[], max_length=10, description="More formulas: how likely without a deal?"
    )
    horizon: Years = Field(default=5.0, description="Years.")
    probability: Share = Field(default=0.8, description="What counts as likely enough.")
    concept: Concept = Field(default="seq", description="Of stability.")


class EvidenceArguments(OverDraws):
    """What happened, and how the argument and the model did."""

    about: Literal["record", "argument", "score"] = Field(
        default="record",
        description="record: what is known of each variable, and when. argument: scores of the "
        "argument's own worded forecasts. score: blind forecasts of the model from `until`, scored "
        "against what came after, beside baselines that know no strategy.",
    )
    until: Day | None = Field(default=None, description="The last day that may be known.")


class SaveArguments(Arguments):
    """A case to save."""

    name: CaseName = Field(
        description="Name of the file in the folder for writing, ending in .yaml; no folders above."
    )
    text: CaseText = Field(description="The YAML text; saved only where it is a sound case.")
    overwrite: bool = Field(default=False, description="Replace a file of that name.")


Model = TypeVar("Model", bound=Arguments)


def read_arguments(kind: type[Model], given: Mapping[str, Any]) -> Model:
    """Read the arguments of a call.

    Raises
    ------
    InputError
        With everything that is wrong, a line for each.

    Examples
    --------
    >>> read_arguments(StabilityArguments, {"case": "chicken"}).concepts
    ['nash', 'seq']
    >>> read_arguments(StabilityArguments, {"case": "chicken", "concept": "seq"})
    Traceback (most recent call last):
    detente.errors.InputError: concept is no argument of this tool; did you mean 'concepts'?
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        lines = list(dict.fromkeys(_complaint(kind, dict(one)) for one in found[:10]))
        raise InputError("\n".join(lines)) from None


def _complaint(kind: type[Arguments], error: Mapping[str, Any]) -> str:
    names = {field.alias or name: field for name, field in kind.model_fields.items()}
    place = [str(part) for part in error["loc"]]
    where, top = fit_to_print(".".join(place[:3])[:200]), place[0] if place else ""
    if error["type"] == "extra_forbidden":
        if len(place) == 1:
            return f"{where} is no argument of this tool; {suggestion(top, names, 'argument')}"
        if place[-1] in names:
            return f"{where} is not known; {place[-1]} is an argument of its own, beside {top}"
        return f"{where} is not known; take it out"
    about = (names[top].description or "") if top in names else ""
    if error["type"] == "missing":
        return f"{where} is missing; give it: {about}"
    message = error["msg"].removeprefix("Value error, ").replace("Input should", "it should", 1)
    message = re.sub(r"valid dictionary( or instance of \w+)?", "mapping", message)
    was = fit_to_print(quote(str(error["input"])[:100]))
    return f"{where} is {was}: {message}; {about}"


def schema_of(kind: type[Arguments]) -> dict[str, Any]:
    """Return the JSON schema of a tool's arguments, without the titles that say nothing new.

    Examples
    --------
    >>> sorted(schema_of(DescribeArguments)["properties"])
    ['case']
    """
    return {**_untitled(kind.model_json_schema()), "additionalProperties": False}


def _untitled(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_untitled(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _untitled(value)
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str))
    }
