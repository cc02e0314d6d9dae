"""Arguments and options that several commands take, and how their words are read.

Four options say the same everywhere: ``--set`` gives a parameter a value, ``--variant`` chooses a
variant of the case, ``--do`` holds an option or condition at a level, ``--given`` says where to
start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.errors import InputError

if TYPE_CHECKING:
    from detente.case import Case

STATE = re.compile(r"[^=<>!]+=[^=<>!]+(,[^=<>!]+=[^=<>!]+)*")
_FORMULA = re.compile(r"[=<>!]=|[<>{]|\b(and|or|not)\b")
_AND, _IS = re.compile(r"\band\b"), re.compile(r"([\w.]+)\s*==\s*(\w+)")

MOST_DRAWS = 10_000_000

case = click.argument("case", metavar="CASE")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
seed = click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter to a value, in all draws; repeatable.",
)
variants = click.option(
    "--variant",
    "variants",
    multiple=True,
    metavar="VARIANT.LEVEL",
    help="Choose a variant of the case; repeatable.",
)
held = click.option(
    "--do",
    "held",
    multiple=True,
    metavar="NAME=LEVEL",
    help="Hold an option or condition at a level for the whole period; repeatable.",
)
given = click.option(
    "--given",
    multiple=True,
    metavar="NAME=LEVEL|FORMULA",
    help="Where to start: levels unlike today's, repeatable, or a formula.",
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


def load_case(name: str, settings: Sequence[str] = (), variants: Sequence[str] = ()) -> Case:
    """Load a case with what ``--set`` and ``--variant`` say."""
    import detente

    case = detente.load(name).variant(*variants)
    return case.set(numbers_in(settings, case.namespace.variables))


def folder_of(case: Case) -> Path:
    """Return where results of a case go by default: changed cases have folders of their own."""
    return Path("results") / "-".join([Path(case.path).stem, *case.changes])


def pairs_in(given: Sequence[str], option: str) -> dict[str, str]:
    """Read NAME=VALUE words."""
    pairs = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise InputError(f"{option} {entry!r} is not NAME=VALUE; write it as us.offer=none")
        pairs[name.strip()] = value.strip()
    return pairs


def numbers_in(settings: Sequence[str], variables: Collection[str] = ()) -> dict[str, float]:
    """Read what ``--set`` was given; ``variables`` have levels and no numbers."""
    numbers = {}
    for name, value in pairs_in(settings, "--set").items():
        if name in variables:
            params = click.get_current_context().command.params
            here = any("--do" in option.opts for option in params)
            holds = "hold it with" if here else "`detente forecast` holds it, with"
            raise InputError(
                f"--set {name}={value}: {name} is an option or condition, not a parameter; "
                f"{holds} --do {name}={value}"
            )
        try:
            numbers[name] = float(value)
        except ValueError:
            pointed = value.replace(",", ".")
            near = re.fullmatch(r"[-+]?[0-9]+\.[0-9]+", pointed)
            hint = f"write {pointed}, with a point" if near else "give one"
            raise InputError(f"--set {name}={value}: {value!r} is not a number; {hint}") from None
    return numbers


def levels_in(case: Case, held: Sequence[str]) -> dict[str, str]:
    """Read what ``--do`` was given."""
    levels = pairs_in(held, "--do")
    for name, level in levels.items():
        if name in case.parameters:
            raise InputError(
                f"--do {name}={level}: {name} is a parameter, not an option or condition; "
                f"set it with --set {name}={level}"
            )
    return levels


def start_in(given: Sequence[str]) -> dict[str, str] | str | None:
    """Read what ``--given`` was given: a formula as it is, today as None."""
    if len(given) == 1 and given[0] != "today" and not STATE.fullmatch(given[0]):
        return given[0]
    return state_in(",".join(entry for entry in given if entry != "today"), "--given")


def state_in(text: str, option: str) -> dict[str, str] | None:
    """Read levels that differ from today's, separated by commas; today is None."""
    if _FORMULA.search(text):
        plain = _AND.split(text)
        pairs = [_IS.fullmatch(part.strip()) for part in plain]
        levels = ",".join(f"{pair[1]}={pair[2]}" for pair in pairs if pair)
        advice = levels if all(pairs) else "us.offer=none,rain=dry"
        raise InputError(
            f"{option} takes a state, not the formula {text!r}; write levels, as in "
            f"{option} {advice}"
        )
    return pairs_in([] if text in {"", "today"} else text.split(","), option) or None
