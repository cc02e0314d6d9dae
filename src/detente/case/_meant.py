"""The kinds of warnings about a sound case, and how a case says that one is meant.

A kind is part of the format, since ``meant`` names it; the rules that look for each are in
`detente.review`. ``seen`` says what they need: the ``case`` alone, its solution at the stated
values (``solved``), or a study (``draws``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class WarningKind:
    """A kind of warning: its name, what it means, what to do, and what it is seen in."""

    name: str
    meaning: str
    remedy: str
    seen: Literal["case", "solved", "draws"] = "case"


@dataclass(frozen=True, slots=True)
class Meant:
    """The analyst's word that a warning of a kind about a subject is meant, and why."""

    warning: str
    of: str
    reason: str


_K = WarningKind
WARNING_KINDS: Mapping[str, WarningKind] = MappingProxyType({kind.name: kind for kind in (
    # Claims
    _K("decided-at-start", "The start alone settles the answer.",
       "Start elsewhere with `given`, or ask about something that does not hold yet."),
    _K("impossible", "What is asked about holds in no state that the start can lead to.",
       "Mend the formula, or give the moves or rates that lead there."),
    _K("always", "What is asked about holds in every state that the start can lead to.",
       "Mend the formula."),
    _K("about-held", "The question is about options that its own `do` holds.",
       "Ask about what follows, or take the option out of `do`."),
    _K("same-arms", "Both arms are alike, so the difference is 0 whatever the model says.",
       "Let `versus` differ from the arm of the question."),
    _K("year-number", "A year of the calendar stands where years from the start are meant.",
       "Write the years from the start."),
    _K("months", "A horizon looks like months where years are meant.", "Write it in years."),
    _K("beyond-clock", "A question looks beyond the end of the clock.",
       "Shorten it, or move `clock: end`."),
    _K("scope-never", "The scope does not hold at the start, so the claim has no answer.",
       "Change the scope, or start where it holds."),
    _K("scope-always", "The scope holds in every state that the start can lead to.",
       "Take the scope out."),
    _K("scope-rare", "The scope almost never holds throughout: at most 5 % at the stated values.",
       "Loosen or shorten the scope, or hold with `do` what it waits for.", "solved"),
    _K("words-against-says", "The likelihood in `says` is another than that in `words`.",
       "Make the two agree."),
    _K("words-against-interval", "The words and the interval of a claim do not overlap.",
       "Write `expect: words`, or mend one of the two."),
    _K("says-against-interval", "The likelihood in `says` and the interval do not overlap.",
       "Mend one of the two."),
    _K("cannot-fail", "Every answer that the question can have lies in the interval.",
       "Narrow the interval."),
    _K("set-outside", "An arm sets a parameter outside of its range.",
       "Move the value, or widen the range."),
    # Preferences
    _K("choice-is-noise", "Precision is so low that an actor hardly tells best from worst.",
       "Raise `precision`; it is per unit of utility."),
    _K("too-sharp", "Precision is so high that choice is a switch, and solving may fail.",
       "Lower `precision`; it is per unit of utility."),
    _K("discount-unit", "The size of a discount rate suggests per cent, months or days.",
       "Write it as a share a year, such as 0.05."),
    _K("rate-unit", "The size of a rate suggests months or days; it is a number a year.",
       "Write chances or jumps a year."),
    _K("cost-beyond-gain", "A change costs more than its actor could ever gain.",
       "Lower the cost; it is paid once, in units of utility a year."),
    _K("free-gain", "A level costs nothing to take and is best for its actor whatever others do.",
       "Give it a cost, or a weight on what speaks against it."),
    _K("option-unvalued", "Nothing that anyone values, and no rate or rule, depends on an option.",
       "Put it into an issue, or take it out."),
    _K("condition-idle", "A condition moves no utility, rate or rule, and no claim reads it.",
       "Put it into an issue or a rate, or take it out."),
    _K("issue-unweighted", "Nobody weighs an issue, and nothing that counts reads it.",
       "Weigh it, or take it out."),
    # Parameters
    _K("parameter-unused", "No formula reads a parameter.", "Use it, or take it out."),
    _K("parameter-idle", "No answer changes when a parameter moves through its range.",
       "See that what reads it counts, or take its range out.", "solved"),
    # States
    _K("one-state", "The start leads to no other state, so nothing can happen.",
       "Loosen the rules, the moves or the rates."),
    _K("level-unreachable", "No start and no move or jump leads to a level.",
       "Give it a move or a rate, or take it out."),
    _K("levels-alike", "Two levels differ in nothing: no utility, cost, rate, rule or claim.",
       "Tell them apart, or take one out."),
    _K("level-dominated", "A level is worse for its actor everywhere and matters to nobody else.",
       "Say what speaks for it, or take it out."),
    _K("level-unused", "A level is chosen almost never: below 0.1 % at any time on the clock.",
       "Look at its costs and weights, or take it out.", "solved"),
    # Answers
    _K("no-solution", "The model cannot be solved at the stated values.",
       "Lower `precision`, or mend what the reason names.", "solved"),
    _K("no-answer", "A claim has no answer at the stated values, or in some draws.",
       "Mend what the reason names.", "solved"),
    _K("same-in-all-draws", "An answer is the same in all draws: no range moves it.",
       "Give a range to what it turns on, or ask another question.", "draws"),
    # Meant
    _K("meant-nothing", "A `meant` silences no warning.", "Take it out."),
)})  # fmt: skip
"""By name every kind of warning."""
