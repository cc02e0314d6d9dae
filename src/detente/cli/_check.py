"""What is wrong with case files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from detente.cli import _options as options
from detente.cli._group import WRONG_INPUT, complain
from detente.cli._writing import print_json
from detente.errors import CaseError


@click.command()
@click.argument("cases", metavar="CASE...", nargs=-1, required=True)
@click.option(
    "--sources",
    type=click.Path(path_type=Path),
    help="Folder with copies of the sources: check where each claim stands.",
)
@options.as_json
def check(cases: tuple[str, ...], sources: Path | None, as_json: bool) -> None:
    """Say everything that is wrong with case files, with line and column."""
    import detente
    from detente.case import check_anchors
    from detente.report import print_case

    wrong: list[str] = []
    report: list[dict[str, Any]] = []
    for name in cases:
        problems: Sequence[Any] = ()
        try:
            loaded = detente.load(name)
            if sources is not None:
                problems = check_anchors(loaded, sources)
        except CaseError as error:
            problems = error.problems
        if not problems and not as_json:
            print_case(loaded)
        wrong += map(str, problems)
        report.append({"case": name, "problems": [str(problem) for problem in problems]})
    if as_json:
        print_json(report)
    if wrong:
        if not as_json:
            complain("\n".join(wrong))
        raise SystemExit(WRONG_INPUT)
