"""What would it take: prices, fair points, linked deals, packages and levers of one deal."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._writing import check_page, print_json, say, write_page


@click.command()
@options.case
@click.option("--want", required=True, metavar="FORMULA", help="The wanted behaviour.")
@click.option("--payer", required=True, metavar="ACTOR", help="Who pays.")
@click.option("--from", "of", required=True, metavar="ACTOR", help="Who must change.")
@options.given
@click.option(
    "--also",
    multiple=True,
    metavar="FORMULA",
    help="Another formula: how likely without a deal, and can it be stable? Repeatable.",
)
@click.option("--horizon", default=5.0, show_default=True, help="Years.")
@click.option("--probability", default=0.8, show_default=True, help="What counts as likely enough.")
@click.option("--concept", default="seq", show_default=True, help="Of stability.")
@click.option(
    "--exchange",
    default=1.0,
    show_default=True,
    help="What a unit of --from's utility costs the payer, in its own units.",
)
@click.option("--triples", is_flag=True, help="Linked deals of up to three changes, not two.")
@options.draws(400, 0, 1_000_000, "Draws of the parameters; 0: as stated only.")
@options.seed
@options.workers("Processes")
@options.output(".html page; results/CASE/deals.html by default.")
@options.settings
@options.variants
@options.as_json
def deals(
    case: str,
    want: str,
    payer: str,
    of: str,
    given: tuple[str, ...],
    also: tuple[str, ...],
    horizon: float,
    probability: float,
    concept: str,
    exchange: float,
    triples: bool,
    draws: int,
    seed: int,
    workers: int | None,
    output: Path | None,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say what it would take to get a behaviour from an actor, and who would pay it."""
    from detente.cli._progress import progress_bar
    from detente.deals import assess_deal, study_deal
    from detente.report import print_wrapped, render_deals

    loaded = options.load_case(case, settings, variants)
    path = output or options.folder_of(loaded) / "deals.html"
    check_page(path)
    start = options.state_in(",".join(given), "--given")
    if draws:
        with progress_bar("answering draws") as progress:
            found = study_deal(
                loaded, want, of, payer, draws, seed, workers=workers, progress=progress,
                given=start, also=also, horizon=horizon, probability=probability, concept=concept,
                exchange=exchange, size=2 + triples,
            )  # fmt: skip
        told = [str(found.base), str(found)]
        page, plain = render_deals(loaded, found), found.to_dict()
    else:
        stated = assess_deal(
            loaded.conflict(), want, of, payer, given=start, also=also,
            horizon=horizon, probability=probability, concept=concept, exchange=exchange,
            size=2 + triples,
        )  # fmt: skip
        told = [str(stated)]
        page, plain = render_deals(loaded, stated), stated.to_dict()
    write_page(path, page)
    if as_json:
        print_json(plain)
        return
    print_wrapped("\n\n".join(told))
    say(f"\npage     {path}")
