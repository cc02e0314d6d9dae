"""A name that does not exist, asked of anything that looks names up, is an error with a remedy.

Would catch: a bare KeyError, IndexError or ValueError where a claim, actor, variant, variable,
concept, option or level is mistyped, an error that does not repeat the wrong word, one that does
not say what there is.
"""

# ruff: noqa: PLW0108  (what is looked up in is made when the test runs)

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import detente
from detente.case import describe_field, read_case
from detente.conflict import Conflict
from detente.deals import (
    DealStudy,
    assess_deal,
    bargaining_solutions,
    deal_question,
    leverage,
    linked_deals,
    packages,
)
from detente.drawing import calibration
from detente.errors import InputError
from detente.evidence import (
    blind_forecasts,
    compare_rivals,
    filter_record,
    profile_likelihood,
    sample_posterior,
    score_forecasts,
)
from detente.stability import (
    least_rank_change,
    least_weight_change,
    strength_stability,
    uncertain_stability,
)
from detente.study import make_design, phase_diagram

WEATHER = b"""
detente: 1
title: Weather
question: How fast does it turn?
clock: {since: 2010-01-01, start: 2011-01-01, end: 2012-12-31}
sources: {log: {title: A log}}
parameters:
  turn: {value: 1, range: [0.5, 2], reason: r, source: log}
variants:
  speed:
    levels:
      usual: {share: 0.5}
      fast: {share: 0.5, set: {turn: 3}, reason: r, source: log}
actors:
  farmer:
    options: {cover: [open, closed]}
    preferences: {weights: {shelter: 1}}
conditions:
  rain: {levels: [dry, wet], rates: {dry -> wet: turn, wet -> dry: turn}}
issues: {shelter: farmer.cover == closed or rain == dry}
status_quo: {farmer.cover: open, rain: dry}
history:
  - {date: 2010-01-01, variable: rain, level: dry, source: log, until: 2010-06-30}
  - {date: 2010-07-01, variable: rain, level: wet, source: log, kind: from}
  - {date: 2011-07-01, variable: rain, level: dry, source: log, kind: from}
claims:
  - id: W1
    says: It rains within a year.
    ask: {probability: "F[0, 1] rain == wet"}
    expect: "> 0.5"
"""
WRONG = "zzwrong"


@cache
def weather() -> Any:
    return read_case(WEATHER, "weather.yaml")


@cache
def conflict() -> Any:
    return detente.load("sanctions").conflict()


@cache
def graph() -> Any:
    ranks = {"us": [2, 3, 1], "china": [1, 2, 3]}
    return Conflict.from_graph(["talks", "offer", "walkout"], {"us": [(0, 1)]}, ranks, status_quo=0)


@cache
def solved() -> Any:
    return conflict().equilibrium()


@cache
def simulation() -> Any:
    return solved().simulate(10, 1.0, rng=1)


@cache
def game() -> Any:
    pays = {"row": [[3, 1], [4, 2]], "col": [[3, 4], [1, 2]]}
    return Conflict.build({"row": {"act": 2}, "col": {"act": 2}}, pays).one_shot()


@cache
def study() -> Any:
    return weather().study(10, 1)


@cache
def scores() -> Any:
    return score_forecasts(blind_forecasts(weather(), "2011-01-01", 10))


@cache
def posterior() -> Any:
    return sample_posterior(weather(), 20, 1)


@cache
def question() -> Any:
    return deal_question(conflict(), "target.programme == dismantled", "target", "sender")


@cache
def deal() -> Any:
    asked = question()
    return assess_deal(conflict(), asked.want, asked.of, asked.payer, coarse=True)


@cache
def deals() -> Any:
    numbers = {"probability": np.array([0.5]), "price/sender.offer/stable": np.array([1.0])}
    return DealStudy(deal(), 1, 1, np.array([0]), numbers, (), ())


def stability() -> Any:
    return conflict().stability()


def steps() -> Any:
    option = deal_question(
        conflict(), "target.programme == dismantled", "target", "sender", "sender.offer"
    )
    return packages(option, 2, brief=True)


LOOKUPS: dict[str, Callable[[str], Any]] = {
    "Case.claim": lambda name: weather().claim(name),
    "Case.conflict": lambda name: weather().conflict({name: 1.0}),
    "Case.conflict by name": lambda name: weather().conflict(**{name: 1.0}),
    "Case.set": lambda name: weather().set({name: 1.0}),
    "describe_field": describe_field,
    "Case.variant": lambda name: weather().variant(name),
    "Case.variant, level": lambda name: weather().variant(f"speed.{name}"),
    "Case.study, design": lambda name: weather().study(2, design=name),
    "Case.fit, without": lambda name: weather().fit(20, 1, without=[name]),
    "Case.rivals": lambda name: weather().rivals(name),
    "Case.rivals, held": lambda name: compare_rivals(weather(), "speed", held={name: 1.0}),
    "Case.deals": lambda name: detente.load("sanctions").deals("true", name, "sender"),
    "Case.deals, payer": lambda name: detente.load("sanctions").deals("true", "target", name),
    "Variant.level": lambda name: weather().variants[0].level(name),
    "make_design": lambda name: make_design(weather(), 2, 1, name),
    "profile_likelihood": lambda name: profile_likelihood(weather(), name),
    "phase_diagram, x": lambda name: phase_diagram(weather(), name, "turn", "W1"),
    "phase_diagram, show": lambda name: phase_diagram(weather(), "rain", "turn", name),
    "Conflict.index, variable": lambda name: conflict().index({name: 0}),
    "Conflict.index, level": lambda name: conflict().index({"sender.offer": name}),
    "Conflict.label": lambda name: conflict().label({name: 0}),
    "Conflict.where": lambda name: conflict().where(f"{name} == 1"),
    "Conflict.where, level": lambda name: conflict().where(f"sender.offer == {name}"),
    "Conflict.one_shot, state": lambda name: conflict().one_shot({name: 0}),
    "Conflict.one_shot, conditions": lambda name: conflict().one_shot(0, {name: 0}),
    "Conflict.one_shot, level": lambda name: conflict().one_shot(conditions={"tension": name}),
    "GraphConflict.index": lambda name: graph().index({"state": name}),
    "GraphConflict.stability": lambda name: graph().stability().stable("seq", name),
    "Space.axis": lambda name: conflict().space.axis(name),
    "Space.of": lambda name: conflict().space.of(name),
    "Space.block": lambda name: conflict().space.block(name),
    "Stability.stable": lambda name: stability().stable(name, "sender"),
    "Stability.stable, actor": lambda name: stability().stable("seq", name),
    "Stability.equilibria": lambda name: stability().equilibria(name),
    "Stability.states": lambda name: stability().states(name),
    "Stability.explain": lambda name: stability().explain(name),
    "Stability.explain, concept": lambda name: stability().explain("sender", concept=name),
    "Stability.explain, state": lambda name: stability().explain("sender", {name: 0}),
    "Stability.paths": lambda name: stability().paths({name: 0}),
    "ShortestPaths.to": lambda name: stability().paths().to({name: 0}),
    "Stability.status_quo_analysis": lambda name: stability().status_quo_analysis(name),
    "Stability.cut_off": lambda name: stability().cut_off(name),
    "Stability.plot": lambda name: stability().plot(name),
    "Coalitions.stable": lambda name: stability().coalitions().stable(name, ["sender"]),
    "Coalitions.stable, actor": lambda name: stability().coalitions().stable("seq", [name]),
    "Coalitions.improvements": lambda name: stability().coalitions().improvements(None, [name]),
    "Coalitions.improving": lambda name: stability().coalitions().improving_coalitions(None, name),
    "strength_stability": lambda name: strength_stability(graph(), {name: 1}),
    "StrengthStability.stable": lambda name: strength_stability(graph(), {}).stable(
        name, "strong", "us"
    ),
    "StrengthStability.stable, degree": lambda name: strength_stability(graph(), {}).stable(
        "seq", name, "us"
    ),
    "StrengthStability.equilibria": lambda name: strength_stability(graph(), {}).equilibria(
        "seq", name
    ),
    "uncertain_stability": lambda name: uncertain_stability(graph(), {name: []}),
    "UncertainStability.stable": lambda name: uncertain_stability(graph(), {}).stable(
        "seq", "a", name
    ),
    "UncertainStability.equilibria": lambda name: uncertain_stability(graph(), {}).equilibria(
        "seq", name
    ),
    "least_rank_change": lambda name: least_rank_change(conflict(), 0, name),
    "least_weight_change": lambda name: least_weight_change(
        detente.load("sanctions"), {"sender.offer": name}
    ),
    "Equilibrium.believed": lambda name: solved().believed(name),
    "Equilibrium.policy": lambda name: solved().policy(name),
    "Equilibrium.policy, state": lambda name: solved().policy("sender", {name: 0}),
    "Equilibrium.probability": lambda name: solved().probability(f"F[0, 1] {name}"),
    "Equilibrium.probability, start": lambda name: solved().probability("F[0, 1] true", {name: 0}),
    "Equilibrium.probability, scope": lambda name: solved().probability("F[0, 1] true", scope=name),
    "Equilibrium.probability, do": lambda name: solved().probability("F[0, 1] true", do={name: 0}),
    "Equilibrium.probability, level": lambda name: solved().probability(
        "F[0, 1] true", do={"sender.offer": name}
    ),
    "Equilibrium.probability, set": lambda name: solved().probability(
        "F[0, 1] true", set={name: 0.0}
    ),
    "Equilibrium.expected_time": lambda name: solved().expected_time(name),
    "Equilibrium.accumulated": lambda name: solved().accumulated(name, 1.0),
    "Equilibrium.distribution": lambda name: solved().distribution(1.0, {name: 0}),
    "Equilibrium.simulate": lambda name: solved().simulate(1, 1.0, name, rng=1),
    "LongRun.of": lambda name: solved().long_run().of(name),
    "Expectations.of": lambda name: solved().expectations(1.0).of(name),
    "Simulation.share": lambda name: simulation().share(name),
    "Simulation.order": lambda name: simulation().order(name, "true"),
    "Simulation.spells": lambda name: simulation().spells(name),
    "Simulation.recurrences": lambda name: simulation().recurrences(name),
    "Simulation.quantiles": lambda name: simulation().quantiles(name),
    "OneShot.span": lambda name: game().span(name),
    "OneShot.name": lambda name: game().name(name, 0),
    "OneShot.profile": lambda name: game().profile({name: 0, "row": 0}),
    "OneShot.qre": lambda name: game().qre({name: 1.0}),
    "Study.verdict": lambda name: study().verdict(name),
    "Study.drivers": lambda name: study().drivers(name),
    "Study.convergence": lambda name: study().convergence(name),
    "Study.column": lambda name: study().column(name),
    "Study.share": lambda name: study().share(name),
    "Study.sensitivity": lambda name: study().sensitivity(name),
    "Study.sensitivity, level": lambda name: study().sensitivity(f"rain == {name}"),
    "Study.discover": lambda name: study().discover(f"{name} > 1"),
    "Study.tree": lambda name: study().tree(f"{name} > 1"),
    "ForecastScores.row": lambda name: scores().row(name),
    "ForecastScores.calibration": lambda name: scores().calibration(name),
    "ForecastScores.no_chance": lambda name: scores().no_chance(name),
    "calibration": lambda name: calibration(scores(), name),
    "filter_record": lambda name: filter_record(
        weather().conflict().equilibrium(), weather().record(), name
    ),
    "deal_question, offer": lambda name: deal_question(
        conflict(), "target.programme == frozen", "target", "sender", name
    ),
    "deal_question, concept": lambda name: deal_question(
        conflict(), "target.programme == frozen", "target", "sender", concept=name
    ),
    "deal_question, given": lambda name: deal_question(
        conflict(), "target.programme == frozen", "target", "sender", given={name: 0}
    ),
    "DealQuestion.with_parameters": lambda name: question().with_parameters({name: 1.0}),
    "DealStudy.share": lambda name: deals().share(name),
    "DealStudy.interval": lambda name: deals().interval(name),
    "DealStudy.levels": lambda name: deals().levels(name),
    "leverage": lambda name: leverage(question(), [name]),
    "Leverage.ranked": lambda name: leverage(question(), ["worth"]).ranked(name),
    "Lever.per_cost": lambda name: leverage(question(), ["worth"]).levers[0].per_cost(name),
    "Packages.gain": lambda name: steps().gain(name),
    "Packages[]": lambda name: steps()[name],
    "bargaining_solutions": lambda name: bargaining_solutions(conflict(), ["sender", name]),
    "linked_deals": lambda name: linked_deals(conflict(), concept=name),
}


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_a_wrong_name_is_refused_with_a_hint(lookup: str) -> None:
    with pytest.raises(InputError) as caught:
        LOOKUPS[lookup](WRONG)
    message = str(caught.value)
    assert WRONG in message
    assert any(
        hint in message
        for hint in ("; did you mean", "; use ", "; there is no", "; give ", "; choose ")
    )


@pytest.mark.parametrize(
    ("lookup", "near"),
    [
        (lambda: weather().claim("w1"), "'W1'"),
        (lambda: weather().conflict(trun=1.0), "'turn'"),
        (lambda: weather().variant("speed.fsat"), "'speed.fast'"),
        (lambda: stability().stable("sec", "sender"), "'seq'"),
        (lambda: stability().explain("sendr"), "'sender'"),
        (lambda: conflict().index({"sender.ofer": 0}), "'sender.offer'"),
        (lambda: conflict().index({"sender.offer": "smal"}), "'small'"),
        (lambda: solved().policy("targt"), "'target'"),
        (lambda: study().verdict("W1a"), "'W1'"),
        (lambda: scores().row("posteror"), "'posterior'"),
    ],
)
def test_the_nearest_name_is_offered(lookup: Callable[[], Any], near: str) -> None:
    with pytest.raises(InputError, match=f"did you mean {near}"):
        lookup()


@pytest.mark.parametrize(
    "lookup",
    [
        lambda: study().design.draw(10),
        lambda: study().design.draw(-1),
        lambda: study().design.variant(10),
        lambda: posterior().point(20),
        lambda: game().name("row", 2),
        lambda: conflict().label(10**6),
        lambda: simulation().at(2.0),
    ],
)
def test_a_number_outside_is_refused(lookup: Callable[[], Any]) -> None:
    with pytest.raises(InputError):
        lookup()
