"""The conflict as a one-shot game."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from detente.cli import _options as options
from detente.cli._group import UNFINISHED, complain
from detente.cli._writing import print_json, say
from detente.errors import AnalysisError

if TYPE_CHECKING:
    from detente.oneshot import Rule


@click.command()
@options.case
@click.option(
    "--state",
    "--given",
    metavar="STATE",
    help="Choose among the legal moves from here: today, or levels that differ from today's, "
    "such as us.offer=none,china.enforcement=lax. Anything can be chosen by default.",
)
@click.option("--costs", is_flag=True, help="Payoffs less the cost of changing from --state.")
@click.option(
    "--infeasible",
    type=click.Choice(["refuse", "worst", "stay"]),
    default="refuse",
    help="What choices that exclude each other lead to: no game (the default), everyone's worst "
    "payoff, or --state.",
)
@click.option(
    "--qre",
    "precision",
    type=float,
    metavar="PRECISION",
    help="Precision of the logit equilibrium; the case's own by default.",
)
@click.option(
    "--time-limit",
    type=float,
    default=60.0,
    metavar="SECONDS",
    help="Leave off the search for mixed equilibria after this long (60), with what was found.",
)
@options.settings
@options.variants
@options.as_json
def oneshot(
    case: str,
    state: str | None,
    costs: bool,
    infeasible: Rule,
    precision: float | None,
    time_limit: float,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Play the conflict once, all choosing at the same moment."""
    from detente.cli._progress import progress_bar

    conflict = options.load_case(case, settings, variants).conflict()
    start = None if state is None else options.state_in(state, "--state") or {}
    game = conflict.one_shot(start, costs=costs, infeasible=infeasible)
    pure, mixed, logit, lost = game.pure(), None, None, ""
    try:
        logit = game.qre(precision)
    except AnalysisError as error:
        lost = str(error)
    if len(game.choosing) <= 2:
        with progress_bar("finding corners") as progress:
            mixed = game.mixed(progress, time_limit=time_limit)
    if as_json:
        parts = {"game": game, "pure": pure, "logit": logit, "mixed": mixed}
        print_json({name: part.to_dict() for name, part in parts.items() if part is not None})
    else:
        found = [part for part in (game, pure, mixed, logit) if part is not None]
        say("\n\n".join(map(str, found)))
    if lost:
        complain(lost)
        raise SystemExit(UNFINISHED)
