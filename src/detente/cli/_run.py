"""The whole way: answers, report and results."""

from __future__ import annotations

import json
from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._writing import write_atomically


@click.command()
@options.case
@options.draws(400)
@options.seed
@options.workers("Threads")
@options.output("Folder; results/CASE by default.", folder=True)
@options.settings
@options.variants
@options.as_json
def run(
    case: str,
    draws: int,
    seed: int,
    workers: int | None,
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
        findings = detente.analyse(loaded, draws, seed, workers=workers, progress=progress)
    results = json.dumps(findings.to_dict(), indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    page = render(findings)
    write_atomically(folder / "results.json", results)
    write_atomically(folder / "report.html", page)
    if as_json:
        click.echo(results, nl=False)
        return
    print_findings(findings)
    screen = console()
    screen.print(f"report   {folder / 'report.html'}", soft_wrap=True)
    screen.print(f"results  {folder / 'results.json'}", soft_wrap=True)
