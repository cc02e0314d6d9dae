"""An explanation in three sentences: the answer, who carries it and why, what would change it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detente.case import (
    EquilibriumQuestion,
    ExchangeGainQuestion,
    ExchangeQuestion,
    GainQuestion,
    Labels,
    OutcomeQuestion,
    ProbabilityQuestion,
    ReachabilityQuestion,
)
from detente.claims import (
    SOLVING,
    kind_of,
    question_words,
    show_beside,
    show_expected,
    word_bounds,
)
from detente.explanation._effects import ParameterEffect
from detente.explanation._flips import Flip
from detente.explanation._gain import MoveGain
from detente.explanation._moves import MoveShare
from detente.explanation._table_route import route_words
from detente.stability import Explanation
from detente.text import Kind, listed, precise, show, spaced

if TYPE_CHECKING:
    from detente.explanation._result import AnswerExplanation

_MOST_ISSUES = 2
_SMALL = 0.05
"""Share of an answer, or of a gain, below which something is not worth a word."""
_SOON = 0.2
"""Changes a year from which on what is expected next is worth a word."""
_NARROW = 0.01
"""Share of a range within which a verdict stands on the boundary."""
_SHORTER = 0.95
"""Two changes together are told where they are shorter than one by this much."""


def sentences(found: AnswerExplanation) -> tuple[str, ...]:
    """Return the paragraphs of an explanation."""
    parts = [_claim(found), _answer(found), _carriers(found)]
    if found.effects or found.variants:
        parts += [_turns_on(found), _changes(found)]
    return tuple(part for part in parts if part)


def _claim(found: AnswerExplanation) -> str:
    asked = str(question_words(found.claim, Labels(found.case)))
    if found.claim.id == "query":
        return f"Asked: {asked}."
    return f"{found.claim.id}: {found.claim.says} Asked: {asked}."


def _answer(found: AnswerExplanation) -> str:
    kind = kind_of(found.claim)
    value = show_beside(found.claim, found.value)
    if found.arms:
        one = found.claim.ask.kind if found.claim.ask is not None else "plain"
        first, second = (show(arm, one) for arm in found.arms)
        value = f"{value}, {first} in the first case less {second} in the second"
    where = "these" if found.case.changes else "the stated"
    if found.claim.expect is None:
        return f"At {where} values the answer is {value}: {found.word}."
    return f"At {where} values the answer is {value}: {_relation(found, kind)}."


def _relation(found: AnswerExplanation, kind: Kind) -> str:
    """Say how the answer stands to what the claim expects."""
    expect = found.claim.expect
    assert expect is not None
    interval = show_expected(expect, kind)
    meant = f'"{found.claim.words}" ({interval})' if found.claim.words else f"{interval}"
    match found.word:
        case "agrees" if kind == "truth":
            return "it agrees with the claim"
        case "agrees":
            return f"it agrees with {meant}"
        case "stronger":
            return f"it is stronger than {meant}, further from even odds on the same side"
        case "weaker":
            return f"it is weaker than {meant}, nearer to even odds on the same side"
    if kind == "truth":
        return "it contradicts the claim"
    side = "" if expect.even is None else ", being on the other side of even odds"
    return f"it contradicts {meant}{side}"


def _carriers(found: AnswerExplanation) -> str:
    match found.claim.ask:
        case EquilibriumQuestion():
            return _equilibrium(found)
        case ReachabilityQuestion():
            return _route(found)
        case GainQuestion(actor, _, by):
            if found.gain is None:
                return ""
            return f"{_title(found, actor)} {_issues(found.gain, by == 'utility')}."
        case OutcomeQuestion() | ExchangeQuestion() | ExchangeGainQuestion() as question:
            assert found.bargained is not None
            words = route_words(question, found.bargained)
            return f"In the first case {words[0].lower()}{words[1:]}" if found.arms else words
    moves = [move for move in found.moves if abs(move.part) > SOLVING]
    if not moves and found.arms:
        return (
            "Both cases give the same: nothing that counts for this question depends on what they "
            "differ in."
        )
    if not moves:
        return "Nothing that anybody does moves the answer: it is what the start gives."
    total = sum(abs(move.part) for move in moves)
    first = next((move for move in moves if move.step.actor), moves[0])
    if abs(first.part) < _SMALL * total:
        first = moves[0]
    text = f"{_lead(found)}: {_move(found, first, total)}"
    others = [move for move in moves if move is not first and abs(move.part) > _SMALL * total][:2]
    if others:
        text += f"; then {'; '.join(_move(found, move, total) for move in others)}"
    return f"{text}. {_reason(found, first)}".rstrip()


def _lead(found: AnswerExplanation) -> str:
    """Open the sentence on who carries the answer."""
    if found.claim.versus is not None:
        return "The difference is what is moved more, or less, in the first case, most first"
    match _operator(found):
        case "F" | "U":
            if found.value < 0.35:
                return "Mostly it does not happen; where it does, it is by these moves, most first"
            if found.value < 0.5:
                return "More often than not it does not happen; where it does, it is by these moves"
            return "It happens by these moves, most first"
        case "G":
            return "Where it does not hold, it ends by these moves, most first"
    start = show(found.base, kind_of(found.claim))
    return (
        f"If nothing changed it would be {start}; these moves make the difference, most first, "
        "each less what is moved back"
    )


def _move(found: AnswerExplanation, move: MoveShare, total: float) -> str:
    """Say who moves what, how much of the answer that is, and how often the chance is taken."""
    kind = kind_of(found.claim)
    who = _step_words(found, move.step.actor, move.step.words)
    part = show(move.part, "points" if kind in ("share", "points") else "signed")
    text = f"{who} ({part}, {show(abs(move.part) / total, 'share')} of all moves"
    if _operator(found) and found.claim.versus is None and move.step.actor:
        taken, chances = show(move.taken, "share"), show(move.chances, "plain")
        text += f"; it makes the move at {taken} of its {chances} expected chances"
    return f"{text})"


def _reason(found: AnswerExplanation, move: MoveShare) -> str:
    if move.gain is None:
        return ""
    gain = move.gain
    parts = _issues(gain)
    cost = f", at a cost of {show(gain.cost, 'plain')}" if gain.cost > 1e-9 else ""
    if abs(gain.later_costs) > _SMALL * abs(gain.net):
        more = "more" if gain.later_costs > 0.0 else "less"
        cost += f" and of {show(abs(gain.later_costs), 'plain')} {more} for its later moves"
    better = "better off than if it stayed" if gain.net > 0.0 else "worse off than if it stayed"
    size = show(abs(gain.net), "plain")
    text = (
        f"By moving {move.step.words} {_title(found, move.step.actor)} {parts}{cost}: in its own "
        f"eyes {size} {better}"
    )
    if move.chances > 0.0:
        still = "as its choice is not always the best one, it still" if gain.net < 0.0 else "it"
        text += f"; {still} does so at {show(move.taken, 'share')} of its chances"
    if gain.then and gain.then[0][1] > _SOON:
        step = gain.then[0][0]
        text += f". Next it expects that {_step_words(found, step.actor, step.words)}"
    return f"{text}."


def _issues(gain: MoveGain, now: bool = False) -> str:
    """Say what is gained and lost over time, or at once, largest first."""
    changes = [(issue.now if now else issue.later, spaced(issue.issue)) for issue in gain.issues]
    size = max((abs(change) for change, _ in changes), default=0.0)
    told = sorted((c for c in changes if abs(c[0]) > _SMALL * size), key=lambda c: -abs(c[0]))
    parts = []
    for verb, sign in (("gains", 1.0), ("loses", -1.0)):
        named = [
            f"{show(abs(change), 'plain')} on {name}" for change, name in told if change * sign > 0
        ]
        if named:
            more = " and less on others" if len(named) > _MOST_ISSUES else ""
            words = ", ".join(named[:_MOST_ISSUES]) if more else listed(named)
            parts.append(f"{verb} {words}{more}")
    return "; it ".join(parts) or "neither gains nor loses"


def _equilibrium(found: AnswerExplanation) -> str:
    if not found.stability:
        return "No feasible state has what is asked."
    first = found.stability[0]
    where = first.conflict.space.words(first.state)
    leaving = next((one for one in found.stability if not one.stable), None)
    if leaving is not None:
        return (
            f"The nearest to it is {where}, but {_title(found, leaving.actor)} has a move away "
            f"that nothing deters: {_departure(found, leaving)}."
        )
    some = next((one for one in found.stability if one.departures), None)
    if some is None:
        return f"At {where} nobody has a move away that it would prefer."
    return (
        f"At {where} no move away pays. {_title(found, some.actor)}, for one, would prefer "
        f"another state, but: {_departure(found, some)}."
    )


def _departure(found: AnswerExplanation, one: Explanation) -> str:
    return one.words(1, Labels(found.case).title).splitlines()[1].strip("- ")


def _route(found: AnswerExplanation) -> str:
    if found.route is None:
        return "No sequence of legal moves and jumps leads there."
    if not found.route:
        return "It holds at the start."
    steps = [_step_words(found, step.actor, step.words) for step in found.route]
    return f"A shortest way: {', then '.join(steps)}."


def _turns_on(found: AnswerExplanation) -> str:
    kind = kind_of(found.claim)
    moving = [effect for effect in found.effects if effect.swing > 1e-9]
    if not moving:
        return "No parameter moves the answer within its range."
    top = moving[0]
    low, high = show(top.at_low, kind), show(top.at_high, kind)
    if low == high == show(found.value, kind):
        return f"No parameter alone moves the answer from {low} by more than its rounding."
    return (
        f"Over its whole range {top.name} matters most: from {precise(top.low)} to "
        f"{precise(top.high)} the answer goes from {low} to {high}."
    )


def _changes(found: AnswerExplanation) -> str:
    """Say what would give another verdict, nearest first."""
    what = "verdict" if found.claim.expect is not None else "answer"
    if found.flips:
        nearest = found.flips[0]
        lead = f"The smallest change to another {what}"
        if nearest.distance < _NARROW:
            lead = f"The {what} stands on the boundary; {lead[0].lower()}{lead[1:]}"
        text = f"{lead}: {change_words(found, nearest)}"
        if found.pair is not None and found.pair.distance < _SHORTER * nearest.distance:
            text += f"; or two smaller ones: {change_words(found, found.pair)}"
        return f"{text}."
    alone = f"No parameter alone gives another {what} within its range"
    if found.pair is not None:
        return f"{alone}; the nearest two together: {change_words(found, found.pair)}."
    others = [v for v in found.variants if v.word not in ("", found.word)]
    if others:
        answer = show_beside(found.claim, others[0].answer)
        return f"{alone}, but the variant {others[0].name} does: {answer}, {others[0].word}."
    tried = ", and no two of those that move it most" if found.paired else ""
    return f"{alone}{tried}{_closest(found)}."


def _closest(found: AnswerExplanation) -> str:
    """Say how near one parameter comes to another verdict."""
    bounds = word_bounds(found.claim)
    if not bounds or not found.effects:
        return ""

    def gap(answer: float) -> float:
        return min(abs(answer - bound) for bound in bounds)

    ends: list[tuple[ParameterEffect, float, float]] = [
        (effect, end, answer)
        for effect in found.effects
        for end, answer in ((effect.low, effect.at_low), (effect.high, effect.at_high))
        if not math.isnan(answer) and not effect.by_slope
    ]
    if not ends:
        return ""
    effect, end, answer = min(ends, key=lambda one: gap(one[2]))
    if gap(answer) >= gap(found.value) - SOLVING:
        return ""
    return f"; nearest comes {show_beside(found.claim, answer)}, at {effect.name} {precise(end)}"


def change_words(found: AnswerExplanation, flip: Flip) -> str:
    """Say what to change, and what follows."""
    return f"{flip.words} ({show_beside(found.claim, flip.answer)}, {flip.word})"


def _operator(found: AnswerExplanation) -> str:
    ask = found.claim.ask
    return ask.query.operator if isinstance(ask, ProbabilityQuestion) else ""


def _step_words(found: AnswerExplanation, actor: str, words: str) -> str:
    if actor:
        return f"{_title(found, actor)} moves {words}"
    return f"{words.replace(' from ', ' goes from ', 1)} by itself"


def _title(found: AnswerExplanation, actor: str) -> str:
    return Labels(found.case).actor(actor)
