"""What is printed, all through one function, and results as files that take no other's place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from detente.errors import InputError
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


def check_page(path: Path) -> None:
    """Refuse a page under a name that browsers would not open as one (`InputError`)."""
    if path.suffix != ".html":
        raise InputError(f"{path}: the page must end in .html; rename it")


def write_page(path: Path, html: str) -> None:
    """Write a page, in a folder that is made where there is none."""
    check_page(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, html)


def say(words: object, *, err: bool = False, end: bool = True) -> None:
    """Print words, whatever they quote, with what cannot be seen shown by its code point.

    Every module of this room prints through here, or through `detente.report.console`.
    """
    click.echo(printable(str(words)), err=err, nl=end)


def print_json(value: Any) -> None:
    """Print a value as JSON, with null for what is not a number."""
    from detente.values import plain

    text = json.dumps(plain(value), indent=1, allow_nan=False, ensure_ascii=False)
    say(text)


def print_result(found: Any, as_json: bool) -> None:
    """Print a result as JSON or in words."""
    if as_json:
        print_json(found)
    else:
        say(found)
