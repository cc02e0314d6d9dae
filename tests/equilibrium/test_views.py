"""Actors act on the game they believe in; truth decides what is possible and how often.

Would catch: a view's precision or costs replaced by the true ones, true values used for an actor
with a view (or its beliefs used for the others), moves into states that an actor holds impossible
or that are, a policy that differs from the generator's row, an intervention that the deaf react
to.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import detente
from dense_game import Dense, dense
from detente.equilibrium import Equilibrium, hold_levels, intervene
from detente.errors import InputError
from random_conflicts import Spec, random_spec


def drawn(seed: int, actors: int | None = None) -> tuple[np.random.Generator, Spec]:
    rng = np.random.default_rng([seed, 21])
    return rng, random_spec(rng, actors=actors, largest=36, sharpness=1.0)


def believed(rng: np.random.Generator, spec: Spec) -> Spec:
    """Return the spec with other utilities, precisions, costs, rates and jumps."""
    other = {a: u + rng.normal(size=u.shape) * np.ptp(u) for a, u in spec.utility.items()}
    return replace(
        spec,
        utility=other,
        precision={a: p * 0.6 + 0.1 / np.ptp(spec.utility[a]) for a, p in spec.precision.items()},
        costs={
            a: {o: c * 0.5 + 0.1 * (c > 0) for o, c in own.items()} for a, own in spec.costs.items()
        },
        rates={a: r + 0.5 for a, r in spec.rates.items()},
        discount={a: d * 2.0 for a, d in spec.discount.items()},
        jumps={c: 2.0 * rate for c, rate in spec.jumps.items()},
    )


def agrees(equilibrium: Equilibrium, expected: np.ndarray) -> None:
    np.testing.assert_allclose(equilibrium.generator().toarray(), expected, atol=1e-8)


@pytest.mark.parametrize("seed", range(25))
def test_everyone_acts_on_its_own_game(seed: int) -> None:
    rng, spec = drawn(seed)
    game = dense(spec)
    values, _ = game.solve()
    chosen = game.choice(values)
    views = {}
    conflict = spec.build()
    for number, actor in enumerate(spec.actors):
        if rng.random() < 0.7:
            view = believed(rng, spec)
            views[actor] = view.build()
            own = dense(view)
            own_values, _ = own.solve()
            chosen[number] = own.choice(own_values)[number]
            values[number] = own_values[number]
    equilibrium = replace(conflict, views=views).equilibrium()
    agrees(equilibrium, game.chain(chosen))
    assert set(equilibrium.beliefs) == set(views)
    assert equilibrium.residual <= 1e-9
    for number, actor in enumerate(spec.actors):
        span = np.ptp(game.flow[number])
        found = equilibrium.value[actor][spec.feasible]
        np.testing.assert_allclose(found, values[number], atol=1e-6 * span)
    policies_are_rows(equilibrium, game, spec)


def policies_are_rows(equilibrium: Equilibrium, game: Dense, spec: Spec) -> None:
    """Check that the rows of the generator are the policies times the rates, and the jumps."""
    total = np.array(game.nature)
    for a, state in enumerate(game.states):
        for j, actor in enumerate(spec.actors):
            for change, share in equilibrium.policy(actor, state).moves:
                label = {**equilibrium.conflict.label(state), **change}
                b = game.states.index(equilibrium.conflict.space.position(label))
                total[a, b] += game.rate[j] * share * (a != b)
    rows = equilibrium.generator().toarray()
    np.fill_diagonal(rows, 0.0)
    np.testing.assert_allclose(total, rows, atol=1e-10)


@pytest.mark.parametrize("seed", range(10))
def test_nobody_moves_where_it_believes_nothing_can_be(seed: int) -> None:
    """An actor's view rules out states: it avoids them, and stays when it stands on one."""
    rng, spec = drawn(seed, actors=2)
    out = rng.random(spec.shape) < 0.3
    narrow = spec.feasible & ~out
    narrow.reshape(-1)[np.flatnonzero(spec.feasible)[0]] = True
    view = replace(spec, feasible=narrow)
    equilibrium = replace(spec.build(), views={"us": view.build()}).equilibrium()
    game, own = dense(spec), dense(view)
    chosen = game.choice(game.solve()[0])
    own_values, _ = own.solve()
    place = {state: k for k, state in enumerate(own.states)}
    for a, state in enumerate(game.states):
        targets = [b for b, s in enumerate(game.states) if game.can[0, a, b] and s in place]
        chosen[0, a] = 0.0
        if targets:
            score = [
                spec.precision["us"] * (own_values[0, place[game.states[b]]] - game.pay[0, a, b])
                for b in targets
            ]
            weight = np.exp(np.array(score) - max(score))
            chosen[0, a, targets] = weight / weight.sum()
        else:
            chosen[0, a, a] = 1.0
        shares = [share for _, share in equilibrium.policy("us", state).moves]
        assert sum(shares) == pytest.approx(1.0)
    agrees(equilibrium, game.chain(chosen))


@pytest.mark.parametrize("seed", range(30))
def test_what_is_held_stays_and_the_others_know_or_not(seed: int) -> None:
    """Only states at the held levels are left; the deaf choose among them by their old values."""
    rng, spec = drawn(seed)
    picked = rng.choice(len(spec.shape), size=min(2, len(spec.shape)), replace=False)
    example = np.argwhere(spec.feasible)[-1]
    levels = {int(k): int(example[k]) for k in picked}
    conflict = spec.build()
    before = conflict.equilibrium()
    do = {conflict.space.axes[k].name: level for k, level in levels.items()}
    there = np.ones(spec.shape, dtype=bool)
    for k, level in levels.items():
        there &= np.indices(spec.shape)[k] == level
    smaller = replace(spec, feasible=spec.feasible & there)
    game, frozen = dense(spec), dense(smaller)

    known = intervene(before, do)
    np.testing.assert_array_equal(known.conflict.feasible, smaller.feasible)
    values, _ = frozen.solve()
    agrees(known, frozen.chain(frozen.choice(values)))
    policies_are_rows(known, frozen, spec)
    for number, actor in enumerate(spec.actors):
        span = np.ptp(game.flow[number])
        found = known.value[actor][smaller.feasible]
        np.testing.assert_allclose(found, values[number], atol=1e-6 * span)

    unknown = intervene(before, do, announced=False)
    kept = [game.states.index(state) for state in frozen.states]
    old, _ = game.solve()
    agrees(unknown, frozen.chain(frozen.choice(old[:, kept])))
    policies_are_rows(unknown, frozen, spec)


def test_a_view_is_held_too() -> None:
    """All beliefs stop at the held level, and it is the others' belief that is wrong no more."""
    rng, spec = drawn(3, actors=2)
    view = believed(rng, spec)
    conflict = replace(spec.build(), views={"us": view.build()})
    changed = intervene(conflict.equilibrium(), {"china.offer": 1})
    there = np.indices(spec.shape)[len(spec.levels["us"])] == 1
    smaller = [replace(s, feasible=s.feasible & there) for s in (spec, view)]
    game, own = map(dense, smaller)
    chosen = game.choice(game.solve()[0])
    chosen[0] = own.choice(own.solve()[0])[0]
    agrees(changed, game.chain(chosen))


def test_holding_moves_the_status_quo() -> None:
    _, spec = drawn(5)
    state = [int(k) for k in np.argwhere(spec.feasible)[-1]]
    conflict = spec.build(feasible=None, status_quo=state)
    changed = hold_levels(conflict, {conflict.space.axes[0].name: "0"})
    assert changed.status_quo == (0, *state[1:])
    assert conflict.status_quo == tuple(state)


def case_with_two_levers() -> Equilibrium:
    return detente.load("sanctions").conflict().equilibrium()


@pytest.mark.parametrize("announced", [True, False])
def test_interventions_add_up(announced: bool) -> None:
    """Holding first and setting a parameter then is what doing both at once is.

    Would catch a parameter that, compiling the case anew, lets go of what was held.
    """
    before = case_with_two_levers()
    name, value = next(iter(before.conflict.case.parameters.items()))
    do, change = {"sender.sanctions": "none"}, {name: value.low}
    once = intervene(before, do, change, announced)
    for pair in [
        intervene(intervene(before, do, None, announced), None, change, announced),
        intervene(intervene(before, None, change, announced), do, None, announced),
    ]:
        np.testing.assert_array_equal(pair.conflict.feasible, once.conflict.feasible)
        np.testing.assert_allclose(
            pair.generator().toarray(), once.generator().toarray(), atol=1e-8
        )
        assert pair.held == once.held == {"sender.sanctions": 0}


def test_who_has_not_heard_of_the_first_hears_of_the_second_only() -> None:
    """A secret hold, then an announced one: actors solve the game with the second alone."""
    before = case_with_two_levers()
    first, second = {"sender.offer": "none"}, {"target.programme": "running"}
    both = intervene(intervene(before, first, announced=False), second)
    believed = intervene(before, second)
    expected = intervene(believed, first, announced=False)
    np.testing.assert_allclose(
        both.generator().toarray(), expected.generator().toarray(), atol=1e-12
    )
    known = intervene(before, {**first, **second})
    assert np.abs(both.generator().toarray() - known.generator().toarray()).max() > 1e-4
    for actor in before.conflict.actors:
        np.testing.assert_allclose(both.value[actor], believed.value[actor], rtol=1e-12)


def test_what_is_held_cannot_be_held_elsewhere_too() -> None:
    held = intervene(case_with_two_levers(), {"sender.offer": "none"})
    with pytest.raises(InputError, match=r"sender.offer is already held at none; to hold it at"):
        intervene(held, {"sender.offer": "large"})
    assert intervene(held, {"sender.offer": 0}).held == held.held


def test_no_intervention_changes_nothing() -> None:
    _, spec = drawn(6)
    equilibrium = spec.build().equilibrium()
    assert intervene(equilibrium) is equilibrium
    assert intervene(equilibrium, {}, {}) is equilibrium


@pytest.mark.parametrize(
    ("do", "message"),
    [
        ({"us.ofer": 0}, r"no option or condition 'us.ofer'; did you mean 'us.offer'"),
        ({"us.offer": "high"}, r"us.offer has no level 'high'"),
        ({"us.offer": 9}, r"us.offer has no level 9"),
        ({"us.offer": -1}, r"us.offer has no level -1"),
    ],
)
def test_what_cannot_be_held_is_refused(do: dict[str, str | int], message: str) -> None:
    _, spec = drawn(7)
    with pytest.raises(InputError, match=message):
        intervene(spec.build().equilibrium(), do)


def test_parameters_are_set_in_cases_only() -> None:
    _, spec = drawn(7)
    with pytest.raises(InputError, match="only a conflict from a case has parameters"):
        intervene(spec.build().equilibrium(), set={"leverage": 1.0})
