"""The whole way: answers, report and results."""

from __future__ import annotations

import json
from pathlib import Path

import click

from detente.cli._options import case_argument, json_option
from detente.cli._writing import write_atomically


@click.command()
@case_argument
@click.option("--draws", "-n", default=400, show_default=True, type=click.IntRange(1, 10_000_000))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--workers", type=click.IntRange(1, 1024), help="Threads; all cores by default.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Folder; results/CASE by default."
)
@json_option
def run(
    case: str, draws: int, seed: int, workers: int | None, output: Path | None, as_json: bool
) -> None:
    """Take a case the whole way: answers, report.html and results.json."""
    import detente
    from detente.cli._progress import progress_bar
    from detente.report import console, print_findings, render

    loaded = detente.load(case)
    folder = output or Path("results") / loaded.name
    folder.mkdir(parents=True, exist_ok=True)
    with progress_bar("solving draws") as progress:
        findings = detente.analyse(loaded, draws, seed, workers=workers, progress=progress)
    results = json.dumps(findings.to_dict(), indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    write_atomically(folder / "results.json", results)
    write_atomically(folder / "report.html", render(findings))
    if as_json:
        click.echo(results, nl=False)
        return
    print_findings(findings)
    screen = console()
    screen.print(f"report   {folder / 'report.html'}", soft_wrap=True)
    screen.print(f"results  {folder / 'results.json'}", soft_wrap=True)
