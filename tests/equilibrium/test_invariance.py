"""What must not matter does not: units, names, and the order in which things are listed.

Would catch: axes, matrices or values mixed up between actors, options or levels, a tolerance that
depends on the unit of a utility, and a constant of utility that leaks into choices.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detente.equilibrium import Equilibrium
from random_conflicts import Spec, random_spec


def drawn(seed: int, actors: int | None = None) -> tuple[np.random.Generator, Spec]:
    rng = np.random.default_rng([seed, 11])
    return rng, random_spec(rng, actors=actors, largest=60, sharpness=1.0)


def chain(equilibrium: Equilibrium) -> np.ndarray:
    """Return the generator over all states, zero at infeasible ones, as [state..., state...]."""
    conflict = equilibrium.conflict
    live = np.flatnonzero(conflict.feasible)
    full = np.zeros((conflict.size, conflict.size))
    full[np.ix_(live, live)] = equilibrium.generator().toarray()
    return full.reshape(conflict.shape * 2)


def close(found: np.ndarray, expected: np.ndarray, scale: float = 1.0) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-7 * scale)


@pytest.mark.parametrize("seed", range(12))
def test_a_constant_of_utility_shifts_values_only(seed: int) -> None:
    rng, spec = drawn(seed)
    actor = spec.actors[int(rng.integers(len(spec.actors)))]
    shift = float(rng.normal() * 100.0)
    moved = replace(spec, utility={**spec.utility, actor: spec.utility[actor] + shift})
    before, after = spec.build().equilibrium(), moved.build().equilibrium()
    close(chain(after), chain(before))
    for other in spec.actors:
        gap = after.value[other] - before.value[other]
        expected = shift / spec.discount[actor] if other == actor else 0.0
        close(gap[spec.feasible], np.full(gap[spec.feasible].shape, expected), 100.0)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("unit", [1e-6, 0.01, 1e5])
def test_the_unit_of_a_utility_does_not_matter(seed: int, unit: float) -> None:
    """Utility and costs times k, precision over k: values times k, the rest as before."""
    rng, spec = drawn(seed)
    actor = spec.actors[int(rng.integers(len(spec.actors)))]
    costs = {option: cost * unit for option, cost in spec.costs[actor].items()}
    scaled = replace(
        spec,
        utility={**spec.utility, actor: spec.utility[actor] * unit},
        costs={**spec.costs, actor: costs},
        precision={**spec.precision, actor: spec.precision[actor] / unit},
    )
    before, after = spec.build().equilibrium(), scaled.build().equilibrium()
    close(chain(after), chain(before))
    close(after.value[actor] / unit, before.value[actor], 10.0)


@pytest.mark.parametrize("seed", range(12))
def test_the_unit_of_time_does_not_matter(seed: int) -> None:
    """Years to half-years: all rates and discounts halve, and the flow of utility with them."""
    _, spec = drawn(seed)
    slow = replace(
        spec,
        rates={a: r / 2.0 for a, r in spec.rates.items()},
        discount={a: r / 2.0 for a, r in spec.discount.items()},
        utility={a: u / 2.0 for a, u in spec.utility.items()},
        jumps={c: r / 2.0 for c, r in spec.jumps.items()},
    )
    before, after = spec.build().equilibrium(), slow.build().equilibrium()
    close(2.0 * chain(after), chain(before))
    for actor in spec.actors:
        close(after.value[actor], before.value[actor], 10.0)


@pytest.mark.parametrize("seed", range(12))
def test_the_order_and_names_of_actors_do_not_matter(seed: int) -> None:
    _, spec = drawn(seed, actors=2 + seed % 2)
    order = list(reversed(spec.actors))
    name = {actor: f"x{actor}" for actor in spec.actors}
    axes = [
        *((actor, option) for actor in order for option in spec.levels[actor]),
        *((None, condition) for condition in spec.conditions),
    ]
    check_permuted(spec, [spec.axes.index(axis) for axis in axes], order, name)


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_options_and_conditions_does_not_matter(seed: int) -> None:
    _, spec = drawn(seed)
    axes = [
        *((actor, option) for actor in spec.actors for option in reversed(spec.levels[actor])),
        *((None, condition) for condition in reversed(spec.conditions)),
    ]
    same = {actor: actor for actor in spec.actors}
    check_permuted(spec, [spec.axes.index(axis) for axis in axes], spec.actors, same)


def check_permuted(spec: Spec, order: list[int], actors: list[str], name: dict[str, str]) -> None:
    """Solve the conflict with its axes in another order and compare."""
    axes = [spec.axes[k] for k in order]
    conditions = [name for owner, name in axes if owner is None]
    last = len(order)

    def by_actor(things):  # type: ignore[no-untyped-def]
        return {name[a]: things[a] for a in actors}

    other = Spec(
        levels={name[a]: {o: spec.levels[a][o] for b, o in axes if a == b} for a in actors},
        conditions={c: spec.conditions[c] for c in conditions},
        utility={name[a]: spec.utility[a].transpose(order) for a in actors},
        feasible=spec.feasible.transpose(order),
        moves=by_actor(spec.moves),
        costs=by_actor(spec.costs),
        jumps={c: spec.jumps[c].transpose([*order, last]) for c in conditions},
        rates=by_actor(spec.rates),
        precision=by_actor(spec.precision),
        discount=by_actor(spec.discount),
    )
    before, after = spec.build().equilibrium(), other.build().equilibrium()
    for actor in actors:
        close(after.value[name[actor]], before.value[actor].transpose(order), 10.0)
    close(chain(after), chain(before).transpose([*order, *(k + last for k in order)]))


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_levels_does_not_matter(seed: int) -> None:
    rng, spec = drawn(seed)
    shuffles = [rng.permutation(n) for n in spec.shape]
    grid = np.ix_(*shuffles)
    by_name = dict(zip(spec.axes, shuffles, strict=True))

    def matrices(all_of):  # type: ignore[no-untyped-def]
        return {
            a: {o: m[np.ix_(by_name[a, o], by_name[a, o])] for o, m in own.items()}
            for a, own in all_of.items()
        }

    other = replace(
        spec,
        utility={a: u[grid] for a, u in spec.utility.items()},
        feasible=spec.feasible[grid],
        moves=matrices(spec.moves),
        costs=matrices(spec.costs),
        jumps={c: r[grid][..., by_name[None, c]] for c, r in spec.jumps.items()},
    )
    before, after = spec.build().equilibrium(), other.build().equilibrium()
    for actor in spec.actors:
        close(after.value[actor], before.value[actor][grid], 10.0)
    close(chain(after), chain(before)[np.ix_(*shuffles, *shuffles)])


def test_the_same_conflict_gives_the_same_bytes() -> None:
    _, spec = drawn(3)
    first, second = spec.build().equilibrium(), spec.build().equilibrium()
    assert all(first.value[a].tobytes() == second.value[a].tobytes() for a in spec.actors)
    assert first.generator().data.tobytes() == second.generator().data.tobytes()
