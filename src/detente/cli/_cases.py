"""The built-in cases."""

from __future__ import annotations

import click

from detente.cli import _options as options
from detente.cli._writing import print_json, say


@click.command()
@options.as_json
def cases(as_json: bool) -> None:
    """List the built-in cases."""
    import detente
    from detente.case import builtin_cases

    found = [detente.load(name) for name in builtin_cases()]
    if as_json:
        rows = [{"name": c.name, "title": c.title, "question": c.question} for c in found]
        print_json(rows)
        return
    for case in found:
        say(f"{case.name:12} {case.title}")
