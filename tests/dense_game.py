"""The timed game by brute force: section 5 of docs/design.md over listed states and moves.

Nothing here reads detente: states are listed with itertools, each actor's joint moves are found
pair by pair, and the equilibrium is followed from zero precision by arc length on dense matrices.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from random_conflicts import Spec


@dataclass(frozen=True)
class Dense:
    """The game of a `Spec` over its feasible states.

    ``can[j]`` and ``pay[j]`` are n-by-n: whether j may move between two states, and at what cost;
    ``nature`` holds the jump rates, zero on the diagonal.
    """

    states: list[tuple[int, ...]]
    flow: np.ndarray
    can: np.ndarray
    pay: np.ndarray
    nature: np.ndarray
    rate: np.ndarray
    precision: np.ndarray
    discount: np.ndarray

    def choice(self, values: np.ndarray, share: float = 1.0) -> np.ndarray:
        """Return the logit choices ``[actor, from, to]`` at a share of the precision."""
        out = np.zeros_like(self.pay)
        for j in range(len(values)):
            score = share * self.precision[j] * (values[j][None, :] - self.pay[j])
            score = np.where(self.can[j], score, -np.inf)
            weight = np.exp(score - score.max(axis=1, keepdims=True))
            out[j] = weight / weight.sum(axis=1, keepdims=True)
        return out

    def imbalance(self, values: np.ndarray, share: float = 1.0) -> np.ndarray:
        """Return left side minus right side of the equations, (actors, states)."""
        chosen = self.choice(values, share)
        everyone = self.rate.sum()
        leave = self.nature.sum(axis=1)
        out = np.empty_like(values)
        for i in range(len(values)):
            right = self.flow[i] + self.nature @ values[i]
            for j in range(len(values)):
                worth = values[i][None, :] - (self.pay[j] if i == j else 0.0)
                right = right + self.rate[j] * (chosen[j] * worth).sum(axis=1)
            out[i] = (self.discount[i] + everyone + leave) * values[i] - right
        return out

    def slope(self, values: np.ndarray, share: float) -> np.ndarray:
        """Return the derivative of `imbalance`, square over (actor, state)."""
        actors, n = values.shape
        chosen = self.choice(values, share)
        moving = self.nature + np.einsum("j,jab->ab", self.rate, chosen)
        leave = self.rate.sum() + self.nature.sum(axis=1)
        out = np.zeros((actors, n, actors, n))
        for i in range(actors):
            out[i, :, i, :] += np.diag(self.discount[i] + leave) - moving
            for j in range(actors):
                worth = values[i][None, :] - (self.pay[j] if i == j else 0.0)
                mean = (chosen[j] * worth).sum(axis=1, keepdims=True)
                sway = share * self.precision[j] * self.rate[j]
                out[i, :, j, :] -= sway * chosen[j] * (worth - mean)
        return out.reshape(actors * n, actors * n)

    def pull(self, values: np.ndarray, share: float) -> np.ndarray:
        """Return the derivative of `imbalance` by the share of the precision."""
        chosen = self.choice(values, share)
        out = np.zeros_like(values)
        for j in range(len(values)):
            gain = self.precision[j] * np.where(self.can[j], values[j][None, :] - self.pay[j], 0.0)
            tilt = chosen[j] * (gain - (chosen[j] * gain).sum(axis=1, keepdims=True))
            for i in range(len(values)):
                worth = values[i][None, :] - (self.pay[j] if i == j else 0.0)
                out[i] -= self.rate[j] * (tilt * worth).sum(axis=1)
        return out

    def solve(self, stride: float = 0.1) -> tuple[np.ndarray, bool]:
        """Follow the branch from zero precision by arc length; say too whether it ever folds.

        No choice probability changes by more than ``stride`` from one point to the next. Points
        balance to 1e-11 spans a year, or as far as rounding lets them.
        """
        size = self.flow.size
        scale = np.repeat(np.ptp(self.flow, axis=1), self.flow.shape[1])
        scale[scale == 0.0] = 1.0
        shape = self.flow.shape
        first = np.linalg.solve(
            self.slope(np.zeros(shape), 0.0), -self.imbalance(np.zeros(shape), 0.0).reshape(-1)
        )
        point = np.append(first / scale, 0.0)
        ahead = np.append(np.zeros(size), 1.0)
        length, folds = 0.05, False

        def both(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            values = (at[:-1] * scale).reshape(shape)
            wrong = self.imbalance(values, at[-1]).reshape(-1)
            slope = self.slope(values, at[-1]) * scale
            return wrong, np.column_stack([slope, self.pull(values, at[-1]).reshape(-1)])

        def goal(at: np.ndarray) -> np.ndarray:
            rounding = self.rounding((at[:-1] * scale).reshape(shape))
            return 1e-11 * scale + np.repeat(rounding, shape[1])

        def correct(at: np.ndarray, across: np.ndarray) -> np.ndarray | None:
            aim = at.copy()
            for _ in range(8):
                wrong, slope = both(at)
                if (np.abs(wrong) <= goal(at)).all():
                    return at
                if not np.isfinite(slope).all():
                    return None
                full = np.append(wrong, across @ (at - aim))
                at = at - np.linalg.solve(np.vstack([slope, across]), full)
            return at if (np.abs(both(at)[0]) <= 10.0 * goal(at)).all() else None

        def policy(at: np.ndarray) -> np.ndarray:
            return self.choice((at[:-1] * scale).reshape(shape), at[-1])

        here = policy(point)
        for _ in range(5000):
            slope = both(point)[1]
            tangent = np.linalg.solve(np.vstack([slope, ahead]), np.append(np.zeros(size), 1.0))
            ahead = tangent / np.linalg.norm(tangent)
            folds |= bool(ahead[-1] < 0.0)
            room = (1.0 - point[-1]) / ahead[-1] if ahead[-1] > 0.0 else np.inf
            if room <= length:
                last = np.append(np.zeros(size), 1.0)
                found = correct(point + room * ahead, last)
                if found is not None and np.abs(policy(found) - here).max() <= stride:
                    return (found[:-1] * scale).reshape(shape), folds
                length = room / 2.0
                continue
            found = correct(point + length * ahead, ahead)
            if found is None or np.abs(policy(found) - here).max() > stride:
                length /= 2.0
                continue
            point, here, length = found, policy(found), length * 1.5
        raise RuntimeError("the branch did not end in 5000 points")

    def rounding(self, values: np.ndarray) -> np.ndarray:
        """Return how far from balance rounding alone may leave each actor's equations."""
        largest = np.abs(values).max(axis=1) + self.pay.max(axis=(1, 2))
        leaving = self.rate.sum() + self.nature.sum(axis=1).max()
        return np.asarray(1e-15 * (self.discount + leaving) * largest)[:, None]

    def worth(self, chosen: np.ndarray, actor: int) -> np.ndarray:
        """Return an actor's values when everyone keeps to given choices."""
        leave = self.discount[actor] * np.eye(len(self.states)) - self.chain(chosen)
        paid = self.rate[actor] * (chosen[actor] * self.pay[actor]).sum(axis=1)
        return np.linalg.solve(leave, self.flow[actor] - paid)

    def best(self, chosen: np.ndarray, actor: int) -> np.ndarray:
        """Return an actor's best values against given choices of the others, by policy iteration.

        A policy is a move from each state; it changes only where another is better by more than
        rounding.
        """
        n = len(self.states)
        plan = np.arange(n)
        for _ in range(1000):
            mixed = chosen.copy()
            mixed[actor] = np.eye(n)[plan]
            values = self.worth(mixed, actor)
            net = np.where(self.can[actor], values[None, :] - self.pay[actor], -np.inf)
            better = net.max(axis=1) > net[np.arange(n), plan] + 1e-12 * np.abs(values).max()
            if not better.any():
                return values
            plan = np.where(better, net.argmax(axis=1), plan)
        raise RuntimeError("policy iteration did not end")

    def chain(self, chosen: np.ndarray) -> np.ndarray:
        """Return the generator of given choices."""
        rates = self.nature + np.einsum("j,jab->ab", self.rate, chosen)
        np.fill_diagonal(rates, 0.0)
        return rates - np.diag(rates.sum(axis=1))


def dense(spec: Spec) -> Dense:
    """List the game of a spec."""
    states = [s for s in itertools.product(*map(range, spec.shape)) if spec.feasible[s]]
    n, axes = len(states), spec.axes
    can = np.zeros((len(spec.actors), n, n), dtype=bool)
    pay = np.zeros((len(spec.actors), n, n))
    nature = np.zeros((n, n))
    for (a, here), (b, there) in itertools.product(enumerate(states), repeat=2):
        changed = [k for k in range(len(axes)) if here[k] != there[k]]
        for j, actor in enumerate(spec.actors):
            if all(axes[k][0] == actor for k in changed):
                matrices = [(axes[k][1], here[k], there[k]) for k in changed]
                can[j, a, b] = all(spec.moves[actor][o][x, y] for o, x, y in matrices)
                pay[j, a, b] = sum(spec.costs[actor][o][x, y] for o, x, y in matrices)
        if len(changed) == 1 and axes[changed[0]][0] is None:
            k = changed[0]
            nature[a, b] = spec.jumps[axes[k][1]][(*here, there[k])]
    return Dense(
        states=states,
        flow=np.array([[spec.utility[a][s] for s in states] for a in spec.actors]),
        can=can,
        pay=pay,
        nature=nature,
        rate=np.array([spec.rates[a] for a in spec.actors]),
        precision=np.array([spec.precision[a] for a in spec.actors]),
        discount=np.array([spec.discount[a] for a in spec.actors]),
    )
