"""The rest of a draft: its source, and the smallest model that runs and takes no side.

Each of a few actors has one option, taken from the verbs it governs, at two levels. What each of
them cares about is nobody's judgement yet: its weight on each option is a parameter that is 0 and
may be anything from -1 to 1, and pace, precision, patience and cost have wide ranges, so an answer
of an untouched draft is open. Everything else that the text suggests stands in comments. Cost:
linear in the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten

from detente.reading._actors import SuggestedActor, SuggestedOption
from detente.reading._claim_text import TO_DO, comment
from detente.reading._document import Document, Sentence
from detente.text import listed, one_line, plural, yaml_quoted

MOST_ACTORS = 4
_OFTEN = 3
_LISTED = 12
_PLACES = 4
_LONGEST_NOTE = 200

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


@dataclass(frozen=True, slots=True)
class _Mover:
    """An actor that the draft's model has, with its one option."""

    name: str
    title: str
    option: str
    actor: SuggestedActor | None

    @property
    def issue(self) -> str:
        return f"{self.name}_{self.option}"[:60]


def head_lines(document: Document, source: str, version: str) -> Iterator[str]:
    """Yield the lines of a draft above its model: what it is, title, clock, source."""
    yield from comment(f"A draft of a case, made from {document.name} by detente {version}.")
    yield f'# Search for "{TO_DO}": nobody has judged yet what stands there. What the text says'
    yield "# stands in comments. Anchors count paragraphs and sentences as in"
    yield f"# {source}.txt"
    yield "detente: 1"
    yield f"title: {yaml_quoted(document.title or f'{TO_DO} a title')}"
    yield f"question: {yaml_quoted(f'{TO_DO} the question that the case answers, in one sentence')}"
    yield ""
    if document.date is None:
        yield f"# {TO_DO} the day to look ahead from, such as"
        yield "# clock: {start: 2021-03-15, end: 2026-03-15}"
    else:
        yield f"clock: {{start: {document.date}}}  # {TO_DO} the last day too, as end"
    yield ""
    yield "sources:"
    yield f"  {source}:"
    yield f"    title: {yaml_quoted(document.title or f'{TO_DO} title of {document.name}')}"
    known = ("author", "date", "publisher", "address")
    for name in known:
        if value := getattr(document, name):
            yield f"    {name}: {value if name == 'date' else yaml_quoted(value)}"
    missing = [name for name in known if not getattr(document, name)]
    if missing:
        yield f"    # {TO_DO} {listed(missing)}, which the text does not say"
    notes = [f"Read from {document.name}.", *map(_as_sentence, document.notes)]
    yield f"    note: {yaml_quoted(' '.join(notes))}"


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
    yield f"  # {TO_DO} what an actor gains a year while an option is at yes: -1 worst, 1 best"
    for mover in movers:
        for other in movers:
            reason = yaml_quoted(f"{TO_DO} worth to {mover.title} of {other.issue}")
            yield (
                f"  {mover.name}.weight.{other.issue}: {{value: 0, range: [-1, 1], "
                f"source: judgement, reason: {reason}}}"
            )
    yield ""
    yield "actors:"
    for mover in movers:
        yield from _actor(mover, movers)
    yield from _others(actors, movers)
    yield ""
    yield "issues:"
    for mover in movers:
        yield f"  {mover.issue}: {mover.name}.{mover.option} == yes"
    yield ""
    yield f"status_quo:  # {TO_DO} what each does today"
    for mover in movers:
        yield f"  {mover.name}.{mover.option}: no"


def options_in(actors: Sequence[SuggestedActor]) -> dict[Sentence, list[str]]:
    """Return a remark on each sentence that was read to speak of an option of the model."""
    found: dict[Sentence, list[str]] = {}
    for mover in _movers(actors):
        for option in mover.actor.options[:1] if mover.actor else ():
            for sentence in option.sentences:
                found.setdefault(sentence, []).append(f"about {mover.name}.{mover.option}")
    return found


def example_question(actors: Sequence[SuggestedActor]) -> str:
    """Return a question that a claim of the draft could ask."""
    first = _movers(actors)[0]
    return f'ask: {{probability: "F[0, 5] {first.name}.{first.option} == yes"}}'


def _movers(actors: Sequence[SuggestedActor]) -> list[_Mover]:
    """Return the actors of the model: those that the text names most."""
    named = sorted(actors, key=lambda actor: (-len(actor.sentences), not actor.options))
    often = [actor for actor in named if actor.options or len(actor.sentences) >= _OFTEN]
    chosen = (often if len(often) > 1 else named)[:MOST_ACTORS]
    if not chosen:
        return [_Mover("someone", f"{TO_DO} who acts", "act", None)]
    return [_Mover(a.name, a.title, a.options[0].name if a.options else "act", a) for a in chosen]


def _actor(mover: _Mover, movers: Sequence[_Mover]) -> Iterator[str]:
    yield f"  {mover.name}:"
    if mover.actor is not None:
        yield from comment(_named(mover.actor), "    ")
    yield f"    title: {yaml_quoted(mover.title)}"
    yield "    rate: pace"
    yield "    precision: sharpness"
    yield "    discount: haste"
    yield "    options:"
    options = mover.actor.options if mover.actor else ()
    said = f"is this what it can do? After {_verbs(options[0])}" if options else "what it can do"
    yield from comment(f"{TO_DO} {said}", "      ")
    if len(options) > 1:
        yield from comment("; ".join(f"{o.name}, after {_verbs(o)}" for o in options[1:_LISTED]),
                           "      ", "or: ")  # fmt: skip
    yield f"      {mover.option}: {{levels: [no, yes], cost: inertia}}"
    yield "    preferences:"
    yield "      weights:"
    for other in movers:
        yield f"        {other.issue}: {mover.name}.weight.{other.issue}"


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
