"""The words of a sentence, and the few classes of them by which clauses are read.

There is no grammar here: words are cut by one compiled pattern, and closed classes (prepositions,
modals, titles, nouns for those who act for a state) are lists. Cost: linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_TOKEN = re.compile(
    r"(?P<initials>(?:[A-Z]\.){2,})"
    r"|(?P<own>(?<=\w|\.)['’ʼ]s(?!\w)|(?<=s)['’ʼ](?!\w))"
    r"|(?P<prefixed>\b(?i:co|de|re)-[a-z]+)"
    r"|(?P<word>[^\W_'’ʼ]+(?:['’ʼ](?!s(?!\w))[^\W_'’ʼ]+)*)"
    r"|(?P<hyphen>(?<=[\w.])[-–](?=\w))"
    r"|(?P<mark>[^\w\s])"
)
_APOSTROPHES = str.maketrans("’ʼ–", "''-")

OWN = "'s"
"""How the ending of a possessor is written, whatever its apostrophe and its s."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a class."""
    return frozenset(text.split())


NEGATIONS = word_set("""
    not never no neither nor hardly scarcely barely
""")
MODALS = word_set("""
    will would shall should may might can could must cannot won't wouldn't shan't shouldn't
    mayn't mightn't can't couldn't mustn't
""")
BE = word_set("""
    be is are was were been being isn't aren't wasn't weren't
""")
HAVE = word_set("""
    have has had having haven't hasn't hadn't
""")
DO = word_set("""
    do does did don't doesn't didn't
""")
AUXILIARIES = MODALS | BE | HAVE | DO

DETERMINERS = word_set("""
    the a an its their his her our your my this that these those both either all any some each
    every no such another other many most several few more
""")
PREPOSITIONS = word_set("""
    of in on at by for with from to against between among amid over under into toward towards
    about through within across via upon like unlike despite during near behind beyond without
    including except per regarding concerning around outside inside alongside versus vis
    following according given amidst
""")
PLACE_PREPOSITIONS = word_set("""
    in at near around outside inside into through across over on within from beyond throughout of
""")
CONJUNCTIONS = word_set("""
    and or but nor as than then if unless until while when whenever where because since although
    though after before once whereas whether that which who whom whose what why how so yet
    however therefore thus moreover also even only just plus lest
""")
PRONOUNS = word_set("""
    i we you he she it they them us me him himself herself itself themselves there here one who
    this these those
""")
ADVERBS = word_set("""
    also still always never ever often sometimes soon now then again once already yet today
    alone too first instead rather almost quite very perhaps maybe thus far even just only not
    long further more most less least well back away together later earlier yesterday tomorrow
    abroad likewise else meanwhile indeed itself themselves herself himself no nor neither
    hardly scarcely barely so
""")
_NO_ADVERBS = word_set("""
    family ally assembly supply monopoly anomaly reply apply rely comply italy july early fly
    multiply imply bully friendly deadly costly unlikely likely only unfriendly orderly rally
    tally
""")
FUNCTION_WORDS = (
    AUXILIARIES | DETERMINERS | PREPOSITIONS | CONJUNCTIONS | PRONOUNS | ADVERBS | NEGATIONS
)

TITLES = word_set("""
    mr mrs ms dr sir lord president premier chancellor minister prime foreign secretary general
    marshal colonel admiral captain major senator congressman congresswoman representative
    governor ambassador king queen prince sheikh emir sultan shah ayatollah imam pope chairman
    chairwoman leader commander dictator supreme vice deputy acting former late defense defence
    state prof professor comrade speaker mayor judge justice justices counselor councillor gen
    sen rep gov col lt adm sgt
""")
"""Words before a name that say it is a person's."""

ORGANS = word_set("""
    spokesman spokeswoman spokesperson jets warplanes warships ships aircraft gunners pilots
    commandos paratroopers
    government governments govt regime regimes leader leaders leadership official officials
    authorities administration president premier chancellor minister ministers ministry diplomat
    diplomats negotiator negotiators envoy envoys military army navy airforce forces force
    troops soldiers police parliament congress senate cabinet policymakers decisionmakers
    commander commanders guard services delegation representative representatives ambassador
    ambassadors embassy party politburo king junta state republic side rulers ruler command
    department high agencies agency armies navies fleet general generals court council premiers
    presidents politicians lawmakers strategists planners elites hawks
""")
"""Nouns of those who act for the one that is named before them: the Iraqi *Government* will."""

BANDS = ORGANS | word_set("rebels fighters militants insurgents gunmen guerrillas")
"""The same, after the name of a movement."""

PLURAL_HEADS = word_set("""
    police military taliban taleban people leadership chinese japanese british french swiss
    irish dutch spanish vietnamese taiwanese lebanese burmese sudanese hamas troops huthi houthi
    hizballah congress mujahidin mujahideen
""")
"""Words without an s that may govern a verb in its base form: the Taliban *make* gains."""

TIMES = word_set("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december jan feb mar apr jun jul aug sept sep
    oct nov dec
""")


def is_adverb(word: str) -> bool:
    """Whether a word in small letters may stand between a subject and its verb.

    Examples
    --------
    >>> is_adverb("probably"), is_adverb("still"), is_adverb("family")
    (True, True, False)
    """
    return word in ADVERBS or (word.endswith("ly") and len(word) > 4 and word not in _NO_ADVERBS)


@dataclass(frozen=True)
class SentenceWords:
    """The words and marks of a text in order, as they stand and in small letters.

    Examples
    --------
    >>> SentenceWords("China’s U.S.–led talks.").words
    ('China', "'s", 'U.S.', '-', 'led', 'talks', '.')
    """

    text: str

    @cached_property
    def _matches(self) -> tuple[re.Match[str], ...]:
        return tuple(_TOKEN.finditer(self.text))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Words; the ending of a possessor and each mark count as one, a dash is no hyphen."""
        found = []
        for match in self._matches:
            piece = match[0].translate(_APOSTROPHES)
            if match.lastgroup == "own":
                piece = OWN
            elif match.lastgroup == "mark" and piece == "-":
                piece = "—"
            found.append(piece)
        return tuple(found)

    @cached_property
    def low(self) -> tuple[str, ...]:
        """The words in small letters."""
        return tuple(word.lower() for word in self.words)

    def __len__(self) -> int:
        """Return how many words and marks there are."""
        return len(self.words)

    def between(self, start: int, end: int) -> str:
        """Return the text of the words from ``start`` up to ``end``."""
        return " ".join(
            self.text[self._matches[start].start() : self._matches[end - 1].end()].split()
        )

    def at(self, place: int) -> str:
        """Return the word at a place in small letters; empty before the start and after the end."""
        return self.low[place] if 0 <= place < len(self.low) else ""

    def is_name(self, place: int) -> bool:
        """Whether a word begins with a capital."""
        return 0 <= place < len(self.words) and self.words[place][0].isupper()
