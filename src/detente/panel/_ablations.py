"""The same game without one of the things that make it a game, to see what that is worth.

``choices at random`` takes the precision of all actors away: what is left is how often who can move
where. ``ACTOR blind`` has an actor act as if every conflict had the template's own numbers. ``no
time`` looks at the end of the game alone, however long it takes; of a record it knows the order of
days alone, not how far apart they are. Each is fitted anew.
"""

from __future__ import annotations

import math
from dataclasses import replace

from detente.case import Actor, Case, View
from detente.expression import Formula, Namespace, compile_formula
from detente.panel._outcome import FinalOutcome, RecordOutcome
from detente.panel._panel import Panel

AT_RANDOM = "choices at random"
NO_TIME = "no time"
_LONG = 20.0
"""How many times the horizon the end of the game is looked at, where no event ends it."""


def ablated_panels(panel: Panel) -> dict[str, Panel]:
    """Return the panel without each of the things that make it a game, by name.

    Examples
    --------
    >>> from detente.panel import load_panel
    >>> list(ablated_panels(load_panel("disputes")))
    ['choices at random', 'challenger blind', 'target blind', 'no time']
    """
    found = {AT_RANDOM: _with_template(panel, AT_RANDOM, _at_random(panel.template))}
    for actor in panel.template.actors:
        name = f"{actor.name} blind"
        found[name] = _with_template(panel, name, _blind(panel, actor))
    found[NO_TIME] = replace(
        panel, outcome=_timeless(panel.outcome), sha256=f"{panel.sha256} {NO_TIME}"
    )
    return found


def _timeless(outcome: FinalOutcome | RecordOutcome) -> FinalOutcome | RecordOutcome:
    if isinstance(outcome, RecordOutcome):
        return outcome.evenly()
    return replace(outcome, horizon=math.inf if outcome.first else _LONG * outcome.horizon)


def _with_template(panel: Panel, name: str, template: Case) -> Panel:
    return replace(panel, template=template, sha256=f"{panel.sha256} {name}")


def _constant(value: float) -> Formula:
    return compile_formula(repr(float(value)), Namespace({}, {}), "number")


def _at_random(case: Case) -> Case:
    actors = tuple(replace(actor, precision=_constant(0.0)) for actor in case.actors)
    return replace(case, actors=actors, views=())


def _blind(panel: Panel, actor: Actor) -> Case:
    case = panel.template
    stated = {name: _constant(case.parameters[name].value) for name in panel.shared.formulas}
    own = {name: formula for view in case.views if view.actor == actor.name
           for name, formula in view.values if name not in stated}  # fmt: skip
    view = View(actor.name, tuple({**own, **stated}.items()), "it sees the template's own numbers")
    others = tuple(one for one in case.views if one.actor != actor.name)
    return replace(case, views=(*others, view))
