"""Many conflicts in one template: fit what they share to the past, score the rest."""

from __future__ import annotations

import json
import math
from pathlib import Path
from textwrap import fill

import click

from detente.cli import _options as options
from detente.cli._group import STOPPED, complain
from detente.cli._writing import check_page, print_json, print_result, say, write_page
from detente.errors import InputError

_file = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
_cluster = click.option("--cluster", default="", metavar="ADDRESS", help="Solve on a Dask cluster.")


@click.group()
def panel() -> None:
    """Fit many conflicts at once in one small template, and score those that came later."""


@panel.command("show")
@_file
@options.as_json
def show_panel(file: Path, as_json: bool) -> None:
    """Say what FILE holds: how many conflicts, what they share, what is read of each."""
    from detente.panel import load_panel

    print_result(load_panel(file), as_json)


@panel.command("fit")
@_file
@options.output("The fit, in JSON; results/NAME-fit.json by default.")
@click.option(
    "--most", default=60, show_default=True, type=click.IntRange(1), help="Steps at most."
)
@click.option("--resume", is_flag=True, help="Go on with a fit that was stopped.")
@options.workers("Processes")
@_cluster
@options.as_json
def fit_command(
    file: Path, output: Path | None, most: int, resume: bool, workers: int | None, cluster: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Fit the shared coefficients of FILE to its earlier conflicts."""
    from detente.cli._progress import progress_bar
    from detente.files import write_file
    from detente.panel import load_panel

    loaded = load_panel(file)
    path = output or Path("results") / f"{loaded.name}-fit.json"
    if path.suffix != ".json":
        raise InputError(f"{path}: the fit must end in .json; rename it")
    if path.exists() and not resume:
        raise InputError(
            f"{path} exists; give another name, delete it, or go on with its steps by --resume"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    steps = path.with_suffix(".sqlite")
    try:
        with progress_bar("fitting, steps at most") as tell:
            found = loaded.fit(
                most=most, workers=workers, cluster=cluster, progress=tell, store=steps,
                resume=resume,
            )  # fmt: skip
    except KeyboardInterrupt:
        complain(f"stopped; what is done is in {steps}: the same command with --resume goes on")
        raise SystemExit(STOPPED) from None
    write_file(path, json.dumps(found.to_dict(), indent=1, allow_nan=False) + "\n")
    if as_json:
        print_json(found)
    else:
        say(f"{found}\n\nfit      {path}")


@panel.command("score")
@_file
@click.option(
    "--fit", "fitted", required=True, metavar="FIT", type=click.Path(path_type=Path),
    help="What `detente panel fit` wrote.",
)  # fmt: skip
@click.option(
    "--ablations", is_flag=True,
    help="Also the game with choices at random, with one side blind, without time: a fit each.",
)  # fmt: skip
@click.option(
    "--placebos", type=click.IntRange(0), metavar="N",
    help="Deal the later outcomes out anew so often, forecasts staying: what chance gives. By "
    "default 1,000, at no cost; 20 of records, a filter each; 0 for none.",
)  # fmt: skip
@click.option(
    "--refits", default=0, type=click.IntRange(0), metavar="N",
    help="Deal all outcomes out anew so often and fit again: a fit each.",
)  # fmt: skip
@click.option(
    "--by", "columns", multiple=True, metavar="COLUMN[=CUT,CUT]",
    help="Also where the model does better than base rates, by a column: by its words, or at cuts "
    "of its numbers, by default thirds of the conflicts; repeatable.",
)  # fmt: skip
@click.option(
    "--report", metavar="FILE.html", type=click.Path(path_type=Path), help="Write a page too."
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@options.seed
@options.workers("Processes")
@_cluster
@options.as_json
def score_command(
    file: Path, fitted: Path, ablations: bool, placebos: int | None, refits: int,
    columns: tuple[str, ...], report: Path | None, force: bool, seed: int, workers: int | None,
    cluster: str, as_json: bool,
) -> None:  # fmt: skip
    """Score a fit of FILE on its later conflicts, beside baselines that know no strategy."""
    from detente.cli._progress import progress_bar
    from detente.panel import (
        difference_by,
        groups_by,
        load_panel,
        panel_limits,
        panel_placebos,
        read_fit,
    )
    from detente.report import render_panel

    if force and report is None:
        raise InputError("--force does nothing without --report; give both")
    if report is not None:
        check_page(report)
        if report.exists() and not force:
            raise InputError(f"{report} exists; give another name, or --force to replace it")
    loaded = load_panel(file)
    asked = [_column_in(entry) for entry in columns]
    for column, cuts in asked if loaded.test else ():
        groups_by(loaded, column, cuts)
    found = read_fit(loaded, fitted)
    with progress_bar("forecasting") as tell:
        scores = found.score(
            ablations=ablations, rng=seed, workers=workers, cluster=cluster, progress=tell
        )
    where = [difference_by(scores, column, cuts, rng=seed) for column, cuts in asked]
    if not as_json:
        say("\n\n".join(map(str, [scores, *where])))
    beside = None
    if placebos != 0 or refits:
        with progress_bar("placebos") as tell:
            beside = panel_placebos(
                found, scores, placebos, refits, rng=seed, workers=workers, cluster=cluster,
                progress=tell,
            )  # fmt: skip
    limits = panel_limits(found, scores)
    if as_json:
        print_json({
            **scores.to_dict(),
            "by": [one.to_dict() for one in where],
            **({} if beside is None else {"placebos": beside.to_dict()}),
            "limits": limits,
        })  # fmt: skip
    else:
        if beside is not None:
            say(f"\n{beside}")
        say("\nwhat these scores cannot say")
        for sentence in limits:
            say(fill(sentence, 80, initial_indent="  - ", subsequent_indent="    "))
    if report is not None:
        write_page(report, render_panel(found, scores, beside, where))
        if not as_json:
            say(f"\npage     {report}")


def _column_in(entry: str) -> tuple[str, list[float] | None]:
    """Read what ``--by`` was given."""
    column, equals, cuts = entry.partition("=")
    if not equals:
        return column.strip(), None
    try:
        found = [float(cut) for cut in cuts.split(",")]
    except ValueError:
        found = [math.nan]
    if not all(map(math.isfinite, found)):
        raise InputError(f"--by {entry!r} is not COLUMN=CUT,CUT; write it as ratio=0.3,0.6")
    return column.strip(), found
