"""An explanation in three sentences: the answer, who carries it and why, what would change it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detente.case import (
    EquilibriumQuestion,
    GainQuestion,
    OneSidedBound,
    ProbabilityQuestion,
    ReachabilityQuestion,
)
from detente.claims import kind_of, show_expected
from detente.explanation._flips import Flip
from detente.explanation._gain import MoveGain
from detente.explanation._moves import MoveShare, net_of_returns
from detente.text import Kind, finer, listed, plural, precise, show, spaced

if TYPE_CHECKING:
    from detente.explanation._result import AnswerExplanation

_SAYS = {
    "agrees": "which agrees with",
    "stronger": "which is stronger than",
    "weaker": "which is weaker than",
    "contradicts": "which contradicts",
}
_MOST_ISSUES = 2
_SMALL = 0.02
"""Share of an answer below which a move is not worth a word."""


def sentences(found: AnswerExplanation) -> tuple[str, ...]:
    """Return the sentences of an explanation."""
    parts = [_answer(found), _carriers(found)]
    if found.effects or found.variants:
        parts.append(_changes(found))
    return tuple(part for part in parts if part)


def _answer(found: AnswerExplanation) -> str:
    claim, kind = found.claim, kind_of(found.claim)
    value = show(found.value, kind)
    if claim.expect is None:
        return f"The answer is {value}: {found.word}."
    expected = show_expected(claim.expect, kind)
    words = f'"{claim.words}" ({expected})' if claim.words else expected
    if isinstance(claim.expect, OneSidedBound) or not claim.words:
        words = f"the claim ({expected})"
    return f"{claim.id}: the answer is {value}, {_SAYS[found.word]} {words}."


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
    return _flow(found)


def _flow(found: AnswerExplanation) -> str:
    moves = [move for move in found.moves if abs(move.part) > 1e-9]
    if not moves:
        return "Nothing that anybody does moves the answer: it is what the start gives."
    if _mostly_missing(found):
        return _missing(found, moves)
    kind, back = kind_of(found.claim), ""
    if not _operator(found):
        moves, back = list(net_of_returns(moves)), ", moves back taken off"
    total = sum(abs(move.part) for move in moves)
    first = moves[0]
    lead = {
        "F": "It comes about mainly because",
        "U": "It comes about mainly because",
        "G": "It fails mainly because",
    }.get(_operator(found), "The answer moves from its start mainly because")
    if found.claim.versus is not None:
        lead = "The difference comes mainly because"
    text = (
        f"{lead} {_who(found, first)} ({_signed(first.part, kind)}, "
        f"{show(abs(first.part) / total, 'share')} of the flow{back})"
    )
    others = [move for move in moves[1:3] if abs(move.part) > _SMALL * total]
    if others:
        more = listed(
            [f"{_who(found, move)} ({show(abs(move.part) / total, 'share')})" for move in others]
        )
        text += f", then because {more}"
    return f"{text}. {_reason(found, first)}".rstrip()


def _missing(found: AnswerExplanation, moves: list[MoveShare]) -> str:
    """Say why an event mostly fails to come: the chances that are not taken."""
    first = next((move for move in moves if move.step.actor), moves[0])
    if not first.step.actor:
        return f"It rarely comes, and then because {_who(found, first)}."
    chances = show(first.chances, "plain")
    text = (
        f"Mostly it does not come about: {_title(found, first.step.actor)} has about {chances} "
        f"chances to move {first.step.words} and takes {show(first.taken, 'share')} of them"
    )
    return f"{text}. {_reason(found, first)}".rstrip()


def _reason(found: AnswerExplanation, move: MoveShare) -> str:
    if move.gain is None:
        return ""
    actor = _title(found, move.step.actor)
    gain = move.gain
    text = f"By that move {actor} {_issues(gain)}"
    if gain.cost > 1e-9:
        text += f" and pays {show(gain.cost, 'plain')} for the move"
    text += f": {show(gain.net, 'signed')} in all, which makes the move "
    text += f"{_odds(gain.precision * gain.net)} staying"
    if gain.then:
        step, rate = gain.then[0]
        if rate > 0.2:
            text += f". It expects next: {_step_words(found, step.actor, step.words)}"
    return f"{text}."


def _odds(log: float) -> str:
    """Say how often a move is chosen beside staying, from the logarithm of the ratio."""
    if abs(log) < 0.1:
        return "about as likely as"
    ratio = show(math.exp(min(abs(log), 20.0)), "plain")
    return f"about {ratio} times {'as likely as' if log > 0.0 else 'less likely than'}"


def _issues(gain: MoveGain, now: bool = False) -> str:
    """Say what is gained and lost over time, or at once, largest first."""
    changes = [(issue.now if now else issue.later, spaced(issue.issue)) for issue in gain.issues]
    size = max((abs(change) for change, _ in changes), default=0.0)
    changes = sorted((c for c in changes if abs(c[0]) > 0.05 * size), key=lambda c: -abs(c[0]))
    up = [f"{show(change, 'plain')} on {name}" for change, name in changes[:4] if change > 0.0]
    down = [f"{show(-change, 'plain')} on {name}" for change, name in changes[:4] if change < 0.0]
    parts = []
    if up:
        parts.append(f"gains {listed(up[:_MOST_ISSUES])}")
    if down:
        parts.append(f"loses {listed(down[:_MOST_ISSUES])}")
    return " and ".join(parts) or "neither gains nor loses"


def _equilibrium(found: AnswerExplanation) -> str:
    if not found.stability:
        return "No feasible state has what is asked."
    first = found.stability[0]
    where = first.conflict.space.words(first.state)
    leaving = next((one for one in found.stability if not one.stable), None)
    if leaving is None:
        deterred = sum(len(one.departures) for one in found.stability)
        how = f": {plural(deterred, 'improvement')}, each deterred by a reply" if deterred else ""
        return f"Nobody leaves {where}{how}."
    why = leaving.words(1).splitlines()[-1].lstrip("- ")
    return f"Nearest to an equilibrium is {where}, but {leaving.actor} leaves it: {why}."


def _route(found: AnswerExplanation) -> str:
    if found.route is None:
        return "No sequence of legal moves and jumps leads there."
    if not found.route:
        return "It holds at the start."
    steps = [_step_words(found, step.actor, step.words) for step in found.route]
    return f"A shortest way: {', then '.join(steps)}."


def _changes(found: AnswerExplanation) -> str:
    kind = kind_of(found.claim)
    moving = [effect for effect in found.effects if effect.swing > 1e-9]
    if not moving:
        return "No parameter moves the answer within its range."
    top = moving[0]
    text = (
        f"It turns most on {top.name}: from {precise(top.low)} to {precise(top.high)} the answer "
        f"goes from {show(top.at_low, kind)} to {show(top.at_high, kind)}. "
    )
    return text + _flip_words(found)


def _flip_words(found: AnswerExplanation) -> str:
    kind = kind_of(found.claim)
    what = "verdict" if found.claim.expect is not None else "answer"
    if found.flips:
        text = f"The nearest change that flips the {what}: {change_words(found.flips[0], kind)}"
        if found.pair is not None:
            text += f"; of two together: {change_words(found.pair, kind)}"
        return f"{text}."
    alone = f"No parameter alone flips the {what} within its range"
    if found.pair is not None:
        return f"{alone}; the nearest two together: {change_words(found.pair, kind)}."
    others = [v for v in found.variants if v.word not in ("", found.word)]
    if others:
        return (
            f"{alone}, but the variant {others[0].name} does ({show(others[0].answer, kind)}, "
            f"{others[0].word})."
        )
    return f"{alone}."


def change_words(flip: Flip, kind: Kind) -> str:
    """Say what to change, and what follows."""
    changes = listed(
        [f"{name} from {precise(a)} to {precise(b)}" for name, (a, b) in flip.changes.items()]
    )
    return f"{changes} ({show(flip.answer, finer(kind))}, {flip.word})"


def _mostly_missing(found: AnswerExplanation) -> bool:
    return _operator(found) in {"F", "U"} and found.value < 0.5 and found.claim.versus is None


def _operator(found: AnswerExplanation) -> str:
    ask = found.claim.ask
    return ask.query.operator if isinstance(ask, ProbabilityQuestion) else ""


def _who(found: AnswerExplanation, move: MoveShare) -> str:
    return _step_words(found, move.step.actor, move.step.words)


def _step_words(found: AnswerExplanation, actor: str, words: str) -> str:
    return f"{_title(found, actor)} moves {words}" if actor else f"{words} comes by itself"


def _title(found: AnswerExplanation, actor: str) -> str:
    return {a.name: a.title or spaced(a.name) for a in found.case.actors}[actor]


def _signed(part: float, kind: Kind) -> str:
    return show(part, "points" if kind in ("share", "points") else "signed")
