"""Who is named in a sentence, how firmly, and what it does there.

A mention is *firm* where a name stands for the actor ("Beijing will", "with China", "Iranian
officials"), and loose where it only colours a noun ("Chinese tea", "U.S.-China relations") or a
capital is a place ("in Baghdad"). It *acts* where a group of verbs follows it in the clause, or
follows its government, leaders or forces, and no preposition comes before; names joined by "and"
share the group; a participle and "by" before a name make it the agent. Cost: linear in the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from detente.reading._clause import (
    AUXILIARIES,
    BANDS,
    CONJUNCTIONS,
    DETERMINERS,
    FUNCTION_WORDS,
    NEGATIONS,
    ORGANS,
    OWN,
    PLACE_PREPOSITIONS,
    PLURAL_HEADS,
    PREPOSITIONS,
    TIMES,
    TITLES,
    SentenceWords,
    is_adverb,
    word_set,
)
from detente.reading._deeds import deed_after
from detente.reading._gazetteer import Form, KnownActor
from detente.reading._verb_groups import VerbGroup, further_groups, verb_group
from detente.reading._verb_table import NOUNS, has_shape, meaning

_BACK = 7
"""How many words before a name are looked at."""
_LONGEST_INSERT = 16
_COLOURS = word_set("""
    communist imperial nazi red fascist mainland islamic western eastern northern southern
    central greater revolutionary neighbouring neighboring post shia sunni tsarist baathist
    neither
""")
"""Words with a capital that may stand before the name of a state."""
_CAUSING = word_set("""
    let lets make makes made help helps helped see sees saw watch hear have had making letting
    helping
""")
_COMPANY = word_set("""
    his its her their others the
""")
_FRONTED = word_set("""
    in at on for like unlike despite during around outside inside to
""")
"""Prepositions with which a sentence may open before its subject: "In Syria, Iran is"."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words from ``start`` up to ``end`` that name an actor."""

    start: int
    end: int
    actor: KnownActor
    form: Form


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor at one place of a sentence.

    ``groups`` are the verbs that it governs there, ``deed`` is a noun for what it does.
    """

    actor: KnownActor
    words: str
    firm: bool
    groups: tuple[VerbGroup, ...]
    deed: VerbGroup | None


@dataclass(frozen=True, slots=True)
class _Look:
    """What stands around a name."""

    one: Candidate
    part: bool
    before: str
    organ: bool
    group: VerbGroup | None
    subject: bool
    agent: tuple[VerbGroup, ...]


def read_mentions(words: SentenceWords, candidates: Sequence[Candidate]) -> list[Mention]:
    """Say of each candidate of a sentence how firmly it is named and what it does.

    Parameters
    ----------
    words : SentenceWords
    candidates : sequence of Candidate
        In the order of the sentence, none overlapping.

    Returns
    -------
    list of Mention
        A name that is part of a longer one ("Michael Jordan") is left out.
    """
    links = [_link(words, left, right) for left, right in pairwise(candidates)]
    links.append("")
    for place in range(len(links) - 2, -1, -1):
        if links[place] == "," and not links[place + 1]:
            links[place] = ""
    looks: list[_Look] = []
    for place, one in enumerate(candidates):
        joined = links[place - 1] if place else ""
        look = _look(words, one, bool(joined))
        if joined and not looks[-1].part:
            last = looks[-1]
            if not last.subject and not (joined == "," and last.before in _FRONTED):
                look = replace(look, subject=False)
            look = replace(look, agent=look.agent or last.agent)
        looks.append(look)
    for place in range(len(looks) - 2, -1, -1):
        if links[place] and looks[place].group is None:
            looks[place] = replace(looks[place], group=looks[place + 1].group)
    return [_mention(words, look) for look in looks if not look.part]


def _mention(words: SentenceWords, look: _Look) -> Mention:
    one, groups = look.one, look.agent
    if look.subject and look.group is not None and not look.group.passive:
        groups = (look.group, *further_groups(words, look.group), *look.agent)
    text = words.between(one.start, one.end)
    deed = deed_after(words, one.end) if _may_bear(words, look) and not groups else None
    return Mention(one.actor, text, bool(groups) or _is_firm(words, look), groups, deed)


def _may_bear(words: SentenceWords, look: _Look) -> bool:
    """Whether a noun after the name is what its bearer does: not in "Iran sanctions"."""
    one = look.one
    bears = one.form == "adjective" or one.actor.kind in {"movement", "organisation"}
    return not look.organ and (
        bears or words.at(one.end) == OWN or words.words[one.end - 1].isupper()
    )


def _is_firm(words: SentenceWords, look: _Look) -> bool:
    one = look.one
    if words.at(one.end) == "-" or words.at(one.start - 1) == "-":
        return False
    if look.organ:
        return True
    if one.form == "adjective":
        return look.group is not None
    after = words.at(one.end)
    if one.form == "seat" and after != OWN:
        dateline = after == "," and words.at(one.end + 1) in TIMES
        if look.before in PLACE_PREPOSITIONS or dateline:
            return False
    if not after.isalpha() or after in FUNCTION_WORDS or is_adverb(after) or after in TIMES:
        return True
    if words.is_name(one.end):
        return False
    if look.group is not None:
        return True
    return after not in NOUNS and (
        has_shape(after, "third", "past", "participle")
        or (one.form == "name" and has_shape(after, "base"))
    )


def _link(words: SentenceWords, left: Candidate, right: Candidate) -> str:
    """Return how two neighbours are joined: "and", a comma, or not at all."""
    between = list(words.low[left.end : right.start])
    while between and between[-1] in DETERMINERS:
        between.pop()
    match between:
        case ["and" | "or" | "nor"] | [",", "and" | "or"]:
            return "and"
        case [","]:
            return ","
    return ""


def _look(words: SentenceWords, one: Candidate, joined: bool) -> _Look:
    start = _step_back(words, one)
    before = words.at(start - 1)
    organ_before = before == "of" and words.at(start - 2) in ORGANS and one.form != "adjective"
    if organ_before:
        start = _step_back_from(words, start - 2)
        before = words.at(start - 1)
    plural = joined or _is_plural(words.at(one.end - 1))
    compound = "-" in {words.at(one.start - 1), words.at(one.end)}
    part = _is_part(words, one)
    if part or compound:
        return _Look(one, part, before, False, None, False, ())
    organ = organ_before
    group = verb_group(words, one.end, plural or before in AUXILIARIES, before)
    end = one.end
    if group is None:
        bodies = BANDS if one.actor.kind == "movement" else ORGANS
        end, head = _organ_after(words, one.end, bodies)
        if head:
            group = verb_group(words, end, plural or _is_plural(head) or before in AUXILIARIES)
            organ = organ or group is not None or not _is_noun(words, end)
        if group is None and (head or words.at(one.end) != OWN):
            group = _after_insert(words, end)
    if group is not None and before in _CAUSING and group.shape == "base":
        group = None
    agent = _agency(words, start - 1) if before == "by" else ()
    subject = before not in PREPOSITIONS
    return _Look(one, False, before, organ, group, subject, agent)


def _is_plural(word: str) -> bool:
    return word in PLURAL_HEADS or (
        word.endswith("s") and word not in {"states", "congress", "laos", "netherlands"}
    )


def _step_back(words: SentenceWords, one: Candidate) -> int:
    """Return where the phrase of a name begins: its determiners and titles before it."""
    return _step_back_from(words, one.start)


def _step_back_from(words: SentenceWords, place: int) -> int:
    first = max(0, place - _BACK)
    while place > first:
        word = words.at(place - 1)
        if word in DETERMINERS or word in TITLES or (word in _COLOURS and words.is_name(place - 1)):
            place -= 1
        else:
            break
    return place


def _is_part(words: SentenceWords, one: Candidate) -> bool:
    """Whether a name belongs to a longer one that is not of the table: "Michael Jordan"."""
    last = one.start - 1
    before = words.at(last)
    if one.form != "leader" and before in TITLES and words.is_name(last):
        return before not in {"prime", "foreign", "former", "late", "acting", "state"}
    if one.form == "leader" and words.is_name(one.end) and one.end - one.start == 1:
        return words.at(one.end) not in ORGANS | TIMES
    if not words.is_name(last) or not before.isalpha():
        return False
    if before in FUNCTION_WORDS | TITLES | _COLOURS | TIMES or is_adverb(before):
        return False
    opens = last == 0 or words.at(last - 1) in {".", '"', "“", "("}
    verb = has_shape(before, "base", "gerund", "past", "participle")
    return not (opens and (verb or before.endswith("ing")))


def _organ_after(words: SentenceWords, place: int, bodies: frozenset[str]) -> tuple[int, str]:
    """Return where a noun for those who act ends, after the name, and the noun."""
    if words.at(place) == OWN:
        place += 1
    found, head = place, ""
    for here in range(place, place + 5):
        word = words.at(here)
        if word in bodies:
            found, head = here + 1, word
        elif not word.isalpha() or word in FUNCTION_WORDS or is_adverb(word):
            break
    if head and words.at(found) == "of" and words.is_name(found + 1):
        found += 2
    return found, head


def _is_noun(words: SentenceWords, place: int) -> bool:
    """Whether the word goes on with the nouns before it: military *support*."""
    word = words.at(place)
    if not word.isalpha() or word in FUNCTION_WORDS or is_adverb(word) or words.is_name(place):
        return False
    return word in NOUNS or not has_shape(word, "third", "past", "base")


def _after_insert(words: SentenceWords, place: int) -> VerbGroup | None:
    """Read the group after a few words in between: "Iran, however, will", "Kim and his men met"."""
    opening = words.at(place)
    if opening == "(":
        for end in range(place + 1, place + 6):
            if words.at(end) == ")":
                return verb_group(words, end + 1, False)
    elif opening == "and" and (words.at(place + 1) in _COMPANY or words.is_name(place + 1)):
        for end in range(place + 2, place + 5):
            if not words.at(end - 1).isalpha() or words.at(end) in PREPOSITIONS:
                return None
            if group := verb_group(words, end, True):
                return group
    elif opening in PREPOSITIONS:
        for end in range(place + 2, place + _BACK):
            if words.at(end) in AUXILIARIES:
                return verb_group(words, end, False)
            if not words.at(end).isalnum() or words.at(end) in CONJUNCTIONS:
                return None
    elif opening == "," and words.at(place + 1) not in {"and", "or", "but", "nor"}:
        for end in range(place + 2, place + _LONGEST_INSERT):
            word = words.at(end)
            if word in {"", ".", ";", ":", "—"}:
                return None
            if word == "," and (group := _after_comma(words, end + 1)):
                return group
    return None


def _after_comma(words: SentenceWords, place: int) -> VerbGroup | None:
    word = words.at(place)
    if word in AUXILIARIES or (has_shape(word, "third", "past") and word not in NOUNS):
        return verb_group(words, place, False)
    return None


def _agency(words: SentenceWords, by: int) -> tuple[VerbGroup, ...]:
    """Return the verb whose agent follows "by": imposed on Iran *by* Washington."""
    for place in range(by - 1, max(-1, by - _BACK), -1):
        word = words.at(place)
        if not word.isalpha() and word != OWN:
            break
        if has_shape(word, "participle"):
            row = meaning(words, place, "participle", words.low[max(0, place - _BACK) : place])
            denied = not NEGATIONS.isdisjoint(words.low[max(0, place - 3) : place])
            said = f"not {word}" if denied else word
            return (VerbGroup(row.verb, "participle", row.option, said, False, place + 1),)
    return ()
