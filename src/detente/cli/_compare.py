"""Two things side by side."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._writing import check_page, print_result, say, write_page


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="[B]", required=False)
@click.option("--a-set", multiple=True, metavar="NAME=VALUE", help="Set a parameter of A alone.")
@click.option("--b-set", multiple=True, metavar="NAME=VALUE", help="Set a parameter of B alone.")
@click.option("--a-variant", multiple=True, metavar="VARIANT.LEVEL", help="A variant of A alone.")
@click.option("--b-variant", multiple=True, metavar="VARIANT.LEVEL", help="A variant of B alone.")
@options.draws(400)
@options.seed
@options.workers("Threads")
@options.output("Write a page too, an .html file.")
@options.as_json
def compare(
    a: str,
    b: str | None,
    a_set: tuple[str, ...],
    b_set: tuple[str, ...],
    a_variant: tuple[str, ...],
    b_variant: tuple[str, ...],
    draws: int,
    seed: int,
    workers: int | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Put two cases, settings or results side by side and say what differs.

    A and B are names or files of cases, study files, or results.json of a run; without B, A stands
    beside itself, with the settings of either. Cases are solved on the same draws, so that a
    difference is theirs and not luck.
    """
    import detente
    from detente.cli._progress import progress_bar
    from detente.report import render_comparison

    if output is not None:
        check_page(output)
    with progress_bar("solving draws") as progress:
        found = detente.compare(
            a,
            a if b is None else b,
            draws,
            seed,
            a_set=options.numbers_in(a_set),
            b_set=options.numbers_in(b_set),
            a_variant=a_variant,
            b_variant=b_variant,
            workers=workers,
            progress=progress,
        )
    if output is not None:
        write_page(output, render_comparison(found))
    print_result(found, as_json)
    if output is not None and not as_json:
        say(f"\npage     {output}")
