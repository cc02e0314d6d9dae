"""What a table of positions comes to under the models of bargaining."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._writing import print_json, say, write_page


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
@click.option(
    "--report", metavar="FILE.html", type=click.Path(path_type=Path), help="Write a page."
)
@options.as_json
def bargain(
    table: Path, rounds: int, setter: str | None, threshold: float, veto: tuple[str, ...],
    report: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say what the positions in TABLE come to, and who could trade what with whom.

    TABLE is a CSV file with the columns issue, actor, position, salience, capability and, where
    known, reference; or a file of the programs Decide or KTAB.
    """
    from detente.bargaining import compare_models, read_table
    from detente.report import render_bargaining

    found = compare_models(read_table(table), rounds, setter, threshold, veto)
    if report is not None:
        write_page(report, render_bargaining(found, table.stem))
    if as_json:
        print_json(found.to_dict())
    else:
        say(found if report is None else f"{found}\n\npage     {report}")
