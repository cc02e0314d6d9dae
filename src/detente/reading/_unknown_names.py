"""Names that the table does not have: runs of words with capitals that may be somebody.

A run is taken for a name where its capital is no accident of a sentence's start: it has two words,
or stands inside a sentence as well. Titles before it make it a person's. The last word of a long
name goes for it, and so do the initials in brackets after it. Cost: linear in the words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from detente.reading._clause import (
    FUNCTION_WORDS,
    ORGANS,
    OWN,
    TIMES,
    TITLES,
    SentenceWords,
    is_adverb,
    word_set,
)
from detente.reading._gazetteer import KnownActor, Naming
from detente.reading._mentions import Candidate

_Name = tuple[str, ...]
_NOBODY = word_set("""
    god islamic islam arab arabs western eastern northern southern north south east west
    european african asian communist communism muslim christian jewish catholic shia sunni
    sunnis covid internet english latin yes note figure table chapter section part article act
    treaty council mr mrs ms sea ocean strait river street avenue ph source copyright http https
    www ii iii iv nation homeland allied allies middle near far pacific atlantic mediterranean
    europe asia africa
""")
"""Words with capitals that alone name no actor."""
_OFFICES = word_set("congress senate parliament politburo")
"""Words that do, where nothing says whose: in a quarrel within one state."""
_OPENING = frozenset(("", ".", '"', "“", "'", "(", ":", "—", "?", "!", "…", "‘"))


def unknown_names(
    rows: Iterable[tuple[SentenceWords, Sequence[Naming]]],
) -> dict[_Name, KnownActor]:
    """Gather the names of a document that no row of the table has.

    Parameters
    ----------
    rows : iterable of (SentenceWords, sequence of Naming)
        Sentences, and what the table knows in each.

    Returns
    -------
    dict
        By the words of each name, and of what goes for it; who stands once only is left out.
    """
    inside: set[str] = set()
    runs: Counter[_Name] = Counter()
    titles: dict[_Name, Counter[_Name]] = {}
    short: dict[_Name, _Name] = {}
    for words, found in rows:
        for start, end, first in _runs(words, found):
            name = words.words[start:end]
            runs[name] += 1
            if first < start:
                titles.setdefault(name, Counter())[words.words[first:start]] += 1
            if words.at(first - 1) not in _OPENING:
                inside.update(name)
            if initials := _initials_after(words, start, end):
                short[initials,] = name
    lasts = Counter(name[-1] for name in runs if len(name) > 1)
    for name in runs:
        if len(name) > 1 and lasts[name[-1]] == 1:
            short.setdefault(name[-1:], name)
    for name in short.keys() & runs:
        runs[short[name]] += runs[name]
    actors = {}
    for name, count in runs.items():
        if count > 1 and (len(name) > 1 or name in titles or name[0] in inside):
            title = titles[name].most_common(1)[0][0] if name in titles else ()
            kind = "person" if title else "other"
            actors[name] = KnownActor("", kind, _as_text((*title, *name)))
    return actors | {name: actors[full] for name, full in short.items() if full in actors}


def _initials_after(words: SentenceWords, start: int, end: int) -> str:
    """Return the abbreviation in brackets after a name, whose capitals it must have."""
    short = words.words[end + 1] if end + 1 < len(words) else ""
    if words.at(end) != "(" or words.at(end + 2) != ")" or len(short) < 2:
        return ""
    return short if short == "".join(w[0] for w in words.words[start:end] if w.istitle()) else ""


def new_candidates(
    words: SentenceWords, found: Sequence[Naming], actors: Mapping[_Name, KnownActor]
) -> Iterator[Candidate]:
    """Yield the names in a sentence that `unknown_names` gathered.

    Parameters
    ----------
    words : SentenceWords
    found : sequence of Naming
        What the table knows in it.
    actors : mapping

    Yields
    ------
    Candidate
    """
    for start, end, _ in _runs(words, found):
        actor = actors.get(words.words[start:end])
        if actor is not None:
            yield Candidate(start, end, actor, "leader" if actor.kind == "person" else "name")


def _runs(words: SentenceWords, found: Sequence[Naming]) -> Iterator[tuple[int, int, int]]:
    """Yield start and end of each run of words with capitals, and where its titles begin."""
    covered = {place for one in found for place in range(one.start, one.end)}
    place = 0
    while place < len(words):
        if not _may_begin(words, place, covered):
            place += 1
            continue
        first = place
        while place < len(words) and words.at(place) in TITLES and _follows(words, place, covered):
            place += 1
            if words.at(place) == "." and _follows(words, place, covered):
                place += 1
        start = place
        while True:
            place += 1
            after = words.at(place)
            if after in {"-", "of", "al"} and _may_begin(words, place + 1, covered):
                place += 1
            elif not _may_begin(words, place, covered):
                break
        bare = set(words.low[start:place])
        if bare & _OFFICES or not bare <= _NOBODY | TITLES | ORGANS | {"-", "of", OWN}:
            yield start, place, first


def _follows(words: SentenceWords, place: int, covered: set[int]) -> bool:
    return words.at(place + 1) == "." or _may_begin(words, place + 1, covered)


def _may_begin(words: SentenceWords, place: int, covered: set[int]) -> bool:
    low = words.at(place)
    return (
        words.is_name(place)
        and place not in covered
        and len(low) > 1
        and low not in FUNCTION_WORDS
        and low not in TIMES
        and not is_adverb(low)
    )


def _as_text(name: Sequence[str]) -> str:
    text = " ".join(name)
    return text.replace(" - ", "-").replace(f" {OWN}", OWN).replace(" .", ".")
