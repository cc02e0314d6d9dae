"""A case beside placebos of its preferences."""

from __future__ import annotations

import click

from detente.cli import _options as options
from detente.cli._writing import print_result


@click.command()
@options.case
@options.draws(200, words="Placebos of each kind, at most.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    help="swapped, turned, signs or shuffled; repeatable, all by default.",
)
@click.option("--until", metavar="DATE", help="Score blind forecasts from this day too.")
@options.seed
@options.workers("Threads")
@options.settings
@options.variants
@options.as_json
def placebo(
    case: str,
    draws: int,
    kinds: tuple[str, ...],
    until: str | None,
    seed: int,
    workers: int | None,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Answer the claims of CASE with preferences that mean nothing.

    Preferences are swapped among actors, turned round, and their weights shuffled. What agrees as
    often with those does not rest on who wants what.
    """
    from detente.cli._progress import progress_bar
    from detente.evidence import placebo as with_placebos

    loaded = options.load_case(case, settings, variants)
    chosen = {"kinds": kinds} if kinds else {}
    with progress_bar("solving placebos") as progress:
        found = with_placebos(
            loaded, draws, seed, until=until, workers=workers, progress=progress, **chosen
        )
    print_result(found, as_json)
