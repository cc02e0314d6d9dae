"""What the commands print in a terminal; every line fits in 80 columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import fill
from typing import Any

import click
from rich.markup import escape

from detente.analysis import Analysis
from detente.case import Case, EstimativeWords
from detente.claims import Verdict, kind_of, note_near_misses, show_expected
from detente.equilibrium import Equilibrium
from detente.forecast import ExpectedPaths
from detente.report._verdict_table import console, open_table, verdict_table
from detente.review import Review
from detente.stability import Stability
from detente.text import plural, printable, show

NO_PROBABILITIES = "The draws span the stated ranges; shares of draws are not probabilities."

_MOST_STATES = 12


def print_findings(findings: Analysis) -> None:
    """Print the summary of a run: the model, what is stable, and the claim table."""
    screen = console()
    title, *lines = map(escape, findings.summary)
    screen.print(f"[bold]{title}[/bold]")
    for line in lines:
        screen.print(line)
    verdicts = findings.study.verdicts()
    screen.print(verdict_table(verdicts, expects=_expects))
    if note := note_near_misses(verdicts):
        screen.print(note, style="dim")
    screen.print(NO_PROBABILITIES, style="dim")
    if findings.bargaining is not None:
        screen.print(f"\n[bold]Bargaining[/bold]\n{escape(str(findings.bargaining))}\n")
    if findings.placebo is not None:
        screen.print(f"\n[bold]Placebos[/bold]\n{escape(findings.placebo.verdict())}\n")
    print_review(findings.review)


def print_stability(
    stability: Stability, concepts: Sequence[str], rest: str = "--json lists all"
) -> None:
    """Print how many states hold for whom, the first equilibria, and where the rest is listed."""
    screen = console()
    conflict = stability.conflict
    table = open_table(left=1)
    table.add_column("concept")
    for actor in conflict.actors:
        table.add_column(escape(actor), justify="right")
    table.add_column("equilibria", justify="right")
    for concept in concepts:
        counts = [f"{int(stability.stable(concept, actor).sum()):,}" for actor in conflict.actors]
        table.add_row(concept, *counts, f"{int(stability.equilibria(concept).sum()):,}")
    screen.print(f"States that are stable, of {int(conflict.feasible.sum()):,} feasible ones")
    screen.print(table)
    for concept in concepts:
        states = stability.states(concept)
        if not states:
            screen.print(f"{concept}: no equilibrium")
            continue
        shown = open_table(f"equilibria under {concept}")
        for axis in conflict.space.axes:
            shown.add_column(escape(axis.name.replace(".", ".\n")), overflow="fold")
        for state in states[:_MOST_STATES]:
            shown.add_row(*(escape(level) for level in state.values()))
        screen.print(shown)
        if len(states) > _MOST_STATES:
            screen.print(f"and {len(states) - _MOST_STATES:,} more; {rest}")


def print_wrapped(words: str) -> None:
    """Print lines as wide as the terminal; what runs over is set in under its line."""
    width = console().width
    for line in words.splitlines():
        inset = " " * (len(line) - len(line.lstrip(" -")) or 2)
        wrapped = fill(line, width, subsequent_indent=inset, break_long_words=False,
                       break_on_hyphens=False)  # fmt: skip
        click.echo(printable(wrapped))


def print_forecast(
    equilibrium: Equilibrium, paths: ExpectedPaths, answers: Sequence[Any], scope: str | None = None
) -> None:
    """Print the certificate, where things are expected to go, and the answers to queries."""
    screen = console()
    screen.print(escape(str(equilibrium)))
    for found in answers:
        screen.print(escape(str(found)), style="bold")
    title = (
        f"Expected after {show(paths.times[-1], 'fine')} years{', --while or not' if scope else ''}"
    )
    table = open_table(title, left=1)
    for name in ("variable", "level"):
        table.add_column(name)
    for name in ("today", "half-way", "then"):
        table.add_column(name, justify="right")
    middle = len(paths.times) // 2
    for axis in equilibrium.conflict.space.axes:
        share = paths.shares[axis.name]
        for k, level in enumerate(axis.levels):
            cells = [show(share[at, k], "share") for at in (0, middle, -1)]
            table.add_row(escape(axis.name) if k == 0 else "", escape(level), *cells)
    for name, series in paths.issues.items():
        table.add_row(escape(name), "(mean)", *(show(series[at], "fine") for at in (0, middle, -1)))
    screen.print(table)


def print_case(case: Case) -> None:
    """Print what a checked case holds, in a few lines."""
    screen = console()
    asked = sum(claim.ask is not None for claim in case.claims)
    screen.print(
        f"{escape(case.name)}: sound. {plural(len(case.actors), 'actor')}, "
        f"{plural(math.prod(case.shape), 'state')}, {plural(len(case.parameters), 'parameter')}, "
        f"{plural(len(case.claims), 'claim')} ({asked} asked), "
        f"{plural(len(case.history), 'observation')}."
    )


def print_review(review: Review, one_line: bool = False) -> None:
    """Print the warnings about a case, each on a line of its own where asked for."""
    screen = console()
    for line in review.lines:
        style = "yellow" if ": warning: " in line else "dim"
        screen.print(escape(line), style=style, soft_wrap=one_line)


def _expects(found: Verdict) -> str:
    """Return the interval alone where the claim's own words stand beside it in brackets."""
    expect = found.claim.expect
    if expect is None:
        return "-"
    words = f"{found.claim.words} " if isinstance(expect, EstimativeWords) else ""
    return words + show_expected(expect, kind_of(found.claim))
