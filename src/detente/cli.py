"""The command line: parse, call, print. Exit codes: 0 done, 1 could not finish, 2 input is wrong.

Numerical libraries are imported by the commands that need them, so that ``detente --help`` is
instant.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from detente.errors import AnalysisError, CaseError, InputError

DONE, UNFINISHED, WRONG_INPUT, STOPPED = 0, 1, 2, 130


class _Commands(click.Group):
    """A group whose commands end with a clear line and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and turn the errors that detente raises on purpose into exit codes."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            _complain(str(error))
            ctx.exit(WRONG_INPUT)
        except AnalysisError as error:
            _complain(str(error))
            ctx.exit(UNFINISHED)
        except KeyboardInterrupt:
            _complain("stopped; nothing was written")
            ctx.exit(STOPPED)
        except FileExistsError as error:
            _complain(f"{error.filename} is a file; give the name of a folder")
            ctx.exit(UNFINISHED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(UNFINISHED)
        except OSError as error:
            place = error.filename or "writing"
            _complain(f"{place}: {error.strerror or error}; make room or choose another place")
            ctx.exit(UNFINISHED)
        except MemoryError:
            _complain("out of memory; fewer levels, options or draws need less")
            ctx.exit(UNFINISHED)


def _complain(words: str) -> None:
    click.echo(words, err=True)


def _case_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.argument("case", metavar="CASE")(command)


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")(
        command
    )


def _set_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set a parameter; repeatable.",
    )(command)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="detente", message="detente %(version)s")
def main() -> None:
    """Turn an argument about a conflict into a model that runs.

    CASE is the name of a built-in case (see `detente cases`) or the path of a case file.
    """


@main.command()
@_case_argument
@click.option("--draws", "-n", default=400, show_default=True, type=click.IntRange(1, 10_000_000))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--workers", type=click.IntRange(1, 1024), help="Threads; all cores by default.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder; results/CASE by default.")
@_json_option
def run(
    case: str, draws: int, seed: int, workers: int | None, output: Path | None, as_json: bool
) -> None:
    """Take a case the whole way: answers, report.html and results.json."""
    import detente
    from detente.report import find, render
    from detente.report.terminal import console, print_findings, progress_bar

    loaded = detente.load(case)
    folder = output or Path("results") / loaded.name
    folder.mkdir(parents=True, exist_ok=True)
    with progress_bar("solving draws") as progress:
        findings = find(loaded, draws, seed, workers, progress)
    results = json.dumps(findings.to_dict(), indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    _write(folder / "results.json", results)
    _write(folder / "report.html", render(findings))
    if as_json:
        click.echo(results, nl=False)
        return
    print_findings(findings)
    screen = console()
    screen.print(f"report   {folder / 'report.html'}", soft_wrap=True)
    screen.print(f"results  {folder / 'results.json'}", soft_wrap=True)


@main.command()
@click.argument("cases", metavar="CASE...", nargs=-1, required=True)
@click.option(
    "--sources",
    type=click.Path(path_type=Path),
    help="Folder with copies of the sources: check where each claim stands.",
)
@_json_option
def check(cases: tuple[str, ...], sources: Path | None, as_json: bool) -> None:
    """Say everything that is wrong with case files, with line and column."""
    import detente
    from detente.case.anchors import check_anchors
    from detente.report.terminal import print_case

    wrong: list[str] = []
    report: list[dict[str, Any]] = []
    for name in cases:
        problems: Sequence[Any] = ()
        try:
            loaded = detente.load(name)
            if sources is not None:
                problems = check_anchors(loaded, sources)
        except CaseError as error:
            problems = error.problems
        if not problems and not as_json:
            print_case(loaded)
        wrong += map(str, problems)
        report.append({"case": name, "problems": [str(problem) for problem in problems]})
    if as_json:
        click.echo(json.dumps(report, indent=1, ensure_ascii=False))
    if wrong:
        if not as_json:
            _complain("\n".join(wrong))
        raise SystemExit(WRONG_INPUT)


@main.command()
@_json_option
def cases(as_json: bool) -> None:
    """List the built-in cases."""
    import detente
    from detente.case import builtin_cases

    found = [detente.load(name) for name in builtin_cases()]
    if as_json:
        rows = [{"name": c.name, "title": c.title, "question": c.question} for c in found]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    for case in found:
        click.echo(f"{case.name:12} {case.title}")


@main.command()
def schema() -> None:
    """Print the JSON Schema of case files, for editors."""
    from detente.case.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@main.command()
@_case_argument
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
@_set_option
@_json_option
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

    conflict = detente.load(case).conflict(**_numbers(settings))
    found = conflict.stability()
    chosen = concepts or ("nash", "seq")
    if explain is not None:
        levels = [] if explain == "today" else explain.split(",")
        state = _pairs(levels, "--explain") or None
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


@main.command()
@_case_argument
@click.argument("queries", metavar="[QUERY]...", nargs=-1)
@click.option("--years", type=float, help="How far; the case's clock, or 5, by default.")
@click.option("--given", help="Start from the states where this formula holds.")
@click.option("--while", "scope", help="Answer given that this formula holds throughout.")
@click.option(
    "--do", "held", multiple=True, metavar="OPTION=LEVEL", help="Hold a level; repeatable."
)
@click.option("--unannounced", is_flag=True, help="The actors do not know of --do.")
@_set_option
@_json_option
def forecast(
    case: str,
    queries: tuple[str, ...],
    years: float | None,
    given: str | None,
    scope: str | None,
    held: tuple[str, ...],
    unannounced: bool,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say what happens next, and how likely each QUERY is, such as "F[0, 5] us.offer > none"."""
    import detente
    from detente.equilibrium import intervene
    from detente.report.terminal import print_forecast
    from detente.study import horizon

    if scope and not queries:
        raise InputError('--while is about a query; add one, such as "F[0, 5] us.offer > none"')
    if unannounced and not held:
        raise InputError("--unannounced is about --do; add --do OPTION=LEVEL")
    loaded = detente.load(case)
    base = loaded.conflict(**_numbers(settings)).equilibrium()
    changed = intervene(base, _pairs(held, "--do"), None, not unannounced)
    answers = [changed.probability(query, given, scope=scope) for query in queries]
    paths = changed.paths(horizon(loaded) if years is None else years, given)
    if as_json:
        out = {
            "equilibrium": changed.to_dict(),
            "answers": [found.to_dict() for found in answers],
            "paths": paths.to_dict(),
        }
        click.echo(json.dumps(out, indent=1, ensure_ascii=False))
        return
    print_forecast(changed, paths, answers, scope)


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
def convert(source: Path, target: Path) -> None:
    """Write a case, graph-model or Gambit file as another: .yaml, .gmcr or .nfg."""
    from detente.interop.convert import convert

    convert(source, target)
    click.echo(f"wrote {target}")


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    pairs = {}
    for entry in given:
        name, equals, value = entry.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise InputError(f"{option} {entry!r} is no NAME=VALUE; write it like us.offer=none")
        pairs[name.strip()] = value.strip()
    return pairs


def _numbers(settings: Sequence[str]) -> dict[str, float]:
    numbers = {}
    for name, value in _pairs(settings, "--set").items():
        try:
            numbers[name] = float(value)
        except ValueError:
            raise InputError(f"--set {name}={value}: {value!r} is no number; give one") from None
    return numbers


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all: a full disk or a kill leaves the old one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
