"""What happened, and how argument and model did against it."""

from __future__ import annotations

import json

import click

from detente.cli.options import case_argument, json_option


@click.group()
def evidence() -> None:
    """Compare with what happened: the record of a case, fits, forecasts and scores."""


@evidence.command()
@case_argument
@click.option("--until", metavar="DATE", help="Show only what was known at the end of this day.")
@json_option
def show(case: str, until: str | None, as_json: bool) -> None:
    """Draw the record of CASE as a time line and list its rows."""
    import detente
    from detente.evidence.history import record
    from detente.evidence.timeline import draw, listing

    known = record(detente.load(case), until)
    if as_json:
        click.echo(json.dumps(known.to_dict(), indent=1, ensure_ascii=False))
        return
    click.echo(f"{draw(known)}\n\n{listing(known)}")
