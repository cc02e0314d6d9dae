"""The arithmetic of exchanges at equal gain, on plain arrays.

For issues p and q and actors i and j that stand on opposite sides of the compromise on both, let q
weigh more for i than for j, relative to p. Then i gives on p and j gives on q. If i's move shifts
the outcome of p by a, and j's that of q by b, then i gains s_iq b - s_ip a and j gains s_jp a -
s_jq b; the two are equal at b = a (s_ip + s_jp) / (s_iq + s_jq). No move goes beyond the partner's
position, nor takes the outcome beyond it; the first limit that is met ends the exchange, so that a
closed form gives the largest exchange of each pair. What an actor wants stays where it stood in the
table (`ideal`), whatever it has given; all positions run from 0 to 1.

The best exchange of each pair of issues is remembered; one that is made changes the positions and
outcomes of two issues, so only pairs with one of those are looked at again. Cost: a round of m
exchanges among n actors on k issues takes O(n^2 k^2 + m n^2 k) and no memory to speak of.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from detente.values import Bools, Floats, Ints

SMALLEST_GAIN = 1e-12


@nb.njit(cache=True)
def exchange_of(
    i: int, j: int, p: int, q: int, ideal: Floats, position: Floats, salience: Floats,
    weight: Floats, total: Floats, outcome: Floats,
) -> tuple[float, float, float]:  # fmt: skip
    """Return the gain of each where i gives on p and j on q, and the shifts of p and of q."""
    if weight[i, p] <= 0 or weight[j, q] <= 0:
        return 0.0, 0.0, 0.0
    if (ideal[i, p] <= outcome[p]) == (ideal[j, p] <= outcome[p]):
        return 0.0, 0.0, 0.0
    if (ideal[i, q] <= outcome[q]) == (ideal[j, q] <= outcome[q]):
        return 0.0, 0.0, 0.0
    toward_p, toward_q = ideal[j, p] - position[i, p], ideal[i, q] - position[j, q]
    beyond_p, beyond_q = ideal[j, p] - outcome[p], ideal[i, q] - outcome[q]
    if toward_p * beyond_p <= 0 or toward_q * beyond_q <= 0:
        return 0.0, 0.0, 0.0
    most_p = min(abs(toward_p) * weight[i, p] / total[p], abs(beyond_p))
    most_q = min(abs(toward_q) * weight[j, q] / total[q], abs(beyond_q))
    rate = (salience[i, p] + salience[j, p]) / (salience[i, q] + salience[j, q])
    shift_p = min(most_p, most_q / rate)
    shift_q = shift_p * rate
    gain = salience[i, q] * shift_q - salience[i, p] * shift_p
    return gain, np.copysign(shift_p, toward_p), np.copysign(shift_q, toward_q)


@nb.njit(cache=True)
def best_of_issues(
    p: int, q: int, ideal: Floats, position: Floats, salience: Floats, weight: Floats,
    total: Floats, outcome: Floats, party: Bools, given: Bools,
) -> tuple[float, int, int, int]:  # fmt: skip
    """Return the largest gain on issues p and q, who gives on p, who on q, and how many gain."""
    best, giver, taker, count = SMALLEST_GAIN, -1, -1, 0
    for i in range(len(position)):
        if not (party[i, p] and party[i, q]) or given[i, p]:
            continue
        for j in range(len(position)):
            if i == j or not (party[j, p] and party[j, q]) or given[j, q]:
                continue
            # Of two readings of a pair only the one with q dearer to i gains.
            if salience[i, q] * salience[j, p] <= salience[j, q] * salience[i, p]:
                continue
            gain, _, _ = exchange_of(i, j, p, q, ideal, position, salience, weight, total, outcome)
            if gain > SMALLEST_GAIN:
                count += 1
            if gain > best * (1 + 1e-12):
                best, giver, taker = gain, i, j
    return best, giver, taker, count


@nb.njit(cache=True)
def round_of_exchanges(
    ideal: Floats, position: Floats, salience: Floats, weight: Floats, party: Bools, most: int
) -> tuple[Ints, Floats, Floats, int]:
    """Make exchanges from the largest gain down; a position is given once, and positions change.

    Returns
    -------
    who : ndarray, (made, 4)
        Giver on p, giver on q, p, q.
    numbers : ndarray, (made, 5)
        Gain of each; position of the first before and after, of the second before and after.
    outcomes : ndarray, (made + 1, issues)
        Before the first exchange and after each.
    possible : int
        Exchanges with a gain before any is made.
    """
    actors, issues = position.shape
    total = weight.sum(axis=0)
    outcome = np.zeros(issues)
    for q in range(issues):
        for i in range(actors):
            if party[i, q]:
                outcome[q] += weight[i, q] * position[i, q] / total[q]
    given = np.zeros((actors, issues), dtype=np.bool_)
    gains = np.zeros((issues, issues))
    givers = np.full((issues, issues, 2), -1)
    possible = 0
    for p in range(issues):
        for q in range(issues):
            if p < q:
                gain, i, j, count = best_of_issues(
                    p, q, ideal, position, salience, weight, total, outcome, party, given
                )
                gains[p, q], givers[p, q, 0], givers[p, q, 1] = gain, i, j
                possible += count
    who = np.empty((most, 4), dtype=np.int64)
    numbers = np.empty((most, 5))
    outcomes = np.empty((most + 1, issues))
    outcomes[0] = outcome
    made = 0
    while made < most:
        best, p, q = SMALLEST_GAIN, -1, -1
        for a in range(issues):
            for b in range(issues):
                if a < b and givers[a, b, 0] >= 0 and gains[a, b] > best * (1 + 1e-12):
                    best, p, q = gains[a, b], a, b
        if p < 0:
            break
        i, j = givers[p, q, 0], givers[p, q, 1]
        gain, shift_p, shift_q = exchange_of(
            i, j, p, q, ideal, position, salience, weight, total, outcome
        )
        before_i, before_j = position[i, p], position[j, q]
        position[i, p] = min(max(before_i + shift_p * total[p] / weight[i, p], 0.0), 1.0)
        position[j, q] = min(max(before_j + shift_q * total[q] / weight[j, q], 0.0), 1.0)
        outcome[p] += shift_p
        outcome[q] += shift_q
        given[i, p] = given[j, q] = True
        who[made] = i, j, p, q
        numbers[made] = gain, before_i, position[i, p], before_j, position[j, q]
        made += 1
        outcomes[made] = outcome
        for a in range(issues):
            for b in range(issues):
                if a < b and (a in (p, q) or b in (p, q)):
                    gain, i, j, _ = best_of_issues(
                        a, b, ideal, position, salience, weight, total, outcome, party, given
                    )
                    gains[a, b], givers[a, b, 0], givers[a, b, 1] = gain, i, j
    return who[:made], numbers[:made], outcomes[: made + 1], possible
