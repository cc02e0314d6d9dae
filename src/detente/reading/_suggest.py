"""The actors of a document: those that the table knows, and names that often act.

The sentences are gone through twice: once for the names, so that what a name stands for is decided
by the entire document, once for what stands around each. Cost: linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from detente.expression import RESERVED
from detente.reading._actors import SuggestedActor, SuggestedOption
from detente.reading._clause import SentenceWords
from detente.reading._document import Document, Sentence
from detente.reading._gazetteer import KnownActor, Naming, Settled, find_names, settle
from detente.reading._mentions import Candidate, Mention, read_mentions
from detente.reading._unknown_names import new_candidates, unknown_names

MOST = 8
"""How many actors at most come with options."""


@dataclass
class _Tally:
    """What the document says of one actor."""

    acts: int = 0
    loose: int = 0
    names: Counter[str] = field(default_factory=Counter)
    sentences: dict[Sentence, None] = field(default_factory=dict)
    options: dict[str, tuple[Counter[str], dict[Sentence, None]]] = field(default_factory=dict)

    def add(self, mention: Mention, sentence: Sentence) -> None:
        for group in (*mention.groups, mention.deed):
            if group is not None and group.option:
                words, places = self.options.setdefault(group.option, (Counter(), {}))
                words[group.words] += 1
                places[sentence] = None
        if mention.firm:
            self.names[mention.words] += 1
            self.sentences[sentence] = None
            self.acts += bool(mention.groups)
        else:
            self.loose += 1

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.acts, len(self.sentences), self.loose


def suggest_actors(document: Document) -> tuple[SuggestedActor, ...]:
    """Say who acts in a document, and what the verbs they govern say that they can do.

    Actors come by how often they are the subject of a verb, or its agent after "by"; then by how
    many sentences name them. The first eight come with options; those after them are named, and no
    more. A name that is not in the table comes where it acts and two sentences name it.

    "Beijing", "Xi" and "Chinese officials" name China; "Chinese tea" and "U.S.-China relations"
    name nobody. An option comes from a verb, or a noun for it ("Beijing's support"); one that is
    denied or refused counts and is written with the denial: ``refuse to negotiate``.

    Parameters
    ----------
    document : Document

    Returns
    -------
    tuple of SuggestedActor
        Of kind ``other`` where neither the table nor a title says what somebody is.

    See Also
    --------
    mark_sentences : What each sentence claims.

    Examples
    --------
    >>> from detente.reading import document_of
    >>> text = "Beijing will not accept U.S. terms. Kim may test a missile, Pyongyang says."
    >>> for actor in suggest_actors(document_of(text)):
    ...     print(actor.title, actor.names, *(one.verbs for one in actor.options))
    North Korea ('Kim', 'Pyongyang') ('test … missile',)
    China ('Beijing',) ('not accept',)
    """
    rows = []
    for sentence in document.sentences():
        words = SentenceWords(sentence.text)
        rows.append((sentence, words, tuple(find_names(words))))
    settled = settle(one for *_, found in rows for one in found)
    new = unknown_names((words, found) for _, words, found in rows)
    tallies: dict[KnownActor, _Tally] = defaultdict(_Tally)
    for sentence, words, found in rows:
        candidates = [*_known(found, settled), *new_candidates(words, found, new)]
        candidates.sort(key=lambda one: one.start)
        for mention in read_mentions(words, candidates):
            tallies[mention.actor].add(mention, sentence)
    return tuple(_suggestions(tallies))


def _known(found: Iterable[Naming], settled: Settled) -> Iterator[Candidate]:
    for one in found:
        sense = settled[one.senses]
        if sense is not None:
            yield Candidate(one.start, one.end, sense.actor, sense.form)


def _suggestions(tallies: dict[KnownActor, _Tally]) -> Iterator[SuggestedActor]:
    named = [
        (actor, tally) for actor, tally in tallies.items()
        if tally.sentences and (actor.name or (tally.acts and len(tally.sentences) > 1))
    ]  # fmt: skip
    named.sort(key=lambda pair: pair[1].counts, reverse=True)
    taken = {actor.name for actor, _ in named}
    for number, (actor, tally) in enumerate(named):
        name = actor.name or free_name(actor.title, taken)
        taken.add(name)
        yield SuggestedActor(
            name, actor.title, actor.kind,
            tuple(words for words, _ in tally.names.most_common()), tuple(tally.sentences),
            tuple(_options(tally)) if number < MOST else (),
        )  # fmt: skip


def _options(tally: _Tally) -> Iterator[SuggestedOption]:
    rows = sorted(tally.options.items(), key=lambda item: -len(item[1][1]))
    for name, (words, places) in rows:
        verbs = tuple(verb for verb, _ in words.most_common())
        yield SuggestedOption(name, verbs, tuple(places))


def free_name(title: str, taken: Iterable[str]) -> str:
    """Return a name of the case format for a title, one that is not taken and no word of formulas.

    Examples
    --------
    >>> free_name("Upper State", ()), free_name("Senator Reid", {"senator_reid"})
    ('upper_state', 'senator_reid_2')
    >>> free_name("Не", ()), free_name("3rd Army", ()), free_name("Min", ())
    ('actor', 'actor_3rd_army', 'actor_min')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50]
    if not name[:1].isalpha() or name in {word.lower() for word in RESERVED}:
        name = f"actor_{name}".strip("_")
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
