"""Why an answer is what it is."""

from __future__ import annotations

import click

from detente.cli import _options as options
from detente.cli._writing import print_json


@click.command()
@options.case
@click.argument("what", metavar="CLAIM|QUERY")
@options.settings
@click.option("--quick", is_flag=True, help="Who carries the answer and why; not what flips it.")
@options.workers("Threads")
@options.as_json
def why(
    case: str,
    what: str,
    settings: tuple[str, ...],
    quick: bool,
    workers: int | None,
    as_json: bool,
) -> None:
    """Say why an answer is what it is, and what would change it.

    WHAT is the id of a claim, or a query such as "F[0, 5] us.offer == large". Three sentences come
    first: the answer, who carries it and what they gain, and the nearest change of the assumptions
    that flips the verdict; then the tables behind them.
    """
    import detente
    from detente.cli._progress import progress_bar
    from detente.explanation import explain_answer
    from detente.report import print_wrapped

    loaded = detente.load(case)
    with progress_bar("solving at other values") as progress:
        found = explain_answer(
            loaded,
            what,
            options.numbers_in(settings),
            search=not quick,
            workers=workers,
            progress=progress,
        )
    if as_json:
        print_json(found)
        return
    print_wrapped(str(found))
