"""The text of a Gambit `.nfg` file, checked: header, then payoffs of all contingencies.

Both bodies of the format are read: payoffs one after another, and outcomes with their numbers. The
first player's strategy changes fastest. Numbers may be decimals or fractions.
Cost: linear in the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.interop._case_text import check_text

MOST_PROFILES = 4096
"""Contingencies of a game: a case states the payoff of each in words."""

_MOST_PLAYERS = 12
_TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([{}])|,|([^\s{}",]+))', re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d{1,300}(/\d{1,300}|\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class NfgFile:
    """A game in strategic form; ``payoffs[player]`` has an axis for each player's strategies."""

    title: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    payoffs: tuple[NDArray[np.float64], ...]
    notes: Mapping[str, str]
    """Its comment, and the names of its outcomes."""


def parse(text: str, name: str) -> NfgFile:
    """Read the text of an `.nfg` file.

    Parameters
    ----------
    name : str
        The name of the file, for messages.

    Raises
    ------
    InputError
        At the first thing that is wrong, with its line and column.

    Examples
    --------
    >>> game = parse('NFG 1 R "Chicken" { "A" "B" } { 2 2 } 3 3 4 2 2 4 1 1', "chicken.nfg")
    >>> game.payoffs[0].tolist()
    [[3.0, 2.0], [4.0, 1.0]]
    """
    check_text(text, name)
    reader = _Reader(text, name)
    for word in ("NFG", "1"):
        if reader.take() != word:
            reader.fail(f"a Gambit strategic game begins with {'NFG 1 R'!r}", "check the file")
    if reader.take() not in ("R", "D"):
        reader.fail("the third word must be R or D", "check the file")
    title = reader.text("the title")
    reader.brace("{", "the list of players")
    players = []
    while reader.peek() != "}":
        players.append(reader.text("the name of a player"))
        if len(players) > _MOST_PLAYERS:
            reader.fail(f"there are more than {_MOST_PLAYERS} players", "leave some out")
    reader.take()
    if not players:
        reader.fail("the game has no player", "name at least one")
    reader.brace("{", "the strategies")
    strategies = [reader.strategies() for _ in players]
    reader.brace("}", "the end of the strategies")
    shape = tuple(map(len, strategies))
    for player, count in zip(players, shape, strict=True):
        if count < 1:
            reader.fail(f"player {player[:40]!r} has no strategy", "give it one or leave it out")
    if math.prod(shape) > MOST_PROFILES:
        reader.fail(
            f"there are {math.prod(shape):,} contingencies, at most {MOST_PROFILES:,} are read",
            "leave out strategies",
        )
    notes = {}
    if reader.peek().startswith('"'):
        notes["comment"] = reader.text("the comment")
    table = reader.outcomes(shape) if reader.peek() == "{" else reader.payoffs(shape)
    if reader.peek():
        reader.take()
        reader.fail("there is more than the game has contingencies", "check the counts above")
    return NfgFile(
        title,
        tuple(players),
        tuple(strategies),
        tuple(table[:, k].reshape(shape, order="F") for k in range(len(players))),
        {key: words for key, words in (notes | reader.outcome_names).items() if words.strip()},
    )


class _Reader:
    """Tokens of the text one by one; a token is a quoted text, a brace or a word."""

    def __init__(self, text: str, name: str) -> None:
        self.text_, self.name = text, name
        self.at = self.start = 0
        self.ahead: tuple[str, int, int] | None = None
        self.outcome_names: dict[str, str] = {}

    def peek(self) -> str:
        """Return the next token without taking it; empty at the end."""
        at = self.at
        while self.ahead is None:
            match = _TOKEN.match(self.text_, at)
            if match is None:
                rest = self.text_[at:].lstrip()
                self.start = len(self.text_) - len(rest)
                if rest:
                    self.fail("a quotation mark is not closed", "close it")
                self.ahead = ("", len(self.text_), len(self.text_))
            elif match.lastindex is None:
                at = match.end()
            else:
                kind = match.lastindex
                self.ahead = (match.group(kind), match.start(kind), match.end())
        return self.ahead[0]

    def take(self) -> str:
        """Return the next token and go on."""
        token = self.peek()
        assert self.ahead is not None
        _, self.start, self.at = self.ahead
        self.ahead = None
        return token

    def fail(self, message: str, remedy: str) -> None:
        """Raise an error at the last token taken."""
        line = self.text_.count("\n", 0, self.start) + 1
        column = self.start - (self.text_.rfind("\n", 0, self.start) + 1) + 1
        raise InputError(f"{self.name}:{line}:{column}: {message}; {remedy}")

    def brace(self, brace: str, what: str) -> None:
        """Take a brace."""
        if self.take() != brace:
            self.fail(f"{what} should have {brace!r} here", "put it in")

    def text(self, what: str) -> str:
        """Take a quoted text."""
        token = self.take()
        if not token.startswith('"'):
            self.fail(f"{what} should stand here in quotation marks", "put it in")
        return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)

    def count(self, what: str, most: int) -> int:
        """Take a whole number from 0."""
        token = self.take()
        if not re.fullmatch(r"[0-9]{1,9}", token) or int(token) > most:
            self.fail(f"{what} should be a whole number up to {most:,}", "fix it")
        return int(token)

    def strategies(self) -> tuple[str, ...]:
        """Take one player's strategies: a number of them, or a list of names."""
        if self.peek() != "{":
            number = self.count("the number of strategies", MOST_PROFILES)
            return tuple(str(k + 1) for k in range(number))
        self.take()
        names = []
        while self.peek() != "}":
            names.append(self.text("the name of a strategy"))
        self.take()
        return tuple(names)

    def number(self) -> float:
        """Take a payoff."""
        token = self.take()
        if not _NUMBER.fullmatch(token):
            shown = repr(token[:40]) if token else "the end of the file"
            self.fail(f"a payoff should stand here, not {shown}", "give as many as the game needs")
        try:
            value = float(Fraction(token))
        except (ZeroDivisionError, OverflowError, ValueError):
            value = math.inf
        if not math.isfinite(value):
            self.fail(f"the payoff {token[:40]!r} is not finite", "fix it")
        return value

    def payoffs(self, shape: Sequence[int]) -> NDArray[np.float64]:
        """Take the payoffs of every contingency."""
        rows = [[self.number() for _ in shape] for _ in range(math.prod(shape))]
        return np.array(rows)

    def outcomes(self, shape: Sequence[int]) -> NDArray[np.float64]:
        """Take a list of outcomes, then the number of each contingency's; 0 pays nothing."""
        self.take()
        listed = [[0.0] * len(shape)]
        while self.peek() == "{":
            self.take()
            called = self.text("the name of an outcome")
            listed.append([self.number() for _ in shape])
            if called:
                paid = ", ".join(map(repr, listed[-1]))
                self.outcome_names[f"outcome {len(listed) - 1}"] = f"{called}: {paid}"
            self.brace("}", "the end of an outcome")
        self.brace("}", "the end of the outcomes")
        which = [
            self.count("the number of an outcome", len(listed) - 1) for _ in range(math.prod(shape))
        ]
        return np.array(listed)[which]
