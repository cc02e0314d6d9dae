"""The case format, version 1, as it stands in a file.

These models live at the file boundary only: they check shape and type of what was written, one
value at a time. What the values mean together is checked in `detente.case._checks`, which turns
them into the plain values of `detente.case._model`. The JSON Schema for editors and the
page of the format come from the same models, so they cannot drift apart.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from detente.case._bargaining_schema import BargainingForm
from detente.case._fields import (
    LIST_IS_SHORT,
    LONG,
    SCALAR_IS_SHORT,
    SHORT,
    ClaimId,
    Coding,
    Count,
    Date,
    Digest,
    Dotted,
    Expectation,
    Formula,
    Hash,
    Interval,
    Jump,
    Level,
    Line,
    Name,
    Number,
    Pair,
    Slug,
    Text,
    Truth,
    Version,
)
from detente.case._meant import WARNING_KINDS
from detente.case._part import Part, described
from detente.case._question import BargainingModel
from detente.case._variants_schema import CorrelationFile, VariantFile
from detente.case._words import Scale

VERSION = 1
"""The version of the format that this release reads."""


MOST_LEVELS = 200
"""The most levels that an option or condition may have."""


class ClockFile(Part):
    """The period that the case is about."""

    since: Date | None = described("First day of the history, if before the start.", default=None)
    start: Date = described("First day; time 0 of every forecast.")
    end: Date | None = described("Last day; it sets the horizon of paths.", default=None)


class SourceFile(Part):
    """A document or data set that something in the case comes from."""

    title: Line = described("Title.")
    author: Text = described("Who wrote it.", default="")
    date: Date | None = described("Day of publication.", default=None)
    publisher: Text = described("Who published it.", default="")
    address: Text = described("Where a reader finds it.", default="")
    note: Text = described("What a reader should know about it.", default="")


class ParameterFile(Part):
    """A named number, with the range in which honest people may disagree."""

    value: Number = described("The value used where a single one is wanted.")
    range: Interval | None = described("Lowest and highest value.", default=None)
    choices: Annotated[list[Number], Field(min_length=1)] | None = described(
        "The possible values, instead of a range.", default=None
    )
    distribution: Literal["uniform", "loguniform", "normal", "triangular"] = described(
        "How values are drawn from the range.", default="uniform"
    )
    mode: Number | None = described(
        "Peak of triangular, centre of normal; the value when left out.", default=None
    )
    sd: Number | None = described("Standard deviation of normal, before it is cut.", default=None)
    unit: Text = described("Unit.", default="")
    reason: Text = described("Why this value and this range.", default="")
    source: Text = described("The id of a source, or the word judgement.", default="")


class CostFile(Part):
    """Cost of changing an option: give one of the two."""

    step: Formula | None = described("For each level stepped over.", default=None)
    flat: Formula | None = described("For any change.", default=None)


Moves = Annotated[
    Annotated[Literal["any", "up", "down"], SHORT] | Annotated[list[Pair], LONG], SCALAR_IS_SHORT
]
Cost = Annotated[Annotated[Formula, SHORT] | Annotated[CostFile, LONG], SCALAR_IS_SHORT]


class OptionFile(Part):
    """A lever that one actor controls."""

    levels: Annotated[list[Level], Field(min_length=2, max_length=MOST_LEVELS)] = described(
        "Levels, lowest first."
    )
    ordered: Truth = described("Whether the levels have an order.", default=True)
    moves: Moves = described("Possible changes: any, up, down, or [from, to]s.", default="any")
    cost: Cost = described(
        "Of a change, once: for each level stepped over when ordered, else for any.", default="0"
    )
    about: Text = described("What the option is.", default="")


OptionForm = Annotated[
    Annotated[Annotated[list[Level], Field(min_length=2, max_length=MOST_LEVELS)], SHORT]
    | Annotated[OptionFile, LONG],
    LIST_IS_SHORT,
]


class PreferencesFile(Part):
    """What an actor cares about: give one of the three."""

    weights: Annotated[dict[Name, Formula], Field(min_length=1)] | None = described(
        "Issue to weight, a number or a formula of parameters.", default=None
    )
    statements: Annotated[list[Formula], Field(min_length=1)] | None = described(
        "Formulas that should hold, most important first.", default=None
    )
    ranking: Annotated[list[Formula], Field(min_length=1)] | None = described(
        "Groups of states as formulas, best first.", default=None
    )


class ActorFile(Part):
    """Someone who decides."""

    title: Line | None = described("Name in full.", default=None)
    about: Text = described("Who this is.", default="")
    rate: Formula = described(
        "Chances to move a year, on average: 12 is about one a month.", default="1"
    )
    precision: Formula = described(
        "How sharply it chooses the better move; it multiplies differences of value.", default="1"
    )
    discount: Formula = described(
        "Discount rate a year: 0.1 looks about ten years ahead.", default="0.1"
    )
    options: Annotated[dict[Name, OptionForm], Field(min_length=1)] = described("What it controls.")
    preferences: PreferencesFile = described("What it cares about.")


class ConditionFile(Part):
    """A variable that nobody controls."""

    levels: Annotated[list[Level], Field(min_length=2, max_length=MOST_LEVELS)] = described(
        "Levels, lowest first."
    )
    ordered: Truth = described("Whether the levels have an order.", default=True)
    rates: dict[Jump, Formula] = described(
        "Jumps a year, by `from -> to`; no jump where none is named.", default={}
    )
    about: Text = described("What the condition is.", default="")


class InfeasibleFile(Part):
    """States that cannot be."""

    when: Formula = described("True in the states that cannot be.")
    reason: Text = described("Why they cannot be.", default="")


class IssueFile(Part):
    """Something actors care about."""

    value: Formula = described("A formula of state, parameters and other issues.")
    about: Text = described("What the issue is.", default="")


InfeasibleForm = Annotated[
    Annotated[Formula, SHORT] | Annotated[InfeasibleFile, LONG], SCALAR_IS_SHORT
]
IssueForm = Annotated[Annotated[Formula, SHORT] | Annotated[IssueFile, LONG], SCALAR_IS_SHORT]


class ViewFile(Part):
    """What an actor believes about parameters, where it differs."""

    values: Annotated[dict[Dotted, Formula], Field(min_length=1)] = described(
        "Parameter to the value believed, a formula of the true parameters."
    )
    reason: Text = described("Why it believes so.", default="")


class WhereFile(Part):
    """Where a claim stands in its source."""

    source: Slug = described("The id of the source.")
    paragraph: Count = described("Number of the body paragraph.")
    sentence: Count = described("Number of the sentence in the paragraph.")
    hash: Hash = described("First 16 hex digits of the SHA-256 of the normalised sentence.")


Levels = Annotated[dict[Dotted, Level], Field(min_length=1)]
Start = Annotated[Annotated[Formula, SHORT] | Annotated[Levels, LONG], SCALAR_IS_SHORT]


class ArmFile(Part):
    """From where, and under which intervention, a question is asked."""

    given: Start | None = described(
        "Where to start: a formula, or levels that replace those of the status quo.", default=None
    )
    do: Levels | None = described("Options held at a level for the whole period.", default=None)
    set: Annotated[dict[Dotted, Number], Field(min_length=1)] | None = described(
        "Parameters set to a value, in every draw.", default=None
    )
    announced: Truth = described("Whether the actors know of it.", default=True)


Concept = Literal["nash", "gmr", "smr", "seq", "sseq", "sim"]


class AskFile(ArmFile):
    """The question that a claim puts to the model: give one of the eight measures."""

    probability: Formula | None = described(
        "How likely a query is: F[a, b], G[a, b] or U[a, b], in years from the start.",
        default=None,
    )
    expected: Formula | None = described("Value of a formula `at` a time.", default=None)
    average: Formula | None = described("Mean of a formula `over` the years from 0.", default=None)
    gain: Name | None = described(
        "Of this actor, when `levels` replace the start's; or of this party to the table of "
        "bargaining, by the exchanges made there.",
        default=None,
    )
    equilibrium: Formula | None = described("Whether it holds in an equilibrium.", default=None)
    possible: Formula | None = described("Whether moves and jumps lead there.", default=None)
    outcome: Name | None = described(
        "Where this issue of the table of bargaining is settled, on its scale.", default=None
    )
    exchange: Annotated[list[Name], Field(min_length=2, max_length=2)] | None = described(
        "Whether these two parties to the table of bargaining exchange positions.", default=None
    )
    at: Number | None = described("Years from the start, for expected.", default=None)
    over: Number | None = described("Years from the start, for average.", default=None)
    start: Start | None = described("The same as given, for gain.", default=None, alias="from")
    levels: Levels | None = described("What changes, for gain.", default=None)
    by: Literal["utility", "value", "exchange"] | None = described(
        "For gain: utility a year, equilibrium value, or exchanges of positions.", default=None
    )
    model: BargainingModel | None = described(
        "For outcome: the model of bargaining; compromise when left out.", default=None
    )
    issues: Annotated[list[Name], Field(min_length=1)] | None = described(
        "For exchange: what is traded in it. For gain by exchange: only exchanges of these count.",
        default=None,
    )
    concept: Concept | None = described("For equilibrium: the concept.", default=None)


class ResolvedFile(Part):
    """How a claim turned out."""

    outcome: Truth | None = described(
        "Whether what was asked about happened, even where the claim expected that it would not; "
        "of a difference or a worth, whether the claim was right; null where nobody can say."
    )
    by: Date | None = described("The day up to which it was judged.", default=None)
    evidence: list[Line] = described("What shows it.", default=[])
    note: Text = described("What a reader should know.", default="")


Expect = Annotated[Annotated[Expectation, SHORT] | Annotated[Interval, LONG], SCALAR_IS_SHORT]


class ClaimFile(Part):
    """A statement of the argument, in the analyst's words."""

    id: ClaimId = described("Short id, such as C1.")
    says: Line = described("The claim, in one sentence.")
    where: WhereFile | None = described("Where it stands in its source.", default=None)
    words: Text = described("The source's own words of likelihood.", default="")
    scale: Scale = described("The scale that gives the words an interval.", default="icd203")
    ask: AskFile | None = described("The question it puts to the model.", default=None)
    unasked: Line | None = described("Or why it cannot be put to the model.", default=None)
    versus: ArmFile | None = described("Second arm: the answer is the difference.", default=None)
    scope: Formula | None = described(
        "Formula while which the claim is meant to hold.", default=None, alias="while"
    )
    expect: Expect | None = described(
        "What it expects of the answer: [low, high], a bound such as '< 0.2', true, false, or "
        "words: the interval of the words above. Probabilities run from 0 to 1.",
        default=None,
    )
    resolved: ResolvedFile | None = described("How it turned out.", default=None)
    note: Text = described("What a reader should know.", default="")


class ObservationFile(Part):
    """A row of the record: what is known of an option or condition, when, and from where."""

    date: Date = described("The day, or the first of the days.")
    until: Date | None = described("The last of the days, where there are several.", default=None)
    variable: Dotted = described("The option, as actor.option, or condition.")
    level: Coding | None = described(
        "The level, or levels with weights such as managed:0.7|freefall:0.3.", default=None
    )
    kind: Literal["seen", "from", "gap"] = described(
        "seen: at this level on all these days; from: changed to it on one of these days, and "
        "stayed; gap: nothing is known of these days.",
        default="seen",
    )
    source: Slug = described("The id of the source.")
    confidence: Literal["high", "medium", "low"] | None = described(
        "How sure the analyst is; for readers, it weighs nothing.", default=None
    )
    note: Text = described("What was seen.", default="")


History = Annotated[
    Annotated[Line, SHORT] | Annotated[list[ObservationFile], LONG], SCALAR_IS_SHORT
]


Kind = Annotated[Line, WithJsonSchema({"enum": list(WARNING_KINDS)})]


class PhaseFile(Part):
    """The picture of one variable against another."""

    hold: Dotted = described("The variable held at each of its levels, actor.option or condition.")
    watch: Dotted = described("The variable that is watched then.")


class MeantFile(Part):
    """A warning that is meant, and why."""

    warning: Kind = described("The kind of warning, as it is printed.")
    of: Line = described("What it is about, as it is printed, such as claim C1.")
    reason: Line = described("Why it is meant.")


class DraftNoteFile(Part):
    """A program that drafted parts of the case, for the analyst to judge."""

    tool: Line = described("The program.")
    version: Line = described("Its version.")
    model: Text = described("The language model that it asked, if any.", default="")
    prompt_hash: Digest | None = described(
        "SHA-256 of the prompt that the model answered.", default=None
    )
    date: Date = described("The day of the draft.")
    drafted: Annotated[list[Name], Field(min_length=1)] = described(
        "The keys of the case that it wrote, such as claims."
    )


class CaseFile(Part):
    """A case for detente: who acts, what they want, what the argument claims."""

    detente: Version = described("Version of the format.")
    title: Line = described("Title of the case.")
    question: Text = described("The question the brief answers, in one sentence.", default="")
    about: Text = described("What the case is about.", default="")
    clock: ClockFile | None = described("The period.", default=None)
    sources: dict[Slug, SourceFile] = described("Sources by id.", default={})
    parameters: dict[Dotted, ParameterFile] = described("Parameters by name.", default={})
    correlations: list[CorrelationFile] = described("Parameters that go together.", default=[])
    variants: dict[Name, VariantFile] = described("Cases that differ in structure.", default={})
    actors: Annotated[dict[Name, ActorFile], Field(min_length=1)] = described("Actors by name.")
    conditions: dict[Name, ConditionFile] = described("Conditions by name.", default={})
    infeasible: list[InfeasibleForm] = described("States that cannot be.", default=[])
    issues: dict[Name, IssueForm] = described("Issues by name.", default={})
    views: dict[Name, ViewFile] = described("Views by actor.", default={})
    status_quo: dict[Dotted, Level] = described("The level of every option and condition today.")
    claims: list[ClaimFile] = described("Claims of the argument.", default=[])
    history: History = described(
        "What happened: rows, or the name of a CSV file beside the case file.", default=[]
    )
    bargaining: BargainingForm | None = described(
        "What is bargained over, or the name of a CSV file beside the case file with its table.",
        default=None,
    )
    brief: Annotated[list[ClaimId], Field(max_length=5)] = described(
        "Claims on the first page, up to five.", default=[]
    )
    phase: PhaseFile | None = described("Which variable against which.", default=None)
    meant: list[MeantFile] = described("Warnings that are meant, and why.", default=[])
    drafted_by: list[DraftNoteFile] = described("Programs that drafted parts of it.", default=[])
    notes: dict[Line, Text] = described("Notes for the appendix, by key.", default={})
