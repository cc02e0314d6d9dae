"""Which states are stable, for whom, and why; how they are reached, broken and made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from detente.cli import _options as options
from detente.cli._writing import print_json
from detente.errors import AnalysisError, InputError

if TYPE_CHECKING:
    from detente.case import Case
    from detente.stability import Stability

Answer = tuple[str, Mapping[str, Any]]
"""The same thing in words and as plain values."""

_IN_WORDS, _IN_JSON = 12, 100


@click.command()
@options.case
@click.option(
    "--concept",
    "concepts",
    multiple=True,
    help="nash, gmr, smr, seq, sseq or sim; repeatable. By default nash and seq; nash with --make "
    "and seq with the other questions.",
)
@click.option(
    "--explain",
    metavar="STATE",
    help="Say why a state holds for each actor: today, or levels that differ from today's, "
    "such as us.offer=none,china.enforcement=lax.",
)
@click.option(
    "--paths",
    metavar="[STATE]",
    is_flag=False,
    flag_value="today",
    help="Say how each equilibrium is reached from today, or from a state: by the fewest moves, "
    "and by the fewest that are improvements.",
)
@click.option(
    "--coalitions",
    metavar="[STATE]",
    is_flag=False,
    flag_value="",
    help="Say which coalitions would leave each equilibrium, or a state, and by which moves.",
)
@click.option(
    "--make",
    metavar="STATE|FORMULA",
    help="Say what least change of rankings, and of weights within their ranges, would make a "
    'state an equilibrium, or some state with a formula such as "us.offer > none".',
)
@options.settings
@options.variants
@options.as_json
def stability(
    case: str,
    concepts: tuple[str, ...],
    explain: str | None,
    paths: str | None,
    coalitions: str | None,
    make: str | None,
    settings: tuple[str, ...],
    variants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say which states are stable, for whom, and why."""
    asked = {"--explain": explain, "--paths": paths, "--coalitions": coalitions, "--make": make}
    given = [option for option, value in asked.items() if value is not None]
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} are different questions; ask one at a time")
    from detente.report import print_stability, print_wrapped

    loaded = options.load_case(case, settings, variants)
    found = loaded.conflict().stability()
    answers: Iterator[Answer] | None = None
    if explain is not None:
        answers = _explained(found, concepts or ("seq",), explain)
    elif paths is not None:
        answers = _reached(found, concepts or ("seq",), paths)
    elif coalitions is not None:
        most = _IN_JSON if as_json else _IN_WORDS
        answers = _broken(found, concepts or ("seq",), coalitions, most)
    elif make is not None:
        answers = _made(loaded, found, concepts or ("nash",), make)
    if answers is not None and as_json:
        print_json([plain for _, plain in answers])
    elif answers is not None:
        for words, _ in answers:
            print_wrapped(words)
    elif as_json:
        chosen = concepts or ("nash", "seq")
        for concept in chosen:
            found.equilibria(concept)
        whole = found.to_dict()
        whole["concepts"] = {concept: whole["concepts"][concept] for concept in chosen}
        print_json(whole)
    else:
        print_stability(found, concepts or ("nash", "seq"))


def _explained(found: Stability, concepts: Sequence[str], text: str) -> Iterator[Answer]:
    state = options.state_in(text, "--explain")
    for concept in concepts:
        for actor in found.conflict.actors:
            told = found.explain(actor, state, concept)
            yield str(told), told.to_dict()


def _reached(found: Stability, concepts: Sequence[str], text: str) -> Iterator[Answer]:
    state = options.state_in(text, "--paths")
    states = int(found.conflict.feasible.sum())
    for concept in concepts:
        outlook = found.status_quo_analysis(concept, state)
        never, stuck = (int(found.cut_off(concept, improving=only).sum()) for only in (False, True))
        words = str(outlook)
        if outlook.equilibria:
            words += (
                f"\nOf {states:,} feasible states, {_none(never)} cut off from every equilibrium "
                f"({concept}), {_none(stuck)} when all moves must be improvements"
            )
        cut_off = {"states": never, "by_improvements": stuck}
        yield words, {**outlook.to_dict(), "cut_off": cut_off}


def _broken(found: Stability, concepts: Sequence[str], text: str, most: int) -> Iterator[Answer]:
    together = found.coalitions()
    for concept in concepts:
        if text:
            breaches = together.improving_coalitions(
                options.state_in(text, "--coalitions"), concept
            )
            yield str(breaches), breaches.to_dict()
            continue
        together.stable(concept, found.conflict.actors[:1])
        states = found.states(concept)
        if not states:
            yield (
                f"There is no equilibrium ({concept}) that a coalition could leave",
                {
                    "concept": concept,
                    "state": None,
                },
            )
        for state in states[:most]:
            breaches = together.improving_coalitions(state, concept)
            yield str(breaches), breaches.to_dict()
        if len(states) > most:
            more = len(states) - most
            yield (
                f"and {more:,} more equilibria ({concept}); name a state to ask about it",
                {"concept": concept, "more": more},
            )


def _made(case: Case, found: Stability, concepts: Sequence[str], text: str) -> Iterator[Answer]:
    from detente.stability import least_rank_change, least_weight_change

    wanted: Any = text
    if text == "today" or options.STATE.fullmatch(text):
        wanted = found.conflict.index(options.state_in(text, "--make"))
    for concept in concepts:
        by_rank, refused = _tried(partial(least_rank_change, found.conflict, wanted, concept))
        by_weight, hard = _tried(partial(least_weight_change, case, wanted, concept))
        if by_rank is None and by_weight is None:
            raise AnalysisError(f"rankings: {refused}\nweights: {hard}")
        yield (
            f"Rankings: {by_rank or refused}\nWeights: {by_weight or hard}",
            {
                "concept": concept,
                "rankings": {"unanswered": refused} if by_rank is None else by_rank.to_dict(),
                "weights": {"unanswered": hard} if by_weight is None else by_weight.to_dict(),
            },
        )


def _tried(question: Callable[[], Any]) -> tuple[Any, str]:
    """Return the answer, or why there is none."""
    try:
        return question(), ""
    except AnalysisError as error:
        return None, str(error)


def _none(count: int) -> str:
    return "none is" if not count else f"{count:,} {'is' if count == 1 else 'are'}"
