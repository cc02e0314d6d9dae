"""The rest of a draft: its source, and the smallest model that runs and takes no side.

Each of a few actors has an option or two, taken from the verbs it governs, at two levels. What an
option is worth to its actor is nobody's judgement yet: a parameter that is 0 and may be anything
from -1 to 1. Pace, precision, patience and cost have wide ranges, so what an untouched draft says
of an option is open. Each decides by itself until the analyst ties options together; everything
else that the text suggests stands in comments. Cost: linear in the document.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten

from detente.case import one_line, quoted
from detente.reading._actors import SuggestedActor, SuggestedOption
from detente.reading._claim_text import TO_DO, comment
from detente.reading._document import Document, Sentence
from detente.text import listed, plural

_MOST_ACTORS = 4
_MOST_OPTIONS = 2
_OFTEN = 3
_LISTED = 12
_PLACES = 4
_LONGEST_NOTE = 200
_LONGEST_ISSUE = 56

_DECISIONS = (
    ("sharpness", "2", "[0.5, 4]", "log odds per unit of utility a year",
     "how sharply actors choose the better; from nearly at random to nearly always"),
    ("pace", "1", "[0.25, 4]", "chances a year",
     "how often each can change course; from every four years to every three months"),
    ("haste", "0.1", "[0.03, 0.3]", "a year",
     "how much they discount the future; from looking thirty years ahead to three"),
    ("inertia", "0.1", "[0.02, 0.5]", "utility, once",
     "what a change of course costs; from a week of the largest weight to half a year"),
)  # fmt: skip

TOOL = "detente read"
"""As `drafted_by` of a case names it."""


@dataclass(frozen=True, slots=True)
class _Mover:
    """An actor that the draft's model has, with its options by name."""

    name: str
    title: str
    actor: SuggestedActor | None
    options: Mapping[str, SuggestedOption | None]


def head_lines(document: Document, source: str, version: str, day: datetime.date) -> Iterator[str]:
    """Yield the lines of a draft above its model: what it is, title, clock, source."""
    yield from comment(f"A draft of a case, made from {document.name} by detente {version}.")
    yield f'# Search for "{TO_DO}": nobody has judged yet what stands there. What the text says'
    yield "# stands in comments. Anchors count paragraphs and sentences as in"
    yield f"# {source}.txt"
    yield "detente: 1"
    yield f"title: {quoted(document.title or f'{TO_DO} a title')}"
    yield f"question: {quoted(f'{TO_DO} the question that the case answers, in one sentence')}"
    yield ""
    if document.date is None:
        yield f"# {TO_DO} the day to look ahead from, such as"
        yield "# clock: {start: 2021-03-15, end: 2026-03-15}"
    else:
        yield f"clock: {{start: {document.date}}}  # {TO_DO} the last day too, as end"
    yield ""
    yield "sources:"
    yield f"  {source}:"
    yield f"    title: {quoted(document.title or f'{TO_DO} title of {document.name}')}"
    known = ("author", "date", "publisher", "address")
    for name in known:
        if value := getattr(document, name):
            yield f"    {name}: {value if name == 'date' else quoted(value)}"
    missing = [name for name in known if not getattr(document, name)]
    if missing:
        yield f"    # {TO_DO} {listed(missing)}, which the text does not say"
    notes = [f"Read from {document.name}.", *map(_as_sentence, document.notes)]
    yield f"    note: {quoted(' '.join(notes))}"
    yield ""
    yield "drafted_by:"
    yield f"  - tool: {TOOL}"
    yield f"    version: {quoted(version)}"
    yield f"    date: {day}"
    yield "    drafted: [sources, parameters, actors, issues, status_quo, claims]"


def model_lines(actors: Sequence[SuggestedActor]) -> Iterator[str]:
    """Yield the lines of the model of a draft: parameters, actors, issues, status quo."""
    movers = _movers(actors)
    yield ""
    yield "parameters:"
    for name, value, ends, unit, reason in _DECISIONS:
        yield (
            f"  {name}: {{value: {value}, range: {ends}, distribution: loguniform, "
            f'unit: "{unit}", source: judgement,'
        )
        yield f'    reason: "{TO_DO} {reason}"}}'
    for mover in movers:
        for option in mover.options:
            yield (
                f"  {mover.name}.weight.{option}: {{value: 0, range: [-1, 1], "
                'unit: "utility a year", source: judgement,'
            )
            worth = f"{TO_DO} what {option} is worth to {mover.title}: -1 is worst, 1 is best"
            yield f"    reason: {quoted(worth)}}}"
    yield ""
    yield "actors:"
    issues = _issues(movers)
    for mover in movers:
        yield from _actor(mover, issues)
    yield from _others(actors, movers)
    yield ""
    yield "issues:"
    for lever, issue in issues.items():
        yield f"  {issue}: {lever} == yes"
    if len(issues) > 1:
        first, *_, last = issues
        yield f"  # {TO_DO} what ties options together, where one is worth more beside another, as"
        yield f"  # both: ({first} == yes) * ({last} == yes)"
    yield ""
    yield f"status_quo:  # {TO_DO} what each does today"
    for lever in issues:
        yield f"  {lever}: no"


def options_in(actors: Sequence[SuggestedActor]) -> dict[Sentence, list[str]]:
    """Return a remark on each sentence that was read to speak of an option of the model."""
    found: dict[Sentence, list[str]] = {}
    for mover in _movers(actors):
        for name, option in mover.options.items():
            for sentence in option.sentences if option else ():
                found.setdefault(sentence, []).append(f"about {mover.name}.{name}")
    return found


def example_question(actors: Sequence[SuggestedActor]) -> str:
    """Return a question that a claim of the draft could ask."""
    return f'ask: {{probability: "F[0, 5] {next(iter(_issues(_movers(actors))))} == yes"}}'


def _movers(actors: Sequence[SuggestedActor]) -> list[_Mover]:
    """Return the actors of the model: those that the text names most."""
    named = sorted(actors, key=lambda actor: (-len(actor.sentences), not actor.options))
    often = [actor for actor in named if actor.options or len(actor.sentences) >= _OFTEN]
    chosen = (often if len(often) > 1 else named)[:_MOST_ACTORS]
    if not chosen:
        return [_Mover("someone", f"{TO_DO} who acts", None, {"act": None})]
    return [
        _Mover(
            actor.name, actor.title, actor,
            {option.name: option for option in actor.options[:_MOST_OPTIONS]} or {"act": None},
        )
        for actor in chosen
    ]  # fmt: skip


def _issues(movers: Sequence[_Mover]) -> dict[str, str]:
    """Return the name of the issue of each option, by the option's full name."""
    found: dict[str, str] = {}
    for mover in movers:
        for option in mover.options:
            name = f"{mover.name}_{option}"[:_LONGEST_ISSUE]
            same = sum(other.startswith(name) for other in found.values())
            found[f"{mover.name}.{option}"] = f"{name}_{same + 1}" if same else name
    return found


def _actor(mover: _Mover, issues: Mapping[str, str]) -> Iterator[str]:
    yield f"  {mover.name}:"
    if mover.actor is not None:
        yield from comment(_named(mover.actor), "    ")
    yield f"    title: {quoted(mover.title)}"
    yield "    rate: pace"
    yield "    precision: sharpness"
    yield "    discount: haste"
    yield "    options:"
    for name, option in mover.options.items():
        said = f"can it? After {_verbs(option)}" if option else "what it can do"
        yield from comment(f"{TO_DO} {said}", "      ")
        yield f"      {name}: {{levels: [no, yes], cost: inertia}}"
    more = mover.actor.options[_MOST_OPTIONS:_LISTED] if mover.actor else ()
    if more:
        others = "; ".join(f"{option.name}, after {_verbs(option)}" for option in more)
        yield from comment(others, "      ", "or ")
    yield "    preferences:"
    yield "      weights:"
    for name in mover.options:
        yield f"        {issues[f'{mover.name}.{name}']}: {mover.name}.weight.{name}"


def _others(actors: Sequence[SuggestedActor], movers: Sequence[_Mover]) -> Iterator[str]:
    left = [actor for actor in actors if actor not in [mover.actor for mover in movers]]
    if not left:
        return
    yield f"  # {TO_DO} others that the text names, if they matter:"
    for actor in left[:_LISTED]:
        can = [f"{option.name}, after {_verbs(option)}" for option in actor.options[:_PLACES]]
        yield from comment("; ".join([_named(actor), *can]), "  ", f"  {actor.title}: ")


def _named(actor: SuggestedActor) -> str:
    places = plural(len(actor.sentences), "sentence")
    return f"named in {places} ({_places(actor.sentences)}) as {', '.join(actor.names)}"


def _verbs(option: SuggestedOption) -> str:
    said = ", ".join(f'"{verb}"' for verb in option.verbs[:_PLACES])
    return f"{said} in {_places(option.sentences)}"


def _places(sentences: Sequence[Sentence]) -> str:
    more = ", …" if len(sentences) > _PLACES else ""
    return ", ".join(sentence.place for sentence in sentences[:_PLACES]) + more


def _as_sentence(note: str) -> str:
    short = shorten(one_line(note), _LONGEST_NOTE, placeholder=" …")
    return short if short.endswith((".", "!", "?", "…")) else f"{short}."
