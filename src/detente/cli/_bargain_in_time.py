"""Exchanges of a table in the timed game: whether they hold, and the game as a case file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli import _options as options
from detente.cli._writing import print_json, say
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.bargaining import PositionExchanges

_OPTIONS = (
    click.option(
        "--in-time",
        is_flag=True,
        help="Whether each exchange made holds in the timed game, and who breaks it first.",
    ),
    click.option(
        "--exchange",
        "numbers",
        multiple=True,
        type=click.IntRange(1),
        metavar="N",
        help="The same of the N-th exchange made alone; repeatable.",
    ),
    click.option(
        "--game-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write the game of the exchanges named as a case, a new .yaml file.",
    ),
    options.settings,
)


def asked_in_time(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that `answer_in_time` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def answer_in_time(
    exchanges: PositionExchanges,
    source: Path,
    numbers: Sequence[int],
    game_file: Path | None,
    settings: Sequence[str],
    as_json: bool,
) -> None:
    """Say which exchanges hold, and write their game where a file is named."""
    from detente.deals import exchange_case, exchanges_in_time

    if game_file is not None and not numbers:
        raise InputError("--game-file without --exchange; say which, as in --exchange 1")
    if game_file is not None and game_file.suffix not in {".yaml", ".yml"}:
        raise InputError(f"{game_file}: a case must end in .yaml; rename it")
    if game_file is not None and game_file.exists():
        raise InputError(f"{game_file} exists; give another name")
    set_to = options.numbers_in(settings)
    found = exchanges_in_time(exchanges, numbers or None, set_to)
    if game_file is not None:
        exchange_case(exchanges, numbers, source.name).set(set_to).save(game_file)
    if as_json:
        print_json(found.to_dict())
        return
    say(found)
    if game_file is not None:
        say(f"game     {game_file}")
