"""What happens next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from detente.cli import _options as options
from detente.cli._writing import print_json, say
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium


@click.command()
@options.case
@click.argument("queries", metavar="[QUERY]...", nargs=-1)
@click.option("--years", type=float, help="Years ahead; the clock's, or 5, by default.")
@options.given
@click.option("--while", "scope", help="Answer given that this formula holds throughout.")
@click.option(
    "--let",
    "names",
    multiple=True,
    metavar="NAME=QUERY",
    help="Name another query's probability, for use in this one; repeatable.",
)
@options.held
@click.option(
    "--during", metavar="FROM,TO", help="--do from one year to another only, such as 0,2."
)
@click.option("--unannounced", is_flag=True, help="The actors do not know of --do.")
@click.option(
    "--until",
    "ends",
    multiple=True,
    metavar="FORMULA",
    help="Expected years until this formula holds; repeatable.",
)
@click.option(
    "--total",
    "totals",
    multiple=True,
    metavar="FORMULA",
    help="What an issue adds up to over --years, or the years with a formula; repeatable.",
)
@click.option("--long-run", "settled", is_flag=True, help="Show where it settles.")
@click.option(
    "--certificate", is_flag=True, help="Say how far the solution can be trusted: takes longer."
)
@options.settings
@options.variants
@options.as_json
def forecast(
    case: str,
    queries: tuple[str, ...],
    years: float | None,
    given: tuple[str, ...],
    scope: str | None,
    names: tuple[str, ...],
    held: tuple[str, ...],
    during: str | None,
    unannounced: bool,
    ends: tuple[str, ...],
    totals: tuple[str, ...],
    settled: bool,
    certificate: bool,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say what happens next, and how likely each QUERY is, such as "F[0, 5] us.offer > none"."""
    from detente.equilibrium import intervene
    from detente.report import print_forecast
    from detente.study import horizon

    if (scope or names) and not queries:
        option = "--while" if scope else "--let"
        raise InputError(f'{option} needs a query; add one, such as "F[0, 5] us.offer > none"')
    if (unannounced or during) and not held:
        option = "--unannounced" if unannounced else "--during"
        raise InputError(f"{option} needs --do; add --do NAME=LEVEL")
    loaded = options.load_case(case, settings, variants)
    base = loaded.conflict().equilibrium()
    do, start = options.levels_in(loaded, held), options.start_in(given)
    if during is not None:
        if not queries or ends or totals or settled or names or certificate:
            raise InputError("--during is for queries only; give one, and ask the rest separately")
        found = [
            base.probability(
                query, start, scope=scope, do=do, announced=not unannounced, during=_span(during)
            )
            for query in queries
        ]
        if as_json:
            told = {"answers": [answer.to_dict() for answer in found]}
            print_json(told)
        else:
            say("\n".join(map(str, found)))
        return
    changed = intervene(base, do, None, not unannounced)
    let = options.pairs_in(names, "--let")
    answers = [changed.probability(query, start, scope=scope, let=let) for query in queries]
    far = horizon(loaded) if years is None else years
    paths = changed.paths(far, start)
    further = _further(changed, start, far, ends, totals, settled, certificate)
    if as_json:
        out: dict[str, Any] = {
            "changed": list(loaded.changes),
            "equilibrium": changed.to_dict(),
            "answers": [answer.to_dict() for answer in answers],
            "paths": paths.to_dict(),
        }
        out |= {
            name: [one.to_dict() for one in value] if isinstance(value, list) else value.to_dict()
            for name, value in further.items()
        }
        print_json(out)
        return
    if loaded.changes:
        say(f"changed: {', '.join(loaded.changes)}")
    print_forecast(changed, paths, answers, scope)
    for value in further.values():
        lines = map(str, value) if isinstance(value, list) else [str(value)]
        say("\n" + "\n".join(lines))


def _further(
    changed: Equilibrium,
    given: str | Mapping[str, str] | None,
    years: float,
    ends: tuple[str, ...],
    totals: tuple[str, ...],
    settled: bool,
    certificate: bool,
) -> dict[str, Any]:
    """Answer what was asked beyond queries, by the name of the answer."""
    asked: dict[str, Any] = {
        "until": [changed.expected_time(formula, given) for formula in ends],
        "total": [changed.accumulated(formula, years, given) for formula in totals],
        "long_run": changed.long_run(given) if settled else None,
        "certificate": changed.certificate() if certificate else None,
    }
    return {name: value for name, value in asked.items() if value}


def _span(during: str) -> tuple[float, float]:
    begin, comma, end = during.partition(",")
    try:
        if not comma:
            raise ValueError
        return float(begin), float(end)
    except ValueError:
        raise InputError(f"--during {during!r} is not a pair of years; write it as 0,2") from None
