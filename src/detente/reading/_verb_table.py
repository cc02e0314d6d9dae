"""The verbs that are known, by their forms, and what an actor does by each.

The table is ``verbs.csv`` beside this file: the name of an option, a verb, its other forms (third
person, past, participle where it differs, ``-ing``) and words one of which must stand near it
("impose" and "sanctions"). Verbs without an option only show that somebody acts.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from detente.reading._clause import Words, word_set

Shape = Literal["base", "third", "past", "participle", "gerund"]

NEAR = 7
"""How many words around a verb are searched for the words that give it its meaning."""
NOUNS = word_set("""
    ally allies escape escapes sanction sanctions test tests attack attacks offer offers talk
    talks move moves strike strikes raid raids support supports veto vetoes deal deals launch
    launches blockade blockades arms arm demand demands protest protests vote votes plan plans
    attempt attempts need needs hope hopes fear fears claim claims view views question questions
    call calls force forces base bases export exports import imports trade trades aim aims
    control controls fight fights interests visit visits report reports return returns result
    results aid aids advance advances approach approaches issue issues influence court courts
    police state states field fields station stations shell shells train trains back alert
    alerts guard guards patrol patrols threat help pressure pressures challenge challenges
    counter counters contest finance finances fund funds bomb bombs target targets battle
    battles clash clashes release releases warning promise promises pledge pledges partner
    partners project projects position positions stress change changes charge charges cost costs
    increase increases decrease decreases limit limits link links list mark marks order orders
    process pull push run runs share shares shift shifts show shows signal signals stand stands
    start step steps turn use uses value values work works concern concerns rule rules risk
    risks play plays lead practice response delay delays halt pause boycott embargo embargoes
    quarantine benefit benefits border borders debate debates dispute disputes display drive
    drives exchange experience focus gain gains grant guarantee guarantees guide host judge
    march match measure measures object objects progress purchase purchases rise rises search
    struggle struggles transfer transfers doubt doubts drop split spread love like look care
    cause causes count cover wage wait watch urge answer answers
""")
"""Forms that are nouns as well: after a name they count as verbs only with an object."""


@dataclass(frozen=True, slots=True)
class VerbSense:
    """What a verb says: the option, empty where none, and the words that must stand near it."""

    verb: str
    option: str
    objects: frozenset[str]


@cache
def _forms() -> dict[str, dict[Shape, tuple[VerbSense, ...]]]:
    """Return by form of a verb and its shape the rows of the table, the particular ones first."""
    found: dict[str, dict[Shape, list[VerbSense]]] = defaultdict(lambda: defaultdict(list))
    text = files("detente.reading").joinpath("verbs.csv").read_text(encoding="utf-8")
    for line in csv.DictReader(text.splitlines()):
        row = VerbSense(line["verb"], line["option"], frozenset(line["objects"].split()))
        forms = line["forms"].split()
        shaped: list[tuple[Shape, str]] = [("base", row.verb), ("third", forms[0])]
        shaped += [("gerund", forms[-1])]
        shaped += [("past", forms[1]), ("participle", forms[-2])]
        for shape, form in shaped:
            found[form][shape].append(row)
    return {
        form: {
            shape: tuple(sorted(rows, key=lambda row: (not row.objects, not row.option)))
            for shape, rows in shapes.items()
        }
        for form, shapes in found.items()
    }


def has_shape(word: str, *shapes: Shape) -> bool:
    """Whether a word in small letters is a form of a known verb.

    Examples
    --------
    >>> has_shape("withdrew", "past"), has_shape("withdrew", "base")
    (True, False)
    """
    return not _forms().get(word, {}).keys().isdisjoint(shapes)


def meaning(words: Words, place: int, shape: Shape, before: Iterable[str] = ()) -> VerbSense:
    """Return the row of the table for the verb at a place, by the words after and ``before``."""
    near = {*words.low[place + 1 : place + 1 + NEAR], *before}
    rows = _forms()[words.at(place)][shape]
    for row in rows:
        if not row.objects or not row.objects.isdisjoint(near):
            return row
    return VerbSense(rows[0].verb, "", frozenset())
