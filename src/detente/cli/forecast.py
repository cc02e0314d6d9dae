"""What happens next."""

from __future__ import annotations

import json
from typing import Any

import click

from detente.cli.options import case_argument, json_option, numbers_in, pairs_in, set_option
from detente.errors import InputError


@click.command()
@case_argument
@click.argument("queries", metavar="[QUERY]...", nargs=-1)
@click.option("--years", type=float, help="How far; the case's clock, or 5, by default.")
@click.option("--given", help="Start from the states where this formula holds.")
@click.option("--while", "scope", help="Answer given that this formula holds throughout.")
@click.option(
    "--do", "held", multiple=True, metavar="OPTION=LEVEL", help="Hold a level; repeatable."
)
@click.option("--unannounced", is_flag=True, help="The actors do not know of --do.")
@click.option(
    "--certificate", is_flag=True, help="Say how far the solution can be trusted: takes longer."
)
@set_option
@json_option
def forecast(
    case: str,
    queries: tuple[str, ...],
    years: float | None,
    given: str | None,
    scope: str | None,
    held: tuple[str, ...],
    unannounced: bool,
    certificate: bool,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say what happens next, and how likely each QUERY is, such as "F[0, 5] us.offer > none"."""
    import detente
    from detente.equilibrium import intervene
    from detente.report.terminal import print_forecast
    from detente.study import horizon

    if scope and not queries:
        raise InputError('--while is about a query; add one, such as "F[0, 5] us.offer > none"')
    if unannounced and not held:
        raise InputError("--unannounced is about --do; add --do OPTION=LEVEL")
    loaded = detente.load(case)
    base = loaded.conflict(**numbers_in(settings)).equilibrium()
    changed = intervene(base, pairs_in(held, "--do"), None, not unannounced)
    answers = [changed.probability(query, given, scope=scope) for query in queries]
    paths = changed.paths(horizon(loaded) if years is None else years, given)
    certified = changed.certificate() if certificate else None
    if as_json:
        out: dict[str, Any] = {
            "equilibrium": changed.to_dict(),
            "answers": [found.to_dict() for found in answers],
            "paths": paths.to_dict(),
        }
        if certified is not None:
            out["certificate"] = certified.to_dict()
        click.echo(json.dumps(out, indent=1, ensure_ascii=False))
        return
    print_forecast(changed, paths, answers, scope)
    if certified is not None:
        click.echo(f"\n{certified}")
