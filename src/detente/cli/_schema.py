"""The JSON Schema of case files."""

from __future__ import annotations

import json

import click

from detente.cli._writing import say


@click.command()
def schema() -> None:
    """Print the JSON Schema of case files, for editors."""
    from detente.case import json_schema

    say(json.dumps(json_schema(), indent=2, ensure_ascii=False))
