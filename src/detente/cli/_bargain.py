"""What a table of positions comes to under the models of bargaining."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._bargain_draws import answer_over_draws, asked_over_draws, subject_in
from detente.cli._bargain_in_time import answer_in_time, asked_in_time
from detente.cli._writing import print_json, say


@click.command()
@click.argument("table", metavar="TABLE")
@options.settings
@options.variants
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
@asked_over_draws
@options.seed
@options.as_json
def bargain(
    table: str, settings: tuple[str, ...], variants: tuple[str, ...], rounds: int,
    setter: str | None, threshold: float, veto: tuple[str, ...], in_time: bool,
    numbers: tuple[int, ...], game_file: Path | None, discount: float | None, answer: float | None,
    draws: int, spread: float, models: tuple[str, ...], design: str, workers: int | None, seed: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Say what the positions in TABLE come to, and who could trade what with whom.

    TABLE is a CSV file with the columns issue, actor, position, salience, capability and, where
    known, reference; a file of the programs Decide or KTAB; or a case that has a table.
    """
    from detente.bargaining import BargainingTable, compare_models, table_of

    subject = subject_in(table, settings, variants)
    if in_time or numbers or game_file is not None:
        answer_in_time(subject, rounds, numbers, game_file, discount, answer, as_json)
        return
    if draws:
        answer_over_draws(
            subject, draws, seed, spread, models, design, workers, rounds, setter, threshold, veto,
            as_json,
        )  # fmt: skip
        return
    read = subject if isinstance(subject, BargainingTable) else table_of(subject)
    found = compare_models(read, rounds, setter, threshold, veto)
    if as_json:
        print_json(found.to_dict())
    else:
        say(found)
