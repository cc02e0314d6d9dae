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

from detente.reading._clause import SentenceWords, word_set

Shape = Literal["base", "third", "past", "participle", "gerund"]

NEAR = 7
"""How many words around a verb are searched for the words that give it its meaning."""
_PARTICLES = word_set("up off down out back for with in on")
"""Words that change a verb only right after it: *back down*, *call for*."""
NOUNS = word_set("""
    rebel rebels
    advance advances aid aids aim aims alert alerts allies ally answer answers approach
    approaches arms attack attacks attempt attempts back base bases battle battles benefit
    benefits blockade blockades bomb bombs border borders boycott call calls care cause causes
    challenge challenges change changes charge charges claim claims clash clashes concern
    concerns contest control controls cost costs count counter counters court courts cover deal
    deals debate debates decrease decreases delay delays demand demands desire desires display
    dispute disputes doubt doubts drive drives drop embargo embargoes escape escapes exchange
    experience export exports fear fears field fields fight fights finance finances focus force
    forces fund funds gain gains grant guarantee guarantees guard guards guide halt help hope
    hopes host import imports increase increases influence interests issue issues judge launch
    launches lead like limit limits link links list look love march mark marks match measure
    measures move moves need needs object objects offer offers order orders partner partners
    patrol patrols pause plan plans play plays pledge pledges police position positions practice
    pressure pressures process progress project projects promise promises protest protests pull
    purchase purchases push quarantine question questions raid raids release releases report
    reports response result results return returns rise rises risk risks rule rules run runs
    sanction sanctions search share shares shell shells shift shifts show shows signal signals
    split spread stand stands start state states station stations step steps stress strike
    strikes struggle struggles support supports talk talks target targets test tests threat
    trade trades train trains transfer transfers turn urge use uses value values veto vetoes
    view views visit visits vote votes wage wait warning watch work works
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


def meaning(
    words: SentenceWords, place: int, shape: Shape, before: Iterable[str] = ()
) -> VerbSense:
    """Return the row of the table for the verb at a place, by the words after and ``before``."""
    near = {*words.low[place + 1 : place + 1 + NEAR], *before} - _PARTICLES
    near.add(words.at(place + 1))
    rows = _forms()[words.at(place)][shape]
    for row in rows:
        if not row.objects or not row.objects.isdisjoint(near):
            return row
    return VerbSense(rows[0].verb, "", frozenset())
