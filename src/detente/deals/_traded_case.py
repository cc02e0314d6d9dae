"""An exchange of positions as a case of the timed game, to ask whether it holds.

Each giver has an option for the issue that it gives on, to hold its position or to give it. What is
settled on an issue is the compromise of the positions, as in the table, so that it moves exactly as
far as there; an actor loses salience times distance a year, in hundredths of the scale. A condition
says whether the exchange stands. While only one side gives, it becomes void at the rate `answer`,
for good, and then both stand where they stood: that is what keeps a promise in time.

Third parties have no option in it, since an exchange leaves them none: their weight is in the
outcomes, and what each of them has a year is an issue that nobody weighs. Exchanges made before the
first that is handed over are taken to be kept. Cost: that of reading a short case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from detente.bargaining import PositionExchanges
from detente.case import Case, one_line, read_case
from detente.deals._traded_exchanges import NUMBERS, TradedExchanges
from detente.templates import laid_out
from detente.text import plural, show

_RANGE = 0.25
_SHARP = 15.0
"""Precision by default, over what the other side's part is worth a year."""
_NOTHING = 1e-9
_DIGITS = 4
_NO_OPTION = "Third parties have no option here; what each has is an issue."
_REMARK = "An exchange of positions as a game in time. Change a number, and see whether it holds."
_TIMES = {
    "rate": (4.0, (2.0, 12.0), "chances a year", "How often each can change what it does."),
    "discount": (0.1, (0.03, 1.0), "share a year", "How much less next year counts than this one."),
    "answer": (
        2.0, (0.5, 6.0), "times a year",
        "How soon an exchange is off after one side has not done its part.",
    ),
}  # fmt: skip


def exchange_case(
    exchanges: PositionExchanges, numbers: int | Sequence[int] = 1, source: str = ""
) -> Case:
    """Return the case of the timed game that asks whether exchanges hold.

    Parameters
    ----------
    exchanges : PositionExchanges
        As `detente.bargaining.exchange` gives them.
    numbers : int or sequence of int
        Which of those made, in their order from 1; up to four in one case.
    source : str, optional
        Where the table comes from.

    Raises
    ------
    InputError
        For a number that no exchange has, too many of them, or two that move the same position.

    Examples
    --------
    >>> from detente.bargaining import bargaining_table, exchange
    >>> cells = {
    ...     "cut": {"a": (100, 0.9, 1), "b": (0, 0.2, 1)},
    ...     "fund": {"a": (100, 0.3, 1), "b": (0, 0.9, 1)},
    ... }
    >>> made = exchange(bargaining_table(cells))
    >>> conflict = exchange_case(made).conflict()
    >>> kept = conflict.index({"a.fund": "give", "b.cut": "give"})
    >>> gain = conflict.utility["a"].flat[kept] - conflict.utility["a"].flat[conflict.index()]
    >>> bool(abs(gain - made.made[0].gain) < 1e-9)
    True
    """
    trade = TradedExchanges(exchanges, numbers)
    parts = {
        "detente": 1,
        "title": f"Exchange {', '.join(map(str, trade.numbers))}",
        "question": "Does the exchange hold, and who would break it first?",
        "about": " ".join(f"{one_line(str(one))}." for one in trade.made.values()),
        "sources": {"table": {"title": one_line(source) or "A table of bargaining"}},
        "parameters": {**_in_general(exchanges, trade), **_from_table(trade)},
        "actors": {trade.actor[a]: _actor(trade, a) for a in trade.givers},
        "conditions": {trade.condition[n]: _condition(trade, n) for n in trade.numbers},
        "issues": {**_outcomes(trade), **_distances(trade), **_third_parties(trade)},
        "status_quo": {
            **{option: "hold" for n in trade.numbers for option in trade.options(n)},
            **dict.fromkeys(trade.condition.values(), "stands"),
        },
        "claims": [
            {"id": f"E{k}", **claim}
            for k, claim in enumerate((c for n in trade.numbers for c in _claims(trade, n)), 1)
        ],
        "meant": [
            {"warning": "issue-unweighted", "of": f"issue {name}", "reason": _NO_OPTION}
            for name in trade.third.values()
        ],
        "notes": _notes(trade),
    }
    return read_case(laid_out(parts, _REMARK).encode(), "exchange.yaml")


def _in_general(exchanges: PositionExchanges, trade: TradedExchanges) -> dict[str, Any]:
    """Return the parameters that no table has, with what they are by default."""
    found = {
        name: {"value": value, "range": list(ends), "unit": unit, "reason": reason}
        for name, (value, ends, unit, reason) in _TIMES.items()
    }
    sharp = _rounded(_SHARP / max(_stake(exchanges, n) for n in trade.numbers))
    found["sharpness"] = {
        "value": sharp,
        "range": [sharp / 2, sharp * 2],
        "reason": "How sharply both tell better from worse; goes with the stakes.",
    }
    return {name: {**said, "source": "judgement"} for name, said in found.items()}


def _stake(exchanges: PositionExchanges, number: int) -> float:
    """Return the most that the other side's part of an exchange is worth to a giver, a year."""
    one, table = exchanges.made[number - 1], exchanges.table
    moved = np.abs(exchanges.outcomes[number] - exchanges.outcomes[number - 1])
    worth = table.salience * moved * 100 / np.diff(table.scale, axis=1)[:, 0]
    return max(
        float(worth[table.actors.index(a), table.issues.index(p)])
        for a, p in zip(one.givers, reversed(one.issues), strict=True)
    )


def _from_table(trade: TradedExchanges) -> dict[str, Any]:
    """Return what the givers' stakes are, each with a range."""
    found = {}
    for a, p in trade.distance:
        for word, most in (("salience", 1.0), ("capability", np.inf)):
            value = float(getattr(trade.table, word)[trade.row(a), trade.column(p)])
            said = {"value": value, "reason": "From the table.", "source": "table"}
            ends = (value * (1 - _RANGE), min(value * (1 + _RANGE), most))
            low, high = map(_rounded, ends)
            more = {"range": [low, high]} if low < value < high or value == high > low else {}
            found[trade.parameter(a, p, word)] = said | more
    return found


def _actor(trade: TradedExchanges, a: str) -> dict[str, Any]:
    gives = [
        p
        for one in trade.made.values()
        for giver, p in zip(one.givers, one.issues, strict=True)
        if giver == a
    ]
    return {
        "title": f"Actor {a}" if a.isdigit() else one_line(a),
        "rate": "rate",
        "precision": "sharpness",
        "discount": "discount",
        "options": {
            trade.option[p]: {
                "levels": ["hold", "give"],
                "about": f"Its position on {one_line(p)}.",
            }
            for p in gives
        },
        "preferences": {
            "weights": {
                trade.distance[a, p]: f"-{trade.parameter(a, p, 'salience')}" for p in trade.of(a)
            }
        },
    }


def _condition(trade: TradedExchanges, number: int) -> dict[str, Any]:
    first, second = (f"{option} == give" for option in trade.options(number))
    return {
        "levels": ["stands", "void"],
        "rates": {"stands -> void": f"answer * (({first}) != ({second}))"},
        "about": "Off for good once one side alone has given for long enough.",
    }


def _outcomes(trade: TradedExchanges) -> dict[str, Any]:
    return {
        trade.outcome[p]: {
            "value": _compromise(trade, p),
            "about": f"Where {one_line(p)} is settled.",
        }
        for p in trade.issues
    }


def _compromise(trade: TradedExchanges, p: str) -> str:
    """Return the mean of the positions on an issue, by weight, as a formula of what is given."""
    k = trade.column(p)
    pull, weight = [], []
    for a in trade.givers:
        if p in trade.of(a):
            own = " * ".join(trade.parameter(a, p, word) for word in NUMBERS)
            weight.append(own)
            pull.append(f"{own} * {_stand(trade, a, p)}")
    rest = [trade.row(a) for a in trade.others if p in trade.of(a)]
    heavy = trade.table.weight[rest, k]
    if heavy.sum() > 0:
        pull.append(_number((heavy * trade.position[rest, k]).sum()))
        weight.append(_number(heavy.sum()))
    return f"({' + '.join(pull)}) / ({' + '.join(weight)})"


def _stand(trade: TradedExchanges, a: str, p: str) -> str:
    """Return where a giver stands: a number, or a formula of whether it gives."""
    for number, one in trade.made.items():
        moves = zip(
            one.givers, one.issues, trade.options(number), one.before, one.after, strict=True
        )
        for giver, issue, option, before, after in moves:
            if (giver, issue) == (a, p):
                given = f"({option} == give and {trade.condition[number]} == stands)"
                return f"({_number(before)} + {_number(after - before)} * {given})"
    return _number(trade.position[trade.row(a), trade.column(p)])


def _distances(trade: TradedExchanges) -> dict[str, Any]:
    return {
        name: {"value": _away(trade, a, p), "about": f"How far {one_line(a)} is from its position."}
        for (a, p), name in trade.distance.items()
    }


def _third_parties(trade: TradedExchanges) -> dict[str, Any]:
    found = {}
    for a, name in trade.third.items():
        salience = trade.table.salience[trade.row(a)]
        parts = [
            f"{_number(salience[trade.column(p)])} * {_away(trade, a, p)}" for p in trade.of(a)
        ]
        about = f"What {one_line(a)}, a third party, has a year."
        found[name] = {"value": f"-({' + '.join(parts)})", "about": about}
    return found


def _away(trade: TradedExchanges, a: str, p: str) -> str:
    """Return the distance of an outcome from what an actor wants, in hundredths of the scale."""
    k = trade.column(p)
    away = f"abs({trade.outcome[p]} - {_number(trade.table.position[trade.row(a), k])})"
    size = float(np.ptp(trade.table.scale[k]))
    return away if size == 100.0 else f"{_number(100 / size)} * {away}"


def _claims(trade: TradedExchanges, number: int) -> Iterator[dict[str, Any]]:
    options, said = trade.options(number), f"exchange {number}"
    made = dict.fromkeys(options, "give")
    stands = " and ".join(f"{option} == give" for option in options)
    stands += f" and {trade.condition[number]} == stands"
    for a, own, other in zip(trade.made[number].givers, options, reversed(options), strict=True):
        yield {
            "says": f"While the other does its part of {said}, {one_line(a)} loses by going back.",
            "ask": {
                "gain": trade.actor[a],
                "levels": {own: "hold"},
                "from": made,
                "by": "value",
                "do": {other: "give"},
            },
            "expect": "< 0",
        }
    yield {
        "says": f"Once made, {said} is likelier than not to be in force for a year.",
        "ask": {"probability": f"G[0, 1] {stands}", "given": made},
        "expect": "> 0.5",
    }
    yield {
        "says": f"Within five years {said} is likelier than not to be made.",
        "ask": {"probability": f"F[0, 5] {stands}"},
        "expect": "> 0.5",
    }


def _notes(trade: TradedExchanges) -> dict[str, str]:
    notes = {"Utility": "Salience times distance, in hundredths of the scale: as in the table."}
    if trade.numbers[0] > 1:
        earlier = plural(trade.numbers[0] - 1, "exchange")
        notes["Before"] = f"The positions are those after the first {earlier}."
    touched = [
        f"{one_line(a)} {show(gain, 'signed')}"
        for one in trade.made.values()
        for a, gain in one.others.items()
        if a in trade.others and abs(gain) > _NOTHING
    ]
    if touched:
        notes["Third parties"] = f"{_NO_OPTION} Gains a year: {', '.join(touched)}."
    return notes


def _rounded(value: float) -> float:
    return float(np.format_float_positional(value, _DIGITS, fractional=False))


def _number(value: float) -> str:
    """Return a number as a formula has it, to the last digit."""
    said = repr(int(value) if float(value).is_integer() else float(value))
    return f"({said})" if value < 0 else said
