"""Arguments and options that several commands take, and how their words are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from detente.errors import InputError


def case_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its case."""
    return click.argument("case", metavar="CASE")(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")(
        command
    )


def set_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--set NAME=VALUE``."""
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set a parameter; repeatable.",
    )(command)


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
