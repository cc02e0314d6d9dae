"""Results as files, each complete or not written at all, and as JSON on the screen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from detente.files import write_file
from detente.text import printable


def write_beside(path: Path, text: str) -> Path:
    """Write a file under its name, or the next free one where that holds something else."""
    from detente.engine import names_beside

    data = text.encode("utf-8")
    for place in names_beside(path):
        if not place.exists():
            write_file(place, text)
            return place
        if place.is_file() and place.read_bytes() == data:
            return place
    raise AssertionError("names do not end")


def print_json(value: Any) -> None:
    """Print a value as JSON, with null for what is not a number."""
    from detente.values import plain

    text = json.dumps(plain(value), indent=1, allow_nan=False, ensure_ascii=False)
    click.echo(printable(text))


def print_result(found: Any, as_json: bool) -> None:
    """Print a result as JSON or in words."""
    if as_json:
        print_json(found)
    else:
        click.echo(str(found))
