"""What a table of positions comes to under the models of bargaining."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from detente.cli import _options as options
from detente.cli._bargain_draws import answer_over_draws, asked_over_draws, subject_in
from detente.cli._bargain_in_time import answer_in_time, asked_in_time
from detente.cli._writing import check_page, print_json, say, write_page
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.bargaining import BargainingTable
    from detente.case import Case


@click.command()
@click.argument("table", metavar="TABLE")
@options.settings
@options.variants
@click.option("--rounds", default=1, show_default=True, type=click.IntRange(1, 100))
@click.option(
    "--rate",
    default="equal",
    show_default=True,
    type=click.Choice(["equal", "random"]),
    help="Share the gain of an exchange out equally, or at a drawn rate.",
)
@options.seed
@click.option("--by-issue", is_flag=True, help="Let actors challenge each other issue by issue.")
@click.option("--setter", metavar="ACTOR", help="Who proposes, for the procedural model.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    help="Share of the capability that must accept a proposal; one half by default.",
)
@click.option("--veto", metavar="ACTOR", multiple=True, help="Who must accept it; repeatable.")
@click.option(
    "--group",
    "groups",
    metavar="NAME=ACTOR,ACTOR",
    multiple=True,
    help="Sum gains and losses over these actors; repeatable.",
)
@click.option(
    "--exchanges",
    default=5,
    show_default=True,
    type=click.IntRange(0),
    help="Print so many, and as many offers that could outbid one.",
)
@click.option("--map", "with_map", is_flag=True, help="Print who trades what with whom.")
@options.output("Write the table here, in the layout that --layout names.")
@click.option(
    "--layout",
    default="detente",
    show_default=True,
    type=click.Choice(["detente", "decide", "ktab"]),
)
@click.option(
    "--report", metavar="FILE.html", type=click.Path(path_type=Path), help="Write a page too."
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@asked_in_time
@asked_over_draws
@options.as_json
def bargain(
    table: str, settings: tuple[str, ...], variants: tuple[str, ...], rounds: int,
    rate: Literal["equal", "random"], seed: int, by_issue: bool, setter: str | None,
    threshold: float | None, veto: tuple[str, ...], groups: tuple[str, ...], exchanges: int,
    with_map: bool, output: Path | None, layout: Literal["detente", "decide", "ktab"], force: bool,
    report: Path | None, in_time: bool, numbers: tuple[int, ...], game_file: Path | None,
    discount: float | None, answer: float | None, draws: int, spread: float,
    models: tuple[str, ...], design: str, workers: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Say what the positions in TABLE come to, and who could trade what with whom.

    TABLE is a CSV file with the columns issue, actor, position, salience, capability and, where
    known, reference and red_line; a file of the programs Decide or KTAB; or a case that has a
    table of bargaining, whose voting rule and groups then hold where no option says otherwise.
    """
    from detente.bargaining import compare_models
    from detente.report import render_bargaining

    asked = _groups_in(groups)
    subject = subject_in(table, settings, variants)
    timed = in_time or bool(numbers) or game_file is not None
    if timed:
        _refuse_beside("--in-time and --game", _IN_TIME)
    elif draws:
        _refuse_beside("--draws", _OVER_DRAWS)
    _refuse_without(
        {
            "--setter": setter is not None or (_states_vote(subject) and not draws),
            "--in-time": timed,
            "--rate random": rate == "random",
            "--draws": draws > 0,
            "--output": output is not None,
            "--report": report is not None,
        }
    )
    if report is not None:
        check_page(report)
    for path in (output, report):
        if path is not None and path.exists() and not force:
            raise InputError(f"{path} exists; give another name, or --force to replace it")
    if timed:
        answer_in_time(subject, rounds, numbers, game_file, discount, answer, as_json)
        return
    if draws:
        answer_over_draws(
            subject, draws, seed, spread, models, design, workers, rounds, setter, threshold, veto,
            as_json,
        )  # fmt: skip
        return
    read = _read(subject)
    found = compare_models(
        read.table,
        rounds,
        setter or read.setter,
        read.threshold if threshold is None else threshold,
        veto or read.veto,
        rate,
        {**read.groups, **asked},
        by_issue,
        seed,
    )
    if not as_json:
        say(found.words(exchanges, with_map))
    if output is not None:
        lost = _write(read.table, output, layout)
        if not as_json:
            say(f"wrote {output}{lost}")
    if report is not None:
        write_page(report, render_bargaining(found, Path(table).stem))
        if not as_json:
            say(f"page     {report}")
    if as_json:
        print_json({**found.to_dict(), **({"written": str(output)} if output else {})})


_OF_ALL = {"table", "settings", "variants", "rounds", "as_json"}
_IN_TIME = _OF_ALL | {"in_time", "numbers", "game_file", "discount", "answer"}
_OVER_DRAWS = _OF_ALL | {
    "draws", "seed", "spread", "models", "design", "workers", "setter", "threshold", "veto",
}  # fmt: skip


def _refuse_beside(asked: str, taken: set[str]) -> None:
    """Refuse options that say nothing to this kind of answer."""
    for parameter in _typed():
        if parameter.name not in taken:
            raise InputError(f"{parameter.opts[0]} does not go with {asked}; leave one of them out")


_NEEDS = (
    (("threshold", "veto"), ("--setter",)),
    (("discount", "answer"), ("--in-time",)),
    (("seed",), ("--rate random", "--draws")),
    (("spread", "models", "design", "workers"), ("--draws",)),
    (("layout",), ("--output",)),
    (("force",), ("--output", "--report")),
)
"""Options that do nothing without one of others."""


def _refuse_without(given: Mapping[str, bool]) -> None:
    """Refuse options that do nothing, as the others that they need are not given."""
    for names, needed in _NEEDS:
        if any(given[other] for other in needed):
            continue
        for parameter in _typed():
            if parameter.name in names:
                remedy = "give both" if len(needed) == 1 else "give one of them too"
                raise InputError(
                    f"{parameter.opts[0]} does nothing without {' or '.join(needed)}; {remedy}"
                )


def _typed() -> list[click.Parameter]:
    """Return what was given on the command line."""
    context = click.get_current_context()
    return [
        parameter
        for parameter in context.command.params
        if context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
    ]


def _states_vote(subject: Case | BargainingTable) -> bool:
    """Return whether a case says who proposes."""
    stated = getattr(subject, "bargaining", None)
    return stated is not None and stated.voting is not None


@dataclass(frozen=True)
class _Read:
    """A table, and what the case that it stands in says of votes and groups."""

    table: BargainingTable
    setter: str | None = None
    threshold: float = 0.5
    veto: tuple[str, ...] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)


def _read(subject: Case | BargainingTable) -> _Read:
    """Take a table of its own as it is, or evaluate that of a case."""
    from detente.bargaining import BargainingTable, table_at, vote_at
    from detente.conflict import parameter_values

    if isinstance(subject, BargainingTable):
        return _Read(subject)
    values = parameter_values(subject)
    table, vote = table_at(subject, values), vote_at(subject, values)
    groups = dict(subject.bargaining.groups) if subject.bargaining else {}
    if vote is None:
        return _Read(table, groups=groups)
    return _Read(table, vote.setter, vote.threshold, vote.veto, groups)


def _groups_in(given: Sequence[str]) -> dict[str, list[str]]:
    """Read what ``--group`` was given."""
    groups: dict[str, list[str]] = {}
    for entry in given:
        name, equals, members = entry.partition("=")
        actors = [actor.strip() for actor in members.split(",")]
        if not equals or not name.strip() or not all(actors):
            raise InputError(f"--group {entry!r} is not NAME=ACTOR,ACTOR; write it as west=us,eu")
        if name.strip() in groups:
            raise InputError(f"--group {name.strip()} stands twice; name all its actors at once")
        groups[name.strip()] = actors
    return groups


def _write(table: BargainingTable, path: Path, layout: Literal["detente", "decide", "ktab"]) -> str:
    """Write a table, and return what of it the layout has no place for."""
    import numpy as np

    from detente.bargaining import write_table

    write_table(table, path, layout)
    parts = {"reference points": table.reference, "red lines": table.red_line}
    lost = [name for name, part in parts.items() if not np.isnan(part).all()]
    if layout == "detente" or not lost:
        return ""
    return f", which has no place for {' and '.join(lost)}"
