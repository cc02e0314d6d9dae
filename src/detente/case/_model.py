"""What a case says, as immutable values; the reader makes them, every later stage reads them.

Nothing here knows of files, YAML or pydantic. Formulas are already compiled against the names of
the case, so a ``Case`` that exists is a case whose names all resolve.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from detente.case._expectation import ExpectedAnswer
from detente.case._question import Arm, Question
from detente.case._variants import Correlation, Variant
from detente.expression import Formula, Namespace

if TYPE_CHECKING:
    from detente.conflict import Conflict
    from detente.deals import DealStudy
    from detente.study import Study

Distribution = Literal["fixed", "uniform", "loguniform", "normal", "triangular", "choices"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where something comes from."""

    id: str
    title: str
    author: str = ""
    date: dt.date | None = None
    publisher: str = ""
    address: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named number with the range in which honest people may disagree.

    ``low`` and ``high`` bound every distribution but ``fixed`` and ``choices``. ``mode`` is the
    peak of ``triangular`` and the centre of the truncated ``normal``, whose spread is ``sd``.
    """

    name: str
    value: float
    distribution: Distribution
    low: float
    high: float
    mode: float
    sd: float
    choices: tuple[float, ...]
    unit: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Option:
    """A lever that one actor controls.

    ``allowed[from][to]`` says which level changes are possible (the diagonal is always true).
    A change costs ``cost`` once (``flat``) or for each level stepped over (``step``).
    """

    actor: str
    name: str
    levels: tuple[str, ...]
    ordered: bool
    allowed: tuple[tuple[bool, ...], ...]
    cost_kind: Literal["step", "flat"]
    cost: Formula
    about: str = ""

    @property
    def full_name(self) -> str:
        """The name in formulas, ``actor.option``."""
        return f"{self.actor}.{self.name}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A variable that nobody controls; ``rates`` holds (from, to, jumps a year)."""

    name: str
    levels: tuple[str, ...]
    ordered: bool
    rates: tuple[tuple[int, int, Formula], ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something actors care about: a number computed from the state."""

    name: str
    formula: Formula
    about: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """Utility = sum of weight times issue; ``items`` holds (issue name, weight)."""

    items: tuple[tuple[str, Formula], ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """Prioritised statements, most important first."""

    formulas: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Groups of states, best first; a state belongs to the first group whose formula holds."""

    groups: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decides: its options, what it cares about, how often, how sharply, how patiently."""

    name: str
    title: str
    options: tuple[Option, ...]
    preference: Weights | Statements | Ranking
    rate: Formula
    precision: Formula
    discount: Formula
    about: str = ""


@dataclass(frozen=True, slots=True)
class Infeasible:
    """States that cannot be."""

    formula: Formula
    reason: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """An actor's own belief about parameters; values are formulas of the true parameters."""

    actor: str
    values: tuple[tuple[str, Formula], ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """How a claim turned out; ``outcome`` is None where it cannot be told."""

    outcome: bool | None
    by: dt.date | None
    evidence: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a claim stands: paragraph (from 1) and sentence hash, so that no sentence is copied."""

    source: str
    paragraph: int
    sentence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the argument, in our words, with the question it puts to the model.

    Exactly one of ``ask`` and ``unasked`` (the reason why it cannot be asked) is set.
    """

    id: str
    says: str
    where: Anchor | None
    words: str
    scale: str
    ask: Question | None
    unasked: str
    expect: ExpectedAnswer | None
    versus: Arm | None
    scope: Formula | None
    resolved: Resolved | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A row of the record: what is known of one option or condition, when, and from where.

    ===== ==============================================================================
    kind  what it says
    ===== ==============================================================================
    seen  at one of ``levels`` at the end of ``date``, and unchanged to the end of ``until``
    from  one change on one of the days ``date`` to ``until``, from a level not in
          ``levels`` to one in it; unchanged after it, up to the next ``from`` or ``gap``
    gap   nothing is known from the start of ``date`` to the end of ``until``; without
          ``until``, up to the next row
    ===== ==============================================================================

    ``levels`` holds (level index, weight); weights sum to one, and each is in proportion to how
    likely the evidence is at that level. Whatever no row speaks of is unknown.
    ``place`` is where the row stands, for messages.
    """

    date: dt.date
    variable: str
    levels: tuple[tuple[int, float], ...]
    source: str
    kind: Literal["seen", "from", "gap"] = "seen"
    until: dt.date | None = None
    confidence: str = ""
    note: str = ""
    place: str = field(default="", compare=False)

    @property
    def level(self) -> int | None:
        """The level of greatest weight; None in a gap."""
        return max(self.levels, key=lambda pair: pair[1])[0] if self.levels else None

    @property
    def first(self) -> int:
        """When the row begins to speak, in whole days: day n runs from n to n + 1."""
        return self.date.toordinal() + (self.kind == "seen")

    @property
    def last(self) -> int:
        """When the row ends to speak (a ``from`` goes on until another row ends it)."""
        if self.kind == "gap" and self.until is None:
            return self.first
        return (self.until or self.date).toordinal() + 1


@dataclass(frozen=True, repr=False)
class Case:
    """A conflict as an analyst states it, checked and ready to be compiled.

    Made by `detente.load`; see there for an example. ``brief`` lists the claims of the report's
    first page; ``phase`` names the variable to hold at each level and the one to watch; ``text`` is
    the case in one file, from which `detente.case.read_case` makes it again: a history kept
    in a table of its own stands in it as rows. ``sha256`` is the hash of that text.
    """

    name: str
    title: str
    question: str
    about: str
    since: dt.date | None
    start: dt.date | None
    end: dt.date | None
    sources: Mapping[str, Source]
    parameters: Mapping[str, Parameter]
    actors: tuple[Actor, ...]
    conditions: tuple[Condition, ...]
    infeasible: tuple[Infeasible, ...]
    issues: tuple[Issue, ...]
    views: tuple[View, ...]
    status_quo: Mapping[str, int]
    claims: tuple[Claim, ...]
    history: tuple[Observation, ...]
    brief: tuple[str, ...]
    phase: tuple[str, str] | None
    notes: Mapping[str, str]
    namespace: Namespace
    sha256: str
    path: str
    text: bytes
    correlations: tuple[Correlation, ...] = ()
    variants: tuple[Variant, ...] = ()

    def __str__(self) -> str:
        """Return a summary of a few lines."""
        asked = sum(claim.ask is not None for claim in self.claims)
        return (
            f"{self.title}\n  {', '.join(actor.title or actor.name for actor in self.actors)}\n"
            f"  {len(self.parameters)} parameters, {len(self.claims)} claims ({asked} asked), "
            f"{len(self.history)} observations"
        )

    def __repr__(self) -> str:
        """Return one line for a debugger."""
        return f"<Case {self.name}, {'x'.join(map(str, self.shape))} states>"

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each option, in the order of the actors, then of each condition."""
        sizes = [len(option.levels) for actor in self.actors for option in actor.options]
        return (*sizes, *(len(condition.levels) for condition in self.conditions))

    def claim(self, id: str) -> Claim:
        """Return the claim with this id (`KeyError` when there is none)."""
        return {claim.id: claim for claim in self.claims}[id]

    def conflict(self, **parameters: float) -> Conflict:
        """Compile the case at its stated parameter values, or at others given by name.

        See `detente.conflict.compile_case`. A dotted name goes in as ``**{"china.patience": 1}``.
        """
        from detente.conflict import compile_case

        return compile_case(self, parameters)

    def variant(self, *names: str) -> Case:
        """Return the case with variants at levels, each as ``variant.level``.

        See `detente.case._vary.apply_variants`.
        """
        from detente.case._vary import apply_variants

        return apply_variants(self, *names)

    def study(self, draws: int = 400, rng: Any = None, **options: Any) -> Study:
        """Answer every claim for many draws of the parameters; see `detente.study.run_study`."""
        from detente.study import run_study

        return run_study(self, draws, rng, **options)

    def deals(
        self, want: str, of: str, payer: str, draws: int = 400, rng: Any = None, **options: Any
    ) -> DealStudy:
        """Say what a behaviour would take, over many draws; see `detente.deals._deal_study`."""
        from detente.deals import study_deal

        return study_deal(self, want, of, payer, draws, rng, **options)
