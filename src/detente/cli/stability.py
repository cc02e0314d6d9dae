"""Which states are stable, for whom, and why."""

from __future__ import annotations

import json

import click

from detente.cli.options import case_argument, json_option, numbers_in, pairs_in, set_option


@click.command()
@case_argument
@click.option(
    "--concept",
    "concepts",
    multiple=True,
    help="nash, gmr, smr, seq, sseq or sim; repeatable; nash and seq by default.",
)
@click.option(
    "--explain",
    metavar="STATE",
    help="Say why a state holds for each actor: today, or levels that differ from today's, "
    "such as us.offer=none,china.enforcement=lax.",
)
@set_option
@json_option
def stability(
    case: str,
    concepts: tuple[str, ...],
    explain: str | None,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say which states are stable, for whom, and why."""
    import detente
    from detente.report.terminal import print_stability

    conflict = detente.load(case).conflict(**numbers_in(settings))
    found = conflict.stability()
    chosen = concepts or ("nash", "seq")
    if explain is not None:
        levels = [] if explain == "today" else explain.split(",")
        state = pairs_in(levels, "--explain") or None
        told = [found.explain(state, a, c) for c in concepts or ("seq",) for a in conflict.actors]
        if as_json:
            rows = [explanation.to_dict() for explanation in told]
            click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        else:
            click.echo("\n".join(map(str, told)))
        return
    if as_json:
        for concept in chosen:
            found.equilibria(concept)
        whole = found.to_dict()
        whole["concepts"] = {concept: whole["concepts"][concept] for concept in chosen}
        click.echo(json.dumps(whole, indent=1, ensure_ascii=False))
        return
    print_stability(found, chosen)
