"""Arguments and options that several commands take, and how their words are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from detente.errors import InputError

MOST_DRAWS = 10_000_000

case = click.argument("case", metavar="CASE")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
seed = click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
settings = click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter; repeatable."
)
particles = click.option(
    "--particles",
    default=0,
    type=click.IntRange(0),
    help="Draw so many from the posterior, at least 20, instead of weighting draws: minutes.",
)

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def draws(
    default: int, least: int = 1, most: int = MOST_DRAWS, words: str | None = None
) -> Decorator:
    """Give a command ``--draws``."""
    kind = click.IntRange(least, most)
    return click.option(
        "--draws", "-n", default=default, show_default=default > 0, type=kind, help=words
    )


def workers(kind: str) -> Decorator:
    """Give a command ``--workers``: threads or processes."""
    words = f"{kind}; all cores by default."
    return click.option("--workers", type=click.IntRange(1, 1024), help=words)


def output(words: str, folder: bool = False) -> Decorator:
    """Give a command ``--output``, a file or a folder."""
    kind = click.Path(path_type=Path, dir_okay=folder)
    return click.option("--output", "-o", type=kind, help=words)


def pairs_in(given: Sequence[str], option: str) -> dict[str, str]:
    """Read NAME=VALUE words."""
    pairs = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise InputError(f"{option} {entry!r} is not NAME=VALUE; write it as us.offer=none")
        pairs[name.strip()] = value.strip()
    return pairs


def numbers_in(settings: Sequence[str]) -> dict[str, float]:
    """Read what ``--set`` was given."""
    numbers = {}
    for name, value in pairs_in(settings, "--set").items():
        try:
            numbers[name] = float(value)
        except ValueError:
            raise InputError(f"--set {name}={value}: {value!r} is not a number; give one") from None
    return numbers
