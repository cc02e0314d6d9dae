"""A table of bargaining over many draws of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli import _options as options
from detente.cli._study import PROCESSES_FROM
from detente.cli._writing import print_json, say
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.bargaining import BargainingTable
    from detente.case import Case

_OPTIONS = (
    options.draws(0, 0, 1_000_000, "Draws of the numbers; 0: as stated."),
    click.option(
        "--spread",
        default=0.1,
        show_default=True,
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        help="Of a CSV table: positions by this share of the scale to either side, salience and "
        "capability by this share of themselves. A case has ranges of its own.",
    ),
    click.option(
        "--model",
        "models",
        multiple=True,
        metavar="MODEL",
        help="Ask this model in every draw; repeatable. All but challenge by default.",
    ),
    click.option(
        "--design",
        default="lhs",
        show_default=True,
        type=click.Choice(["lhs", "sobol", "saltelli", "morris"]),
        help="How to draw; saltelli and morris for what outcomes turn on.",
    ),
    options.workers("Processes"),
)


def subject_in(
    name: str, settings: Sequence[str], variants: Sequence[str]
) -> Case | BargainingTable:
    """Read a case, or a table of its own."""
    from detente.bargaining import read_table
    from detente.case import builtin_cases

    if name in builtin_cases() or Path(name).suffix.lower() in {".yaml", ".yml"}:
        return options.load_case(name, settings, variants)
    if settings or variants:
        option = "--set" if settings else "--variant"
        raise InputError(f"{option} goes with a case; {name} is a table of its own")
    return read_table(name)


def asked_over_draws(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that `answer_over_draws` takes, ``--draws`` among them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def answer_over_draws(
    subject: Case | BargainingTable,
    draws: int,
    seed: int,
    spread: float,
    models: Sequence[str],
    design: str,
    workers: int | None,
    rounds: int,
    setter: str | None,
    threshold: float | None,
    veto: Sequence[str],
    as_json: bool,
) -> None:
    """Say what a table comes to over draws."""
    from detente.cli._progress import progress_bar
    from detente.study import study_bargaining

    with progress_bar("answering draws") as progress:
        found = study_bargaining(
            subject, draws, seed, spread, models=models, rounds=rounds, setter=setter,
            threshold=0.5 if threshold is None else threshold, veto=veto, design=design,
            workers=workers,
            processes=draws >= PROCESSES_FROM, progress=progress,
        )  # fmt: skip
    if as_json:
        print_json(found.to_dict())
    else:
        say(found)
