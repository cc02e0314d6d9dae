"""What the dialogue asks, in order: the case, who acts, what nobody controls, what is at stake.

A generator of questions, which is sent what each answer means and returns the case as plain values
by the keys of the format. Weights and rates become parameters with a wide range, named as
judgement, since nobody who is asked on the spot can argue for a number.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Generator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

from detente.errors import InputError
from detente.templates._claims_interview import ask_claims
from detente.templates._question import (
    Called,
    DialogueQuestion,
    accepted_by,
    as_written,
    called_in_formulas,
    read_choice,
    read_names,
    read_number,
)

Interview = Generator[DialogueQuestion, Any, None]
CaseValues = dict[str, Any]
"""A case by the keys of the format."""

_MOST = {"actor": 8, "option": 6, "level": 10, "condition": 6, "issue": 12}
_DAYS = 365.25
_ASKED = "What happens next, and what would change it?"


def interview(title: str, start: dt.date) -> Generator[DialogueQuestion, Any, CaseValues]:
    """Ask for a case; the value returned is the case."""
    case: CaseValues = {
        "detente": 1, "title": title, "question": "", "clock": {}, "parameters": {}, "actors": {},
        "conditions": {}, "issues": {}, "status_quo": {}, "claims": [],
    }  # fmt: skip
    levels: dict[str, tuple[Called, ...]] = {}
    yield from _ask_frame(case, start)
    yield from _ask_actors(case, levels)
    yield from _ask_conditions(case, levels)
    yield from _ask_issues(case, levels)
    yield from _ask_weights(case)
    for name, known in levels.items():
        case["status_quo"][name] = yield DialogueQuestion(
            "Today",
            f"{name}: where does it stand today, {' or '.join(one.title for one in known)}?",
            partial(read_choice, choices=known, what="level"),
            default=known[0].title,
        )
    yield from ask_claims(case, levels)
    return case


def _ask_frame(case: CaseValues, start: dt.date) -> Interview:
    part = "The case"

    def text(key: str) -> Callable[[str], str]:
        def read(answer: str) -> str:
            accepted_by(case, {key: answer})
            return answer

        return read

    case["title"] = yield DialogueQuestion(
        part, "What is the case called?", text("title"), default=case["title"]
    )
    case["question"] = yield DialogueQuestion(
        part, "Which question should it answer?", text("question"), default=_ASKED
    )
    years = yield DialogueQuestion(
        part, "How many years ahead does it look?", partial(read_number, least=0.1, most=100),
        default="5",
    )  # fmt: skip
    last = start + dt.timedelta(days=math.floor(years * _DAYS + 0.5) - 1)
    case["clock"] = {"start": start, "end": last}
    case["parameters"] = {
        "choice.sharpness": {
            "value": 3, "range": [1.5, 6], "distribution": "loguniform",
            "reason": "How sharply everybody tells better from worse.", "source": "judgement",
        },
        "choice.effort": {
            "value": 0.1, "range": [0.05, 0.2], "distribution": "loguniform",
            "reason": "What a step of any option costs, once.", "source": "judgement",
        },
    }  # fmt: skip


def _ask_actors(case: CaseValues, levels: dict[str, tuple[Called, ...]]) -> Interview:
    part = "Who acts"

    def with_actors(names: tuple[Called, ...]) -> Mapping[str, Any]:
        bare = {"rate": 2, "precision": "choice.sharpness", "options": {}}
        return {"actors": {one.name: {"title": one.title, **bare} for one in names}}

    actors = yield _names_question(
        case, part, "actor", "Who decides? Name the actors, with commas between them.",
        "Upper state, Lower state", with_actors,
    )  # fmt: skip
    case.update(with_actors(actors))
    for actor in actors:
        body = case["actors"][actor.name]

        def with_options(
            names: tuple[Called, ...], actor: Called = actor, body: CaseValues = body
        ) -> Mapping[str, Any]:
            options = {one.name: _option(one, ("no", "yes")) for one in names}
            return {"actors": {**case["actors"], actor.name: {**body, "options": options}}}

        options = yield _names_question(
            case, part, "option", f"What can {actor.title} do? Name its options.",
            "dam, protest", with_options,
        )  # fmt: skip
        case.update(with_options(options))
        for option in options:
            found = yield from _ask_levels(case, part, f"{actor.name}.{option.name}", levels)
            names = tuple(one.name for one in found)
            case["actors"][actor.name]["options"][option.name] = _option(option, names)


def _option(option: Called, levels: tuple[str, ...]) -> CaseValues:
    return {"levels": list(levels), "cost": "choice.effort", **_about(option)}


def _ask_levels(
    case: CaseValues, part: str, name: str, levels: dict[str, tuple[Called, ...]]
) -> Generator[DialogueQuestion, Any, tuple[Called, ...]]:
    def with_levels(names: tuple[Called, ...]) -> Mapping[str, Any]:
        return _with_levels(case, name, [one.name for one in names])

    levels[name] = yield _names_question(
        case, part, "level", f"{name}: how far can it go? Its levels, lowest first.",
        "none, small, large", with_levels, default="no, yes", least=2,
    )  # fmt: skip
    return levels[name]


def _with_levels(case: CaseValues, name: str, levels: list[str]) -> Mapping[str, Any]:
    actor, dot, option = name.partition(".")
    if not dot:
        return {"conditions": {**case["conditions"], name: {"levels": levels}}}
    body = case["actors"][actor]
    options = {**body["options"], option: {"levels": levels}}
    return {"actors": {**case["actors"], actor: {**body, "options": options}}}


def _ask_conditions(case: CaseValues, levels: dict[str, tuple[Called, ...]]) -> Interview:
    part = "What nobody controls"

    def with_conditions(names: tuple[Called, ...]) -> Mapping[str, Any]:
        return {"conditions": {one.name: {"levels": ["no", "yes"]} for one in names}}

    conditions = yield _names_question(
        case, part, "condition", "What matters that none of them controls? Nothing, or its names.",
        "drought, unrest", with_conditions, default="", least=0,
    )  # fmt: skip
    case.update(with_conditions(conditions))
    for condition in conditions:
        name = condition.name
        found = yield from _ask_levels(case, part, name, levels)
        steps = [one.name for one in found]
        rates: dict[str, str] = {}
        for way, verb, path in (("up", "rise", steps), ("down", "fall", steps[::-1])):
            rate = yield DialogueQuestion(
                part,
                f"{name}: how often a year does it {verb} by a level? 0.5 is once in two years.",
                partial(read_number, least=0, most=50), default="0.3",
            )  # fmt: skip
            if rate:
                parameter = f"rate.{name}.{way}"
                case["parameters"][parameter] = _judged(
                    rate, f"How often {name} would {verb} by a level.", "jumps a year"
                )
                rates |= {f"{before} -> {after}": parameter for before, after in pairwise(path)}
        case["conditions"][name] = {"levels": steps, "rates": rates, **_about(condition)}


def _ask_issues(case: CaseValues, levels: dict[str, tuple[Called, ...]]) -> Interview:
    part = "What they care about"

    def with_issues(names: tuple[Called, ...]) -> Mapping[str, Any]:
        return {"issues": {one.name: _issue(one, "0") for one in names}}

    issues = yield _names_question(
        case, part, "issue", "What is at stake? Name the issues that somebody wants or fears.",
        "electricity, water, quarrel", with_issues,
    )  # fmt: skip
    case.update(with_issues(issues))
    for issue in issues:

        def read(text: str, issue: Called = issue) -> str:
            formula = _scaled(text, levels)
            accepted_by(case, {"issues": {**case["issues"], issue.name: _issue(issue, formula)}})
            return formula

        first, steps = next(iter(levels.items()))
        unread = [
            name for name in levels
            if not any(name in body["value"] for body in case["issues"].values())
        ]  # fmt: skip
        case["issues"][issue.name]["value"] = yield DialogueQuestion(
            part,
            f"{issue.title}: what is it computed from? An option or condition, which counts from 0 "
            "at its lowest level to 1 at its highest, or a formula.",
            read,
            f"such as {first} or ({first} == {steps[-1].name}); there are {', '.join(levels)}",
            default=unread[0] if unread else None,
            understood=lambda text, formula: formula if formula != text else "",
        )


def _issue(issue: Called, formula: str) -> CaseValues:
    return {"value": formula, **_about(issue)}


def _about(called: Called) -> CaseValues:
    """Return the writer's own words where the name is not the same."""
    return {"about": called.title} if called.title != called.name else {}


def _scaled(text: str, levels: Mapping[str, tuple[Called, ...]]) -> str:
    """Return a formula that runs from 0 to 1 over the levels where the text is but a name.

    Examples
    --------
    >>> _scaled("upper.dam", {"upper.dam": read_names("none, small, large", "level", 9)})
    '0.5 * (upper.dam == small) + (upper.dam == large)'
    """
    if text not in levels:
        return text
    last = len(levels[text]) - 1
    terms = [
        f"{round(k / last, 3):g} * ({text} == {level.name})"
        for k, level in enumerate(levels[text][:-1])
        if k
    ]
    return " + ".join([*terms, f"({text} == {levels[text][-1].name})"])


def _ask_weights(case: CaseValues) -> Interview:
    for actor, body in case["actors"].items():
        weights: dict[str, str] = {}
        for place, (issue, meaning) in enumerate(case["issues"].items()):
            wanted = meaning.get("about", issue)
            needed = not weights and place == len(case["issues"]) - 1

            def read(text: str, needed: bool = needed, who: str = body["title"]) -> float:
                weight = read_number(text, -1000, 1000)
                if needed and not weight:
                    raise InputError(
                        f"{who} must care about one issue at least; give this a weight"
                    )
                return weight

            weight = yield DialogueQuestion(
                "What they care about",
                f"{wanted}: what is it worth to {body['title']}? 1 if it wants it, -1 if it wants "
                "it gone, 2 for twice as much, 0 for nothing.",
                read,
                default=None if needed else "0",
            )
            if weight:
                name = f"weight.{actor}.{issue}"
                reason = f"What {wanted} is worth to {body['title']}, a year."
                case["parameters"][name] = _judged(abs(weight), reason)
                weights[issue] = name if weight > 0 else f"-{name}"
        body["preferences"] = {"weights": weights}


def _judged(value: float, reason: str, unit: str = "") -> CaseValues:
    """Return a parameter between half and double of what was said."""
    return {
        "value": value,
        "range": [as_written(value / 2), as_written(value * 2)],
        "distribution": "loguniform",
        **({"unit": unit} if unit else {}),
        "reason": reason,
        "source": "judgement",
    }


def _names_question(
    case: CaseValues, part: str, what: str, words: str, example: str,
    changes: Callable[[tuple[Called, ...]], Mapping[str, Any]],
    default: str | None = None, least: int = 1,
) -> DialogueQuestion:  # fmt: skip
    def read(text: str) -> tuple[Called, ...]:
        names = read_names(text, what, _MOST[what], least)
        accepted_by(case, changes(names))
        return names

    return DialogueQuestion(part, words, read, f"such as {example}", default, called_in_formulas)
