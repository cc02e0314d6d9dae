"""One question of the page "Ask": what was filled in, as a value, command, Python, and an answer.

A question is asked at the page's setting: its variants and parameters, what it holds beside what
the question itself holds (which wins), and its today where the question does not start elsewhere.
The equilibrium of the unchanged world is remembered per setting. Cost: an equilibrium a world, some
milliseconds a query after that.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from detente.case import Case, Labels
from detente.equilibrium import Equilibrium, intervene
from detente.errors import InputError
from detente.explanation import arm_of, explain_answer
from detente.expression import compile_query
from detente.forecast import ExpectedTime, Probability
from detente.text import precise, show, suggestion
from detente.workbench._bench import Scene
from detente.workbench._present import moved_levels
from detente.workbench._query_words import formula_words, levels_words, query_words

CardKind = Literal["likely", "when", "compare", "deal"]

MOST_DRAWS = 2_000
_LEVELS = re.compile(r"\s*[\w.]+\s*=\s*\w+\s*(,\s*[\w.]+\s*=\s*\w+\s*)*")
_YEARS = (1.0, 2.0, 5.0, 10.0, 20.0)


@dataclass(frozen=True)
class CardQuestion:
    """A question as filled in.

    Attributes
    ----------
    kind : {"likely", "when", "compare", "deal"}
    text : str
        A query; for ``when`` and ``deal`` a formula.
    given, scope : str
        Where to start (levels as ``tension=high``, or a formula), and what must hold throughout.
    held : mapping of str to str
        Held at a level beside what the setting holds.
    announced : bool
    of, payer : str
        Of a deal: who must change, and who pays.
    horizon, probability : float
    concept : str
    draws : int
        Draws after the stated answer of a deal.

    Examples
    --------
    >>> CardQuestion.parse({"kind": "when", "query": "tension == high"}).text
    'tension == high'
    """

    kind: CardKind
    text: str
    given: str = ""
    scope: str = ""
    held: Mapping[str, str] = field(default_factory=dict)
    announced: bool = True
    of: str = ""
    payer: str = ""
    horizon: float = 5.0
    probability: float = 0.8
    concept: str = "seq"
    draws: int = 0

    @classmethod
    def parse(cls, words: Mapping[str, Any]) -> CardQuestion:
        """Read a question from the fields of its form.

        Raises
        ------
        InputError
            Naming the field.
        """
        text = {name: str(value).strip() for name, value in words.items()}
        kind = text.get("kind", "likely")
        if kind not in get_args(CardKind):
            raise InputError(f"kind: {kind!r}; {suggestion(kind, get_args(CardKind), 'question')}")
        hold, level = text.get("hold", ""), text.get("level", "")
        if hold and not level:
            raise InputError(f"hold {hold}: choose the level at which it is held")
        if kind == "compare" and not hold:
            raise InputError("hold: choose what is held, to compare with not holding it")
        return cls(
            kind=cast(CardKind, kind),
            text=text.get("query", ""),
            given=text.get("given", ""),
            scope=text.get("while", "") if kind in {"likely", "compare"} else "",
            held={hold: level} if hold and kind != "deal" else {},
            announced=not text.get("unannounced"),
            of=text.get("of", ""),
            payer=text.get("payer", ""),
            horizon=_number(text, "horizon", 5.0),
            probability=_number(text, "probability", 0.8),
            concept=text.get("concept") or "seq",
            draws=min(max(round(_number(text, "draws", 0.0)), 0), MOST_DRAWS),
        )


def _number(words: Mapping[str, str], name: str, default: float) -> float:
    text = words.get(name, "")
    try:
        number = float(text) if text else default
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{name}: {text!r} is not a number; give one, such as {precise(default)}")
    return number


class Asked:
    """A question at a setting."""

    def __init__(self, question: CardQuestion, scene: Scene) -> None:
        self._scene = scene
        self.question = question
        self.setting = scene.setting
        self.case: Case = scene.base.variant(*self.setting.variants).set(self.setting.parameters)
        base: Mapping[str, str] = self.setting.held
        self.base: dict[str, str] = dict(base)
        self.held: dict[str, str] = {**base, **question.held}
        own = bool(question.held)
        self.announced = question.announced if own else self.setting.announced
        self.during = self.setting.during if self.held else None

    @property
    def start(self) -> dict[str, str] | str | None:
        """Where to start: levels that differ from the case's, a formula, or None."""
        given, today = self.question.given, moved_levels(self.case, self._scene.case)
        if _LEVELS.fullmatch(given):
            pairs = (entry.split("=") for entry in given.split(","))
            return {**today, **{name.strip(): level.strip() for name, level in pairs}}
        return given or today or None

    @property
    def levels(self) -> dict[str, str] | None:
        """The start of a deal, which is a state."""
        if isinstance(self.start, str):
            raise InputError(
                f"from {self.start!r}: a deal starts from a state; write levels, as in tension=high"
            )
        return self.start

    def equilibrium(self) -> Equilibrium:
        """Return the equilibrium without anything held."""
        return self._scene.model.equilibrium

    def probability(self, held: Mapping[str, str], announced: bool) -> Probability:
        """Return the probability of the query with some levels held."""
        return self.equilibrium().probability(
            self.question.text, self.start, scope=self.question.scope or None, do=held or None,
            announced=announced, during=self.during if held else None,
        )  # fmt: skip

    def compare(self) -> tuple[Probability, Probability, str]:
        """Return the probability with and without what the question holds, and the difference."""
        held = self.probability(self.held, self.announced)
        free = self.probability(self.base, self.setting.announced)
        return held, free, show(held.value - free.value, "points")

    def when(self) -> tuple[ExpectedTime, list[tuple[str, str]]]:
        """Return the expected years until the formula, and how likely it is within some years."""
        if self.during is not None:
            raise InputError("what is held for a period is for queries only; hold it for good")
        world = intervene(self.equilibrium(), self.held or None, None, self.announced)
        found = world.expected_time(self.question.text, self.start)
        within = [
            world.probability(f"F[0, {precise(years)}] ({self.question.text})", self.start)
            for years in _YEARS
        ]
        return found, [
            (precise(years), show(p.value, "tenths"))
            for years, p in zip(_YEARS, within, strict=True)
        ]

    def words(self, names: Labels) -> str:
        """Return what is asked, in words."""
        q = self.question
        if q.kind in _QUERIES:
            said = query_words(compile_query(q.text, self.case.namespace), names)
        else:
            said = formula_words(q.text, names)
        if q.held:
            said += f", holding {levels_words(q.held, names)}"
            said += "" if q.announced else ", of which the actors do not know"
        if _LEVELS.fullmatch(q.given):
            pairs = (entry.partition("=") for entry in q.given.split(","))
            given = {name.strip(): level.strip() for name, _, level in pairs}
            said += f", starting with {levels_words(given, names)}"
        elif q.given:
            said += f", starting where {formula_words(q.given, names)}"
        return f"{said}, while {formula_words(q.scope, names)}" if q.scope else said

    def why(self) -> tuple[str, ...]:
        """Return who carries the answer and why, in sentences; none where that is not told."""
        if self.question.scope or self.during is not None or self.question.kind not in _QUERIES:
            return ()
        arm = arm_of(self.case, self.start, self.held or None, self.announced)
        return explain_answer(self.case, self.question.text, arm=arm, search=False).sentences

    def commands(self) -> tuple[str, ...]:
        """Return the command lines that give the same answers."""
        q = self.question
        if q.kind == "deal":
            words = [
                "detente", "deals", self.setting.case, "--want", q.text, "--from", q.of,
                "--payer", q.payer, "--horizon", precise(q.horizon),
                "--probability", precise(q.probability), "--concept", q.concept,
                "--draws", str(q.draws),
            ]  # fmt: skip
            return (shlex.join([*words, *self._given(), *self._changed()]),)
        asked = ["--until", q.text] if q.kind == "when" else [q.text]
        words = ["detente", "forecast", self.setting.case, *asked]
        words += ["--while", q.scope] if q.scope else []
        arms = [(self.held, self.announced)]
        if q.kind == "compare":
            arms.append((self.base, self.setting.announced))
        return tuple(
            shlex.join([*words, *self._given(), *self._held(*arm), *self._changed()])
            for arm in arms
        )

    def python(self) -> str:
        """Return the same in Python."""
        q, changes = self.question, ""
        if self.setting.variants:
            changes += f".variant({', '.join(map(repr, self.setting.variants))})"
        if self.setting.parameters:
            changes += f".set({dict(self.setting.parameters)!r})"
        lines = ["import detente", "", f"case = detente.load({self.setting.case!r}){changes}"]
        start = "" if self.start is None else f", {self.start!r}"
        if q.kind == "deal":
            given = "" if self.start is None else f", given={self.start!r}"
            lines.insert(1, "from detente.deals import study_deal")
            lines.append(
                f"print(study_deal(case, {q.text!r}, {q.of!r}, {q.payer!r}, {q.draws}, 1{given}, "
                f"horizon={q.horizon!r}, probability={q.probability!r}, concept={q.concept!r}))"
            )
            return "\n".join(lines)
        lines.append("base = case.conflict().equilibrium()")
        if q.kind == "when":
            world = "base"
            if self.held:
                lines.insert(1, "from detente.equilibrium import intervene")
                world = f"intervene(base, {self.held!r}, announced={self.announced})"
            return "\n".join([*lines, f"print({world}.expected_time({q.text!r}{start}))"])
        arms = [(self.held, self.announced)]
        if q.kind == "compare":
            arms.append((self.base, self.setting.announced))
        for held, announced in arms:
            options = f", scope={q.scope!r}" if q.scope else ""
            options += f", do={held!r}" if held else ""
            options += "" if announced or not held else ", announced=False"
            options += f", during={self.during!r}" if held and self.during else ""
            lines.append(f"print(base.probability({q.text!r}{start}{options}))")
        return "\n".join(lines)

    def _given(self) -> list[str]:
        if isinstance(self.start, str):
            return ["--given", self.start]
        levels = self.start or {}
        return [word for name, level in levels.items() for word in ("--given", f"{name}={level}")]

    def _held(self, held: Mapping[str, str], announced: bool) -> list[str]:
        words = [word for name, level in held.items() for word in ("--do", f"{name}={level}")]
        if held and not announced:
            words.append("--unannounced")
        if held and self.during is not None:
            words += ["--during", ",".join(map(precise, self.during))]
        return words

    def _changed(self) -> list[str]:
        values = self.setting.parameters.items()
        words = [word for name, value in values for word in ("--set", f"{name}={value!r}")]
        return words + [word for name in self.setting.variants for word in ("--variant", name)]


_QUERIES = {"likely", "compare"}
