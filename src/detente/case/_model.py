"""The parts of a case, as immutable values; the reader makes them, every later stage reads them.

Nothing here knows of files, YAML or pydantic. Formulas are already compiled against the names of
the case.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from detente.case._expectation import ExpectedAnswer
from detente.case._question import Arm, Question
from detente.expression import Formula
from detente.text import day, listed

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
class DraftNote:
    """Which program drafted which parts of a case, after which prompt, and when.

    ``model`` and ``prompt_hash``, the SHA-256 of the prompt, are empty where no language model was
    asked.
    """

    tool: str
    version: str
    model: str
    prompt_hash: str
    date: dt.date
    drafted: tuple[str, ...]

    @property
    def text(self) -> str:
        """The note as a sentence."""
        asked = f" with {self.model}" if self.model else ""
        prompt = f", prompt {self.prompt_hash[:16]}" if self.prompt_hash else ""
        parts = listed(list(self.drafted))
        return (
            f"{self.tool} {self.version}{asked} drafted {parts} on {day(self.date)}{prompt}; "
            "a draft is for the analyst to judge."
        )


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
    """How a claim turned out; ``outcome`` is None where nobody can say.

    Of an event it says whether that happened, even where the claim expected that it would not.
    """

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
