"""What a table of positions comes to under the models of bargaining."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._bargain_in_time import answer_in_time, asked_in_time
from detente.cli._writing import print_json, say


@click.command()
@click.argument("table", metavar="TABLE", type=click.Path(path_type=Path))
@click.option("--rounds", default=1, show_default=True, type=click.IntRange(1, 100))
@click.option("--setter", metavar="ACTOR", help="Who proposes, for the procedural model.")
@click.option(
    "--threshold",
    default=0.5,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="Share of the capability that must accept a proposal.",
)
@click.option("--veto", metavar="ACTOR", multiple=True, help="Who must accept it; repeatable.")
@asked_in_time
@options.as_json
def bargain(
    table: Path, rounds: int, setter: str | None, threshold: float, veto: tuple[str, ...],
    in_time: bool, numbers: tuple[int, ...], game_file: Path | None, settings: tuple[str, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """Say what the positions in TABLE come to, and who could trade what with whom.

    TABLE is a CSV file with the columns issue, actor, position, salience, capability and, where
    known, reference; or a file of the programs Decide or KTAB.
    """
    from detente.bargaining import compare_models, exchange, read_table

    if in_time or numbers or game_file:
        exchanges = exchange(read_table(table), rounds)
        answer_in_time(exchanges, table, numbers, game_file, settings, as_json)
        return
    found = compare_models(read_table(table), rounds, setter, threshold, veto)
    if as_json:
        print_json(found.to_dict())
    else:
        say(found)
