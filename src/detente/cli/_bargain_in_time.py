"""Exchanges of a table in the timed game: whether they hold, and the game as a case file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli._writing import print_json, say
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.bargaining import BargainingTable
    from detente.case import Case

_OPTIONS = (
    click.option(
        "--in-time",
        is_flag=True,
        help="Whether each exchange made holds in the timed game, and who breaks it first.",
    ),
    click.option(
        "--game",
        "numbers",
        multiple=True,
        type=click.IntRange(1),
        metavar="N",
        help="The same of the N-th exchange made alone; repeatable.",
    ),
    click.option(
        "--game-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write the game that --game names as a case, a new .yaml file.",
    ),
    click.option(
        "--discount",
        type=click.FloatRange(0, min_open=True),
        help="A year, in those games; 0.1 by default.",
    ),
    click.option(
        "--answer",
        type=click.FloatRange(0, min_open=True),
        help="Times a year that an exchange is off after one side went back; 2 by default.",
    ),
)


def asked_in_time(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that `answer_in_time` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def answer_in_time(
    subject: Case | BargainingTable,
    rounds: int,
    numbers: Sequence[int],
    game_file: Path | None,
    discount: float | None,
    answer: float | None,
    as_json: bool,
) -> None:
    """Say which exchanges hold, and write their game where a file is named."""
    from detente.bargaining import BargainingTable, exchange, table_of
    from detente.deals import exchange_case, exchanges_in_time

    if game_file is not None:
        if not numbers:
            raise InputError("--game-file without --game; say which, as in --game 1")
        if game_file.suffix not in {".yaml", ".yml"}:
            raise InputError(f"{game_file}: a case must end in .yaml; rename it")
        if game_file.exists():
            raise InputError(f"{game_file} exists; give another name")
    given = {"discount": discount, "answer": answer}
    settings = {name: value for name, value in given.items() if value is not None}
    if isinstance(subject, BargainingTable):
        table, source = subject, ""
    else:
        table, source = table_of(subject), subject.title
    made = exchange(table, rounds)
    found = exchanges_in_time(made, numbers or None, settings)
    if game_file is not None:
        exchange_case(made, numbers, source).set(settings).save(game_file)
    if as_json:
        print_json(found.to_dict())
        return
    say(found)
    if game_file is not None:
        say(f"game     {game_file}")
