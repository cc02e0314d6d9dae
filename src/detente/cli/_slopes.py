"""How fast the answers of claims move with the parameters."""

from __future__ import annotations

import click

from detente.cli import _options as options
from detente.cli._writing import print_json


@click.command()
@options.case
@click.option("--claim", "claims", multiple=True, metavar="ID", help="These claims alone.")
@click.option(
    "--ask",
    "queries",
    multiple=True,
    metavar="QUERY",
    help='A query from today: "F[0, 5] us.offer > none", "after 3: FORMULA", "average 3: FORMULA", '
    '"until: FORMULA" or "long run: FORMULA"; repeatable.',
)
@click.option("--by", "parameters", multiple=True, metavar="NAME", help="These parameters alone.")
@options.settings
@options.variants
@options.as_json
def slopes(
    case: str,
    claims: tuple[str, ...],
    queries: tuple[str, ...],
    parameters: tuple[str, ...],
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say how fast the answers move with the parameters, at their stated values.

    A line for each claim or query names the three parameters of which one per cent more moves the
    answer most; --json gives every slope: what one unit more of the parameter adds to the answer.
    With --ask and without --claim there are no lines for claims.
    """
    from detente.report import print_wrapped

    loaded = options.load_case(case, settings, variants)
    found = loaded.slopes(claims or None, parameters or None, query=queries)
    if as_json:
        print_json(found)
        return
    print_wrapped(str(found))
