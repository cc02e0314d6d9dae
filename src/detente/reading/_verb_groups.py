"""The group of words by which an actor governs a verb: modals, denials, and verbs in a chain.

A group is read from the word after its subject, left to right: adverbs, modals and forms of "be"
and "have" are passed over, "continues to try to" leads on to what is tried. Cost: a few words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.reading._clause import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    DO,
    FUNCTION_WORDS,
    HAVE,
    MODALS,
    NEGATIONS,
    PRONOUNS,
    SentenceWords,
    is_adverb,
    word_set,
)
from detente.reading._verb_table import NEAR, NOUNS, Shape, VerbSense, has_shape, meaning

_LONGEST_GROUP = 14
_LONGEST_CLAUSE = 24
_CLAUSE_ENDS = word_set("""
    . ; : — ( ) ? ! that which who whom because if while when although as whether unless before
    after since where so
""")
_ITSELF = frozenset(("it", "he", "she", "they"))
_LINKS = frozenset(("and", "or", "but", "then"))
_CHAIN = {
    "to": word_set("""
        continue seek try attempt want wish plan intend begin start decide agree choose struggle
        need hope prepare have aim strive tend move proceed expect prefer refuse decline fail
        cease hesitate neglect come go resolve vow manage threaten offer promise work
    """),
    "ing": word_set("""
        continue begin start keep stop cease avoid resume consider halt quit
    """),
}
_REFUSING = word_set("""
    refuse decline fail cease hesitate neglect stop avoid halt quit unlikely unable unwilling
    reluctant hesitant loath loth
""")
_STATES = word_set("""
    likely unlikely able unable willing unwilling ready prepared reluctant hesitant loath loth
    bound set determined committed poised eager keen anxious free certain sure about capable
    intent expected interested inclined due obliged compelled
""")
"""Words after "is" that lead on to a verb: unlikely *to* accept, capable *of* striking."""
_OF_OTHERS = word_set("""
    want urge press force ask allow enable expect help persuade compel invite order convince push
    lead cause oppose reject prevent avoid fear deny call coerce permit encourage pressure
""")
"""Verbs after which "to" says what somebody else does, or what is not done."""
_OWN_CLASS = frozenset(("threaten", "offer", "promise"))
"""Verbs that say what is done by themselves: who threatens to attack, threatens."""


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """A verb with what stands before it.

    ``verb`` and ``shape`` are the main verb and its form, ``option`` what an actor does by it
    (empty where nothing in particular), ``words`` the document's words from the negation on.
    """

    verb: str
    shape: Shape
    option: str
    words: str
    passive: bool
    end: int


def _governs(words: SentenceWords, place: int) -> bool:
    """Whether what follows a form that may be a noun makes it a verb: an object of its own."""
    after = words.at(place + 1)
    if after == "to":
        return words.at(place).removesuffix("s") in _CHAIN["to"]
    plural = after.endswith("s") and len(after) > 3 and after not in FUNCTION_WORDS
    return (
        after in DETERMINERS or after in PRONOUNS or after in {"how", "whether"}
        or words.is_name(place + 1) or after.isdigit() or plural
    )  # fmt: skip


def _finite(words: SentenceWords, place: int, plural: bool) -> Shape | None:
    """Return the shape in which a word can follow its subject at once."""
    word = words.at(place)
    shapes: tuple[Shape, ...] = ("past", "third", "base") if plural else ("past", "third")
    for shape in shapes:
        if has_shape(word, shape):
            agent = words.at(place + 1) == "by" and not has_shape(words.at(place + 2), "gerund")
            if shape == "past" and has_shape(word, "participle") and agent:
                return None
            return shape if word not in NOUNS or _governs(words, place) else None
    known = word in FUNCTION_WORDS or has_shape(word, "base", "participle", "gerund")
    if not known and word.endswith("s") and word.isalpha():
        following = words.at(place + 1)
        if following in DETERMINERS - {"both", "all"} or following in {"how", "whether", "that"}:
            return "third"
    return None


def _next_to(words: SentenceWords, place: int) -> int:
    """Return where "to" stands after a comparison: more likely *than in the past* to."""
    return next((here for here in range(place, place + 7) if words.at(here) == "to"), place)


def _shape_of(word: str) -> Shape:
    shapes: tuple[Shape, ...] = ("base", "third", "past")
    return next((shape for shape in shapes if has_shape(word, shape)), "base")


class _Reader:
    """Reads one group from left to right."""

    def __init__(self, words: SentenceWords, place: int, object_before: str = "") -> None:
        self.words, self.place, self.limit = words, place, place + _LONGEST_GROUP
        self.object_before = object_before
        self.said: list[str] = []

    def skip_adverbs(self, also: str = "") -> None:
        while self.place < self.limit:
            word = self.words.at(self.place)
            if not is_adverb(word) and word != also:
                break
            if word in NEGATIONS:
                self.said.append(word)
            self.place += 1

    def negated(self, word: str) -> None:
        if word.endswith("n't") or word == "cannot":
            self.said.append("not")

    def group(self, shape: Shape, passive: bool = False) -> VerbGroup:
        """Follow a chain of verbs from here to the main one."""
        words = self.words
        while True:
            word = words.at(self.place)
            row = None
            if has_shape(word, shape):
                row = meaning(words, self.place, shape, (self.object_before,))
            verb = row.verb if row else word
            follows = None if passive or verb in _OWN_CLASS else self._follows(verb)
            if row is None or follows is None:
                break
            if verb in _REFUSING:
                self.said.append(word if follows[1] == "gerund" else f"{word} to")
            self.place, shape = follows
            passive = self._passive_here()
            if passive:
                shape = "participle"
        option = row.option if row else ""
        said = " ".join([*self.said, word])
        if row and row.objects:
            said = self._with_object(said, row)
        return VerbGroup(verb, shape, option, said, passive, self.place + 1)

    def _with_object(self, said: str, row: VerbSense) -> str:
        for number, word in enumerate(self.words.low[self.place + 1 : self.place + 1 + NEAR]):
            if word in row.objects:
                return f"{said} {word}" if number == 0 else f"{said} … {word}"
        return f"{self.object_before} … {said}"

    def _follows(self, verb: str) -> tuple[int, Shape] | None:
        """Return where a verb that hangs on this one stands, and its shape."""
        place, words = self.place + 1, self.words
        while is_adverb(words.at(place)) and place < self.limit:
            place += 1
        if place < self.limit and verb in _CHAIN["to"] and words.at(place) == "to":
            place += 1
            while is_adverb(words.at(place)) and place < self.limit:
                place += 1
            if has_shape(words.at(place), "base"):
                return place, "base"
        elif verb in _CHAIN["ing"] and has_shape(words.at(place), "gerund"):
            return place, "gerund"
        return None

    def _passive_here(self) -> bool:
        """Whether a chain went on to "be" and a participle; the place is then moved to it."""
        if self.words.at(self.place) != "be":
            return False
        after = self.place + 1
        while is_adverb(self.words.at(after)) and after < self.limit:
            after += 1
        if self.words.at(after) not in _STATES and has_shape(self.words.at(after), "participle"):
            self.place = after
            return True
        return False

    def after_be(self) -> VerbGroup | None:
        """Read what follows a form of "be": doing, done, likely to do, or a plain statement."""
        words, start = self.words, self.place
        word = words.at(self.place)
        if word in _STATES:
            place = self.place + 1
            if words.at(place) == "than":
                place = _next_to(words, place)
            if words.at(place) in {"to", "of", "in", "on"}:
                place += 1
                while is_adverb(words.at(place)) and place < self.limit:
                    place += 1
                for shape in ("base", "gerund"):
                    if has_shape(words.at(place), shape):
                        if word in _REFUSING:
                            self.said.append(f"{word} to")
                        self.place = place
                        if self._passive_here():
                            return self.group("participle", passive=True)
                        return self.group(shape)
        elif word == "being" and has_shape(words.at(self.place + 1), "participle"):
            self.place += 1
            return self.group("participle", passive=True)
        elif has_shape(word, "gerund"):
            return self.group("gerund")
        elif has_shape(word, "participle") or (word.endswith("ed") and len(word) > 4):
            return self.group("participle", passive=True)
        return VerbGroup("be", "base", "", "", False, start)


def verb_group(
    words: SentenceWords, place: int, plural: bool, object_before: str = ""
) -> VerbGroup | None:
    """Read the group of verbs that begins at a place, right after its subject.

    Parameters
    ----------
    words : SentenceWords
    place : int
        The word after the subject.
    plural : bool
        Whether the subject may govern a verb in its base form.
    object_before : str
        The word before the subject, which may be what is done: "the *offer* Beijing made".

    Returns
    -------
    VerbGroup or None
        None where no verb stands there.

    Examples
    --------
    >>> words = SentenceWords("Beijing will probably not agree to impose sanctions.")
    >>> group = verb_group(words, 1, False)
    >>> group.option, group.words
    ('sanction', 'not impose sanctions')
    """
    reader = _Reader(words, place, object_before)
    reader.skip_adverbs(also="likely")
    word = words.at(reader.place)
    expected: Shape | None = None
    while word in MODALS or word in DO or word in HAVE or word in BE:
        reader.negated(word)
        if word in BE:
            reader.place += 1
            reader.skip_adverbs()
            return reader.after_be()
        if word in HAVE:
            first = reader.place
            reader.place += 1
            reader.skip_adverbs()
            if words.at(reader.place) in BE:
                word = words.at(reader.place)
                continue
            if not has_shape(words.at(reader.place), "participle"):
                reader.place = first
                return reader.group(_shape_of(word))
            return reader.group("participle")
        reader.place += 1
        reader.skip_adverbs(also="likely")
        expected, word = "base", words.at(reader.place)
    if expected is None:
        expected = _finite(words, reader.place, plural)
        if expected is None:
            return None
    elif not has_shape(word, "base"):
        return VerbGroup("", "base", "", "", False, reader.place)
    return reader.group(expected)


def further_groups(words: SentenceWords, first: VerbGroup) -> Iterator[VerbGroup]:
    """Yield the groups that share the subject of the first: "will attack *and seize*".

    Examples
    --------
    >>> words = SentenceWords("Iran will arm the Huthis, threaten Israel, and support Hizballah.")
    >>> first = verb_group(words, 1, False)
    >>> [group.option for group in further_groups(words, first)]
    ['threaten', 'support']
    """
    place, limit = first.end, first.end + _LONGEST_CLAUSE
    own = first.verb not in _OF_OTHERS
    while place < limit and (word := words.at(place)):
        place += 1
        if group := _said_of_itself(words, place - 1):
            place = group.end
            if group.option:
                yield group
            continue
        if word in _CLAUSE_ENDS:
            return
        own = own and word not in AUXILIARIES
        if word in {"to", "by"}:
            if own and (group := _purpose(words, place, "base" if word == "to" else "gerund")):
                yield group
                place = group.end
            continue
        if word not in {",", "and", "but", "or", "then"}:
            continue
        start = place
        while start < limit and (words.at(start) in _LINKS or is_adverb(words.at(start))):
            start += 1
        if words.at(start) in MODALS:
            group = verb_group(words, place, False)
        elif has_shape(words.at(start), first.shape) and (
            words.at(start) not in NOUNS or _governs(words, start)
        ):
            reader = _Reader(words, start)
            denials = words.low[place:start]
            if word == "or":
                denials = (*first.words.split()[:1], *denials)
            reader.said += [one for one in denials if one in NEGATIONS]
            group = reader.group(first.shape)
        else:
            continue
        if group is not None and (word != "," or first.shape == "base"):
            place = group.end
            if group.option:
                yield group


def _purpose(words: SentenceWords, place: int, shape: Shape) -> VerbGroup | None:
    """Read what something is done for or by: uses its navy *to intimidate* its neighbours."""
    before = words.words[place - 2]
    if not before.islower() or before in PRONOUNS or not has_shape(words.at(place), shape):
        return None
    group = _Reader(words, place).group(shape)
    return group if group.option else None


def _said_of_itself(words: SentenceWords, place: int) -> VerbGroup | None:
    """Read what a subject says of itself: insists *that it will not negotiate*."""
    if words.at(place) == "that" and words.at(place + 1) in _ITSELF:
        return verb_group(words, place + 2, words.at(place + 1) == "they")
    return None
