"""What is wrong with case files, and what in sound ones may not be meant."""

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
@click.option("--quick", is_flag=True, help="Leave out the warnings that need a solution.")
@click.option("--strict", is_flag=True, help="Exit code 2 for warnings that are not meant, too.")
@options.as_json
def check(
    cases: tuple[str, ...], sources: Path | None, quick: bool, strict: bool, as_json: bool
) -> None:
    """Say everything that is wrong with case files, with line and column.

    A sound case gets warnings about what may not be meant; `meant` in the file answers them.
    """
    import detente
    from detente.case import check_anchors
    from detente.cli._progress import progress_bar
    from detente.report import print_case, print_review

    wrong: list[str] = []
    doubtful = False
    report: list[dict[str, Any]] = []
    for name in cases:
        problems: Sequence[Any] = ()
        review = None
        try:
            loaded = detente.load(name)
            if sources is not None:
                problems = check_anchors(loaded, sources)
        except CaseError as error:
            problems = error.problems
        if not problems:
            with progress_bar("looking for warnings") as progress:
                review = loaded.review(quick=quick, progress=progress)
            doubtful |= bool(review.open)
            if not as_json:
                print_case(loaded)
                print_review(review, one_line=True)
        wrong += map(str, problems)
        found = {"case": name, "problems": [str(problem) for problem in problems]}
        report.append({**found, **(review.to_dict() if review else {})})
    if as_json:
        print_json(report)
    if wrong or (strict and doubtful):
        if wrong and not as_json:
            complain("\n".join(wrong))
        raise SystemExit(WRONG_INPUT)
