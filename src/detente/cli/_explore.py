"""Phase diagrams."""

from __future__ import annotations

import re
from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._writing import print_json, say, write_beside
from detente.errors import InputError
from detente.files import write_file

_LONGEST = 80
"""Letters of a file's name."""


@click.command()
@options.case
@click.option("--x", required=True, metavar="NAME[=LOW:HIGH]", help="A parameter or an option.")
@click.option("--y", required=True, metavar="NAME[=LOW:HIGH]", help="Another one.")
@click.option("--show", required=True, metavar="CLAIM|QUERY", help="What to answer.")
@click.option("--points", default=9, show_default=True, type=click.IntRange(2, 200))
@options.draws(1, 1, 100_000, "Draws of all other parameters per point; 1: as stated.")
@options.seed
@click.option(
    "--solve-all", is_flag=True, help="Solve every point; else some are interpolated, and marked ~."
)
@options.output(
    ".svg or .html file; by default results/CASE/explore-X-Y-SHOW.svg, never an old one."
)
@options.settings
@options.variants
@options.as_json
def explore(
    case: str,
    x: str,
    y: str,
    show: str,
    points: int,
    draws: int,
    seed: int,
    solve_all: bool,
    output: Path | None,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Answer a claim over a grid of two parameters or options: a phase diagram."""
    from detente.cli._progress import progress_bar
    from detente.drawing import phase
    from detente.study import phase_diagram

    loaded = options.load_case(case, settings, variants)
    path = output or options.folder_of(loaded) / "explore.svg"
    if path.suffix not in {".svg", ".html"}:
        raise InputError(f"{path}: a phase diagram must end in .svg or .html; rename it")
    (x, spans), (y, more) = _spanned(x), _spanned(y)
    with progress_bar("solving points") as progress:
        found = phase_diagram(
            loaded,
            x,
            y,
            show,
            points=points,
            draws=draws,
            rng=seed,
            spans=spans | more,
            solve_all=solve_all,
            progress=progress,
        )
    drawing = str(phase(found))
    if path.suffix == ".html":
        head = '<!doctype html><html lang="en"><meta charset="utf-8">'
        dark = '<meta name="color-scheme" content="light dark">'
        drawing = f"{head}{dark}<title>{loaded.name}</title>{drawing}</html>"
    path.parent.mkdir(parents=True, exist_ok=True)
    if output is None:
        path = write_beside(path.with_name(f"{_named('explore', x, y, show)}.svg"), drawing + "\n")
    else:
        write_file(path, drawing + "\n")
    if as_json:
        print_json(found.to_dict())
        return
    say(found)
    say(f"diagram  {path}")


def _named(*words: str) -> str:
    """Return what was varied and shown as the name of a file."""
    return "-".join(re.sub(r"[^\w.]+", "_", word).strip("_") for word in words)[:_LONGEST]


def _spanned(words: str) -> tuple[str, dict[str, tuple[float, float]]]:
    name, equals, span = words.partition("=")
    if not equals:
        return name, {}
    low, _, high = span.partition(":")
    try:
        ends = float(low), float(high)
    except ValueError:
        raise InputError(f"{words!r}: write a range as {name}=LOW:HIGH") from None
    return name, {name: ends}
