"""What exchanges do to third parties, who could outbid, and the map of trades, by enumeration.

Would catch: a loser that is left out of its group, a trader counted as a third party, a
counter-offer by which somebody loses, a better one that is missed, a trade booked to the wrong
side.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from bargaining.random_tables import random_table
from detente.bargaining import BargainingTable, exchange, third_parties, trade_map
from detente.errors import InputError


def outcome_of(table: BargainingTable, position: np.ndarray) -> np.ndarray:
    return (table.weight * np.nan_to_num(position)).sum(axis=0) / table.weight.sum(axis=0)


def best_offer(table, position, given, blocker: int, ally: int) -> float:
    """Return the most that the ally gets by any exchange with the blocker, by a search."""
    ideal, before = table.position, outcome_of(table, position)
    best = 0.0
    for p, q in permutations(range(len(table.issues)), 2):
        if given[ally, p] or given[blocker, q]:
            continue
        if not table.party[[ally, ally, blocker, blocker], [p, q, p, q]].all():
            continue
        if any((ideal[ally, k] <= before[k]) == (ideal[blocker, k] <= before[k]) for k in (p, q)):
            continue
        for x, y in [(x, y) for x in np.linspace(0, 1, 26) for y in np.linspace(0, 1, 26)]:
            moved = position.copy()
            for giver, taker, issue, share in ((ally, blocker, p, x), (blocker, ally, q, y)):
                moved[giver, issue] += share * (ideal[taker, issue] - position[giver, issue])
            low, high = table.room
            if (moved < low - 1e-9).any() or (moved > high + 1e-9).any():
                continue
            after = outcome_of(table, moved)
            past = [
                (after[k] - ideal[w, k]) * (before[k] - ideal[w, k]) < -1e-9
                for w, k in ((blocker, p), (ally, q))
            ]
            gain = (table.loss(before) - table.loss(after)).sum(axis=1)
            if not any(past) and gain[blocker] >= -1e-9:
                best = max(best, float(gain[ally]))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_counter_offers_are_the_best_that_cost_nothing(seed: int) -> None:
    table = random_table(np.random.default_rng(seed), 4, 3, lines=0.3)
    exchanges = exchange(table)
    found = third_parties(exchanges)
    for effect, (position, given) in zip(found.effects, exchanges.standings(), strict=True):
        one, offers = effect.exchange, {(o.blocker, o.ally): o for o in effect.offers}
        for name, change in one.others.items():
            for ally, gets in zip(one.givers, one.gains, strict=True):
                searched = best_offer(
                    table, position, given, table.actors.index(name), table.actors.index(ally)
                )
                offer = offers.get((name, ally))
                if offer is not None:
                    assert change < 0
                    assert offer.loss == pytest.approx(-change)
                    assert offer.gain > offer.instead_of == gets
                    assert searched <= offer.gain + 1e-6
                    assert searched >= 0.9 * offer.gain - 0.3
                elif change < -1e-9:
                    assert searched <= gets + 1e-6


def test_groups_have_the_sums_of_their_members() -> None:
    for seed in range(20):
        table = random_table(np.random.default_rng(seed), 6, 4)
        exchanges = exchange(table, rounds=2, rate="random", rng=seed)
        alone = {one.group: one for one in third_parties(exchanges).groups}
        found = third_parties(
            exchanges, {"some": ["a0", "a1", "a1"], "rest": ["a2", "a3", "a4", "a5"]}
        )
        for one in found.groups:
            for name in ("traded", "gained", "lost"):
                total = sum(getattr(alone[actor], name) for actor in one.actors)
                assert getattr(one, name) == pytest.approx(total)
            assert one.outside == pytest.approx(sum(e.groups[one.group] for e in found.effects))
        for actor, one in alone.items():
            assert one.traded + one.outside == pytest.approx(exchanges.gain(actor), abs=1e-6)
        for effect in found.effects:
            assert effect.gained + effect.lost == pytest.approx(sum(effect.groups.values()))
            assert not {o.blocker for o in effect.offers} & set(effect.exchange.givers)


def test_a_group_of_nobody_is_refused() -> None:
    exchanges = exchange(random_table(np.random.default_rng(1), 4, 3))
    with pytest.raises(InputError, match="the group 'west': there is no actor 'a9'"):
        third_parties(exchanges, {"west": ["a9"]})
    with pytest.raises(InputError, match="the group 'west' has no member"):
        third_parties(exchanges, {"west": []})


def test_the_map_books_every_exchange_to_both_sides() -> None:
    for seed in range(20):
        table = random_table(np.random.default_rng(seed), 6, 4)
        exchanges = exchange(table, rounds=2, rate="random", rng=seed)
        found = trade_map(exchanges)
        assert sum(pair.exchanges for pair in found.pairs) == len(exchanges.made)
        own = third_parties(exchanges).groups
        assert found.gains.sum(axis=1) == pytest.approx([one.traded for one in own], abs=1e-6)
        moves = {
            (g, q, r): 0.0
            for one in exchanges.made
            for g, q, r in zip(one.givers, one.issues, one.givers[::-1], strict=True)
        }
        for one in exchanges.made:
            for side in (0, 1):
                key = (one.givers[side], one.issues[side], one.givers[1 - side])
                moves[key] += abs(one.after[side] - one.before[side])
        assert {(f.giver, f.issue, f.receiver): f.moved for f in found.flows} == pytest.approx(
            moves
        )
        for pair in found.pairs:
            for giver, taker, issues in zip(
                pair.actors, pair.actors[::-1], pair.issues, strict=True
            ):
                assert issues == tuple(q for q in table.issues if (giver, q, taker) in moves)
        assert max(map(len, str(found).split("\n"))) <= 80
