"""What the study commands print in a terminal; every line fits in 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.markup import escape

from detente.claims import Verdict, note_near_misses
from detente.report._verdict_table import console, open_table, verdict_table
from detente.study import Driver, Study, describe_failures
from detente.text import precise, printable, show, show_range, table

_DRIVERS = 8


def print_study(study: Study) -> None:
    """Print a study's verdicts with intervals, whether draws were enough, and its failures."""
    screen = console()
    design = study.design
    screen.print(f"[bold]{escape(study.case.title)}[/bold]")
    for line, style in _heading(study):
        screen.print(escape(line), style=style)
    if design.is_sample:
        screen.print(verdict_table(study.verdicts(), agrees=agreeing_words))
        for line in _notes(study):
            screen.print(line, style="dim")
    else:
        rows = open_table()
        rows.add_column("claim", no_wrap=True)
        rows.add_column("what its answer turns on")
        for name, words in study.dependence.items():
            rows.add_row(escape(name), escape(words))
        screen.print(rows)
        words = f"{design.purpose[:1].upper()}{design.purpose[1:]}. For those run --design lhs."
        screen.print(words, style="dim")
    for sentence in describe_failures(study):
        screen.print(escape(sentence))


def study_words(study: Study) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is said of a study before its table of verdicts, and after it."""
    after = [*(_notes(study) if study.design.is_sample else ()), *describe_failures(study)]
    return tuple(line for line, _ in _heading(study)), tuple(after)


def _heading(study: Study) -> Iterator[tuple[str, str]]:
    """Yield lines and their style."""
    design = study.design
    undone = len(design) - len(study.completed) - len(study.failed)
    if study.case.changes:
        yield f"changed: {', '.join(study.case.changes)}", ""
    yield (
        f"{design.kind} design, {len(design):,} draws of {len(design.names)} inputs, seed "
        f"{design.seed}; largest residual {study.residual:.0e}",
        "",
    )
    if study.outdated:
        yield study.outdated, "yellow"
    if undone:
        yield f"{undone:,} draws are not done yet: --resume goes on", "yellow"


def _notes(study: Study) -> list[str]:
    told = "Shares of draws with 95 % bootstrap intervals; they are not probabilities."
    if study.unsettled:
        told += f" More draws may change the verdicts on {', '.join(study.unsettled)}."
    return list(filter(None, (note_near_misses(study.verdicts()), told)))


def print_question(study: Study, what: str, boxes: int = 1) -> None:
    """Print what an answer depends on and where it breaks."""
    screen = console()
    screen.print(f"[bold]{escape(what)}[/bold]")
    if study.outdated:
        screen.print(escape(study.outdated), style="yellow")
    if what in {claim.id for claim in study.asked}:
        if study.design.is_sample:
            screen.print(escape(str(study.convergence(what))), soft_wrap=False)
        found = study.sensitivity(what)
        screen.print(escape(_drivers(found) if isinstance(found, tuple) else str(found)))
        if not study.design.is_sample or not study.verdict(what).counts:
            return
    screen.print(escape(str(study.discover(what, boxes=boxes))))


def print_studies(rows: Sequence[tuple[str, Mapping[str, Any], int]]) -> None:
    """Print the studies of a folder: file, its heading, how many draws are done."""
    screen = console()
    for path, head, done in rows:
        screen.print(escape(printable(path)), soft_wrap=True, style="bold")
        draws = head["draws"]
        state = "finished" if done == draws else f"{done:,} of {draws:,} draws done"
        screen.print(
            f"  {escape(head['case'])}, {head['design']}, {draws:,} draws, seed {head['seed']},"
            f" {state}"
        )
        settings = [f"{name}={precise(value)}" for name, value in head["settings"].items()]
        if changes := [*head["variants"], *settings]:
            screen.print(f"  changed: {escape(', '.join(changes))}")


def agreeing_words(found: Verdict) -> str:
    """Return the share of draws that agree, with its interval; nothing where none is judged."""
    if not found.counts:
        return ""
    share = found.counts["agrees"] / found.draws
    low, high = found.ranges["agrees"]
    told = show(share, "share")
    return f"{told} ({show_range(low, high, 'share')})" if low < high else told


def _drivers(found: Sequence[Driver]) -> str:
    if not found:
        return "too few answers, or all of them the same, to see which inputs move them"
    rows = [["input", "rank correlation", "median answer, lowest to highest fifth"]]
    rows += [
        [d.parameter, f"{d.correlation:.2f}", f"{show(d.low, 'fine')} to {show(d.high, 'fine')}"]
        for d in found[:_DRIVERS]
    ]
    return "\n".join(table(rows, "< > <"))
