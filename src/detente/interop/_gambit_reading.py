"""Gambit's strategic games (`.nfg`) as case files: one option a player, one level a strategy.

A one-shot game has no moves; as a conflict every player may change its strategy at any time, and
the game's pure Nash equilibria are the conflict's ``nash`` equilibria. Payoffs become issues, exact
to the last digit. An option has two levels at least: a player with one strategy gets a second level
that is infeasible.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from detente.case import read_case
from detente.conflict import Conflict
from detente.interop._case_text import identifiers, noted, scalar
from detente.interop._gambit_file import NfgFile, parse
from detente.text import one_line, yaml_quoted

_ABOUT = (
    "Read from a strategic game, which has no status quo: the first strategies stand in for it."
)
_LONGEST_FORMULA = 8_000


def read_nfg(text: str, name: str = "game.nfg") -> Conflict:
    """Read a conflict from the text of a Gambit `.nfg` file.

    Parameters
    ----------
    text : str
    name : str
        The name of the file, for messages.

    Returns
    -------
    Conflict
        Its status quo is everyone's first strategy, as a game has none.

    Raises
    ------
    InputError
        When the file is broken; the message says where and what to do.

    Examples
    --------
    >>> conflict = read_nfg('NFG 1 R "Chicken" { "A" "B" } { 2 2 } 3 3 4 2 2 4 1 1')
    >>> conflict.utility["a"].tolist()
    [[3.0, 2.0], [4.0, 1.0]]
    """
    return read_case(nfg_to_case(text, name).encode(), f"{name}, as a case").conflict()


def nfg_to_case(text: str, name: str = "game.nfg") -> str:
    """Return the text of the case file that says what an `.nfg` file says.

    Parameters
    ----------
    text : str
    name : str
        The name of the file, for messages, and for a game without title.

    Raises
    ------
    InputError
        When the file is broken; the message says where and what to do.
    """
    game = parse(text, name)
    actors = identifiers(game.players, "player")
    levels = [_levels(names) for names in game.strategies]
    fixed = [k for k, names in enumerate(game.strategies) if len(names) == 1]
    issues = dict(_issues(game, actors, levels))
    title = one_line(game.title) or one_line(name.removesuffix(".nfg")) or "Game"
    lines = [
        "detente: 1",
        f"title: {yaml_quoted(title)}",
        f"about: {yaml_quoted(_ABOUT)}",
        "actors:",
    ]
    for actor, player, own, names in zip(
        actors, game.players, levels, game.strategies, strict=True
    ):
        labels = _labels(names, own)
        about = f", about: {yaml_quoted(labels)}" if labels else ""
        weights = ", ".join(f"{issue}: 1" for issue in issues if issue.startswith(f"pay_{actor}__"))
        lines += [
            f"  {actor}:",
            f"    title: {yaml_quoted(one_line(player) or actor)}",
            "    options:",
            f"      strategy: {{levels: [{', '.join(map(scalar, own))}], ordered: false{about}}}",
            f"    preferences: {{weights: {{{weights}}}}}",
        ]
    lines.append("issues:")
    lines += [f'  {issue}: "{formula}"' for issue, formula in issues.items()]
    if fixed:
        lines.append("infeasible:")
        lines += [f'  - "{actors[k]}.strategy == {levels[k][1]}"' for k in fixed]
    lines.append("status_quo:")
    lines += [
        f"  {actor}.strategy: {scalar(own[0])}" for actor, own in zip(actors, levels, strict=True)
    ]
    lines += noted(game.notes)
    return "\n".join(lines) + "\n"


def _labels(names: Iterable[str], levels: Iterable[str]) -> str:
    """Return what the strategies are called, where that is more than the names of the levels."""
    pairs = [(name, level) for name, level in zip(names, levels, strict=False) if name != level]
    return "; ".join(f"{level}: {one_line(name)}" for name, level in pairs)


def _levels(names: Iterable[str]) -> list[str]:
    """Return the levels of a player's option, the second one infeasible where there is no other."""
    levels = identifiers(names, "strategy", digits=True)
    return levels if len(levels) > 1 else identifiers([*levels, "no other"], "", digits=True)


def _issues(game: NfgFile, actors: list[str], levels: list[list[str]]) -> Iterable[tuple[str, str]]:
    """Yield each player's payoffs as formulas; each contingency stands in one of them only."""
    for actor, payoffs in zip(actors, game.payoffs, strict=True):
        part, number = "", 1
        for place in np.argwhere(payoffs):
            held = " and ".join(
                f"{a}.strategy == {own[k]}" for a, own, k in zip(actors, levels, place, strict=True)
            )
            term = f"{float(payoffs[tuple(place)])!r} * ({held})"
            if part and len(part) + len(term) > _LONGEST_FORMULA:
                yield f"pay_{actor}__{number}", part
                part, number = "", number + 1
            part = f"{part} + {term}" if part else term
        yield f"pay_{actor}__{number}", part or "0"
