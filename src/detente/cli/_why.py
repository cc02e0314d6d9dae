"""Why an answer is what it is."""

from __future__ import annotations

import click

from detente.cli import _options as options
from detente.cli._writing import print_json
from detente.errors import InputError


@click.command()
@options.case
@click.argument("what", metavar="CLAIM|QUERY")
@options.given
@options.held
@click.option("--unannounced", is_flag=True, help="The actors do not know of --do.")
@click.option("--quick", is_flag=True, help="Who carries the answer and why; not what flips it.")
@options.settings
@options.variants
@options.workers("Threads")
@options.as_json
def why(
    case: str,
    what: str,
    given: tuple[str, ...],
    held: tuple[str, ...],
    unannounced: bool,
    quick: bool,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    workers: int | None,
    as_json: bool,
) -> None:
    """Say why an answer is what it is, and what would change it.

    It takes the id of a claim, or a query such as "F[0, 5] us.offer == large". Three sentences come
    first: the answer, who carries it and what they gain, and the nearest change of the assumptions
    that flips the verdict; then the tables behind them. --given and --do are for queries: a claim
    says itself from where and under which intervention it is asked.
    """
    from detente.cli._progress import progress_bar
    from detente.explanation import arm_of, explain_answer
    from detente.report import print_wrapped

    if unannounced and not held:
        raise InputError("--unannounced needs --do; add --do NAME=LEVEL")
    loaded = options.load_case(case, settings, variants)
    arm = None
    if given or held:
        do, start = options.levels_in(loaded, held), options.start_in(given)
        arm = arm_of(loaded, start, do, announced=not unannounced)
    with progress_bar("solving at other values") as progress:
        found = explain_answer(
            loaded, what, arm=arm, search=not quick, workers=workers, progress=progress
        )
    if as_json:
        print_json(found)
        return
    print_wrapped(str(found))
