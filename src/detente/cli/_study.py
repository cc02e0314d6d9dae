"""Studies: solved, resumed, listed, shown, exported and salvaged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from detente.cli import _options as options
from detente.cli._group import STOPPED, complain
from detente.cli._writing import print_json, say

PROCESSES_FROM = 40
"""Draws from which on worker processes are worth their start."""


class StudyCommands(click.Group):
    """A group that solves when the first word is none of its commands: a case may stand there."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the hidden command in front of a case or an option."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["solve", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show both ways."""
        formatter.write_usage(ctx.command_path, "CASE [OPTIONS]")
        formatter.write_usage(ctx.command_path, "COMMAND ...", prefix="   or: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the options of solving, then the commands."""
        self.commands["solve"].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


class _SolvingContext(click.Context):
    """Of the hidden command, which users type without its name."""

    @property
    def command_path(self) -> str:
        """Return the words before the arguments, for usage lines."""
        return "" if self.parent is None else self.parent.command_path


class _Solving(click.Command):
    context_class = _SolvingContext


@click.group(cls=StudyCommands)
def study() -> None:
    """Answer every claim over many draws of the parameters, into a study file.

    A study that was stopped, even by a crash, goes on with --resume and ends with the same results.
    """


@study.command(hidden=True, cls=_Solving)
@options.case
@options.draws(400)
@click.option(
    "--design",
    default="lhs",
    show_default=True,
    type=click.Choice(["lhs", "sobol", "saltelli", "morris", "tornado"]),
    help="saltelli for Sobol indices, morris for screening, tornado for one input at a time.",
)
@options.seed
@options.workers("Processes")
@click.option("--chunk", type=click.IntRange(1, 1_000_000), help="Draws stored together.")
@click.option("--cluster", metavar="ADDRESS", help="Dask scheduler, such as tcp://10.0.0.5:8786.")
@options.output("Study file; by default results/CASE/study.sqlite, or the next free name.")
@click.option("--resume", is_flag=True, help="Go on with a study that was stopped.")
@options.settings
@options.variants
@options.as_json
def solve(
    case: str,
    draws: int,
    design: str,
    seed: int,
    workers: int | None,
    chunk: int | None,
    cluster: str | None,
    output: Path | None,
    resume: bool,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Answer every claim over many draws of the parameters, into a study file."""
    from detente.cli._progress import progress_bar
    from detente.study import run_study, study_place

    loaded = options.load_case(case, settings, variants)
    path, why = output, ""
    if path is None:
        folder = options.folder_of(loaded)
        path, why = study_place(loaded, draws, seed, design, folder, resume)
    if why:
        complain(f"{why}: this study goes into {path}")
    done = [0, draws]

    try:
        with progress_bar("solving draws") as tell:

            def progress(finished: int, total: int, failed: int) -> None:
                done[:] = finished, total
                tell(finished, total, failed)

            found = run_study(
                loaded,
                draws,
                seed,
                workers,
                progress,
                design=design,
                store=path,
                resume=resume,
                chunk=chunk,
                processes=draws >= PROCESSES_FROM,
                cluster=cluster,
            )
    except KeyboardInterrupt:
        complain(
            f"stopped after {done[0]} of {done[1]} draws; finished chunks are in {path}: the same "
            "command with --resume goes on"
        )
        raise SystemExit(STOPPED) from None
    _show(found, (), as_json)
    if not as_json:
        say(f"study    {path}")


@study.command("list")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("results"))
@options.as_json
def list_studies(folder: Path, as_json: bool) -> None:
    """List the studies in a folder (results by default) and below it."""
    from detente.errors import DetenteError, InputError
    from detente.report import print_studies
    from detente.study import open_store

    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder; name the one that holds studies")
    rows, broken = [], []
    for path in sorted(folder.rglob("*.sqlite")):
        try:
            with open_store(path) as store:
                rows.append((str(path), store.heading, sum(map(len, store.done()))))
        except DetenteError as error:
            broken.append(str(error))
    if as_json:
        told = [
            {
                "file": path,
                **{name: head[name] for name in ("case", "design", "draws")},
                "done": done,
                **{name: head[name] for name in ("seed", "version", "settings", "variants")},
            }
            for path, head, done in rows
        ]
        print_json({"studies": told, "damaged": broken})
        return
    print_studies(rows)
    for words in broken:
        complain(words)
    if not rows and not broken:
        say(f"no study in {folder}")


@study.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--about",
    "questions",
    multiple=True,
    metavar="WHAT",
    help="A claim, or a formula such as 'C3 > 0.5 and worth < 1': what it depends on and where it "
    "breaks or holds; repeatable.",
)
@click.option(
    "--boxes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 20),
    help="Boxes to look for: each next one outside of those before.",
)
@options.as_json
def show(file: Path, questions: tuple[str, ...], boxes: int, as_json: bool) -> None:
    """Show a study's verdicts, failures, and what answers depend on."""
    from detente.study import open_study

    _show(open_study(file), questions, as_json, boxes)


@study.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
def export(file: Path, target: Path) -> None:
    """Write a study's table, a draw per row, as .csv or .parquet."""
    from detente.study import export, open_study

    export(open_study(file), target)
    say(f"wrote {target}")


@study.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
def salvage(file: Path, target: Path) -> None:
    """Save the intact draws of a damaged study file into a new one, OUT."""
    from detente.study import salvage

    saved, draws = salvage(file, target)
    say(f"saved {saved} of {draws} draws in {target}; --resume does the rest")


def _show(found: Any, questions: tuple[str, ...], as_json: bool, boxes: int = 1) -> None:
    from detente.cli._progress import progress_bar
    from detente.report import print_question, print_review, print_study
    from detente.study import describe_failures

    review = None
    if as_json or not questions:
        with progress_bar("looking for warnings") as progress:
            review = found.review(progress=progress)
    if not as_json:
        if review:
            print_study(found)
            print_review(review)
        for what in questions:
            print_question(found, what, boxes)
        return
    told = {name: value for name, value in found.to_dict().items() if name not in _LONG}
    told["failing"] = describe_failures(found)
    told["review"] = review.to_dict() if review else None
    claims = {claim.id for claim in found.asked}
    told["about"] = {
        what: {
            "sensitivity": _sensitivity(found, what) if what in claims else None,
            "discovery": _discovery(found, what, claims, boxes),
        }
        for what in questions
    }
    print_json(told)


_LONG = {"parameters", "answers", "completed"}
"""What `detente study export` is for."""


def _discovery(found: Any, what: str, claims: set[str], boxes: int) -> Any:
    if what in claims and not found.design.is_sample:
        return None
    return found.discover(what, boxes=boxes).to_dict()


def _sensitivity(found: Any, what: str) -> Any:
    from dataclasses import asdict

    result = found.sensitivity(what)
    return list(map(asdict, result)) if isinstance(result, tuple) else result.to_dict()
