"""The whole way: answers, report and results."""

from __future__ import annotations

import json
from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._writing import say
from detente.files import write_files


@click.command()
@options.case
@options.draws(400)
@options.seed
@options.workers("Threads")
@click.option(
    "--placebo",
    "placebos",
    default=0,
    type=click.IntRange(0),
    metavar="NUMBER",
    help="Also answer with so many placebos of each kind; see `detente placebo`.",
)
@options.output("Folder; results/CASE by default.", folder=True)
@options.settings
@options.variants
@options.as_json
def run(
    case: str,
    draws: int,
    seed: int,
    workers: int | None,
    placebos: int,
    output: Path | None,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Take a case the whole way: answers, report.html and results.json."""
    import detente
    from detente.cli._progress import progress_bar
    from detente.report import console, print_findings, render

    loaded = options.load_case(case, settings, variants)
    folder = output or options.folder_of(loaded)
    folder.mkdir(parents=True, exist_ok=True)
    with progress_bar("solving draws") as progress:
        findings = detente.analyse(
            loaded, draws, seed, placebos=placebos, workers=workers, progress=progress
        )
    results = json.dumps(findings.to_dict(), indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    report = render(findings)
    write_files({folder / "results.json": results, folder / "report.html": report})
    if as_json:
        say(results, end=False)
        return
    print_findings(findings)
    screen = console()
    screen.print(f"report   {folder / 'report.html'}", soft_wrap=True)
    screen.print(f"results  {folder / 'results.json'}", soft_wrap=True)
