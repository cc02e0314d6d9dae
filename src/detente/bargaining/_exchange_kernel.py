"""The arithmetic of exchanges, on plain arrays.

For issues p and q and actors i and j that stand on opposite sides of the compromise on both, let q
weigh more for i than for j, relative to p. Then i gives on p and j gives on q. If i's move shifts
the outcome of p by a, and j's that of q by b, then i gains s_iq b - s_ip a and j gains s_jp a -
s_jq b; the two are equal at b = a (s_ip + s_jp) / (s_iq + s_jq). No move goes beyond the partner's
position or the mover's own red line (`room`), nor takes the outcome beyond the partner's position;
the first limit that is met ends the exchange, so that a closed form gives the largest exchange of
each pair. What an actor wants stays where it stood in the table (`ideal`), whatever it has given;
all positions run from 0 to 1.

With limits A of a and B of b, nobody can gain more without loss to the other exactly where a = A or
b = B. Along that line lies all that the two can share out: from where i gains most and j nothing,
through equal gain, to where j gains most and i nothing.

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
def limit_of(
    i: int, j: int, p: int, ideal: Floats, position: Floats, reach: Floats, outcome: Floats,
    room: Floats,
) -> float:  # fmt: skip
    """Return the most that i can shift the outcome of p towards j, signed; 0 where it cannot.

    The two stand on opposite sides of the outcome.
    """
    wanted, stands = ideal[j, p], position[i, p]
    if ideal[i, p] <= outcome[p]:
        end = min(wanted, room[1, i, p])
        shift: float = max(min((end - stands) * reach[i, p], wanted - outcome[p]), 0.0)
    else:
        end = max(wanted, room[0, i, p])
        shift = min(max((end - stands) * reach[i, p], wanted - outcome[p]), 0.0)
    return shift


@nb.njit(cache=True)
def opposed(i: int, j: int, p: int, ideal: Floats, outcome: Floats) -> bool:
    """Return whether two actors want opposite sides of the outcome of p."""
    is_opposed: bool = (ideal[i, p] <= outcome[p]) != (ideal[j, p] <= outcome[p])
    return is_opposed


@nb.njit(cache=True)
def exchange_of(
    i: int, j: int, p: int, q: int, ideal: Floats, position: Floats, salience: Floats,
    reach: Floats, outcome: Floats, room: Floats,
) -> tuple[float, float, float]:  # fmt: skip
    """Return the gain of each where i gives on p and j on q, and the shifts of p and of q."""
    limit_p = limit_of(i, j, p, ideal, position, reach, outcome, room)
    limit_q = limit_of(j, i, q, ideal, position, reach, outcome, room)
    if limit_p == 0 or limit_q == 0:
        return 0.0, 0.0, 0.0
    s_p, s_q = salience[i, p] + salience[j, p], salience[i, q] + salience[j, q]
    if abs(limit_p) * s_p <= abs(limit_q) * s_q:
        shift_p = limit_p
        shift_q = np.copysign(limit_p * s_p / s_q, limit_q)
    else:
        shift_p = np.copysign(limit_q * s_q / s_p, limit_p)
        shift_q = limit_q
    return salience[i, q] * abs(shift_q) - salience[i, p] * abs(shift_p), shift_p, shift_q


@nb.njit(cache=True)
def pareto_limit(
    limit_a: float, limit_b: float, s_ip: float, s_iq: float, s_jp: float, s_jq: float
) -> tuple[float, float]:  # fmt: skip
    """Return the shifts a and b at which i gains most while j, dearer on p, loses nothing."""
    if s_jq == 0:
        return 0.0, limit_b
    a = min(limit_a, s_jq * limit_b / s_jp)
    return a, min(limit_b, s_jp * a / s_jq)


@nb.njit(cache=True)
def shifts_at(
    share: float, gain: float, limit_a: float, limit_b: float,
    s_ip: float, s_iq: float, s_jp: float, s_jq: float,
) -> tuple[float, float]:  # fmt: skip
    """Return the shifts at which i gains a share of what it could gain beyond equal gain."""
    a, b = pareto_limit(limit_a, limit_b, s_ip, s_iq, s_jp, s_jq)
    wanted = gain + share * (s_iq * b - s_ip * a - gain)
    b = (wanted + s_ip * limit_a) / s_iq
    if b <= limit_b or s_ip == 0:
        return limit_a, min(b, limit_b)
    return min(max((s_iq * limit_b - wanted) / s_ip, 0.0), limit_a), limit_b


@nb.njit(cache=True)
def best_bid(
    k: int, i: int, ideal: Floats, position: Floats, salience: Floats, reach: Floats,
    outcome: Floats, room: Floats, party: Bools, given: Bools,
) -> tuple[float, int, int]:  # fmt: skip
    """Return the most that an exchange with k, by which k loses nothing, can bring i.

    Returns
    -------
    gain : float
        Of i.
    p, q : int
        On which i gives, and k; -1 where there is no exchange.
    """
    best, given_i, given_k = 0.0, -1, -1
    for p in range(position.shape[1]):
        if given[i, p] or not (party[i, p] and party[k, p] and opposed(i, k, p, ideal, outcome)):
            continue
        limit_p = abs(limit_of(i, k, p, ideal, position, reach, outcome, room))
        for q in range(position.shape[1]):
            if p == q or given[k, q] or not (party[i, q] and party[k, q]) or limit_p == 0:
                continue
            if not opposed(i, k, q, ideal, outcome):
                continue
            if salience[i, q] * salience[k, p] <= salience[k, q] * salience[i, p]:
                continue
            limit_q = abs(limit_of(k, i, q, ideal, position, reach, outcome, room))
            a, b = pareto_limit(
                limit_p, limit_q, salience[i, p], salience[i, q], salience[k, p], salience[k, q]
            )
            gain = salience[i, q] * b - salience[i, p] * a
            if gain > best * (1 + 1e-12):
                best, given_i, given_k = gain, p, q
    return best, given_i, given_k


@nb.njit(cache=True)
def best_of_issues(
    p: int, q: int, ideal: Floats, position: Floats, salience: Floats, reach: Floats,
    outcome: Floats, room: Floats, party: Bools, given: Bools,
) -> tuple[float, int, int, int]:  # fmt: skip
    """Return the largest gain on issues p and q, who gives on p, who on q, and how many gain."""
    best, giver, taker, count = SMALLEST_GAIN, -1, -1, 0
    for i in range(len(position)):
        if not (party[i, p] and party[i, q]) or given[i, p]:
            continue
        for j in range(len(position)):
            if i == j or not (party[j, p] and party[j, q]) or given[j, q]:
                continue
            if not (opposed(i, j, p, ideal, outcome) and opposed(i, j, q, ideal, outcome)):
                continue
            # Of two readings of a pair only the one with q dearer to i gains.
            if salience[i, q] * salience[j, p] <= salience[j, q] * salience[i, p]:
                continue
            gain, _, _ = exchange_of(i, j, p, q, ideal, position, salience, reach, outcome, room)
            if gain > SMALLEST_GAIN:
                count += 1
            if gain > best * (1 + 1e-12):
                best, giver, taker = gain, i, j
    return best, giver, taker, count


@nb.njit(cache=True)
def round_of_exchanges(
    ideal: Floats, position: Floats, salience: Floats, weight: Floats, room: Floats, party: Bools,
    draws: Floats,
) -> tuple[Ints, Floats, Floats, int]:  # fmt: skip
    """Make exchanges from the largest gain down; a position is given once, and positions change.

    Parameters
    ----------
    draws : ndarray, (most, 2)
        By exchange: below one half the giver on p is favoured, else that on q; and which share it
        gets of what it could gain beyond equal gain. A share of 0 is equal gain.

    Returns
    -------
    who : ndarray, (made, 4)
        Giver on p, giver on q, p, q.
    numbers : ndarray, (made, 6)
        Gains of the two; position of the first before and after, of the second before and after.
    outcomes : ndarray, (made + 1, issues)
        Before the first exchange and after each.
    possible : int
        Exchanges with a gain before any is made.
    """
    actors, issues = position.shape
    reach = weight / weight.sum(axis=0)
    outcome = np.zeros(issues)
    for q in range(issues):
        for i in range(actors):
            if party[i, q]:
                outcome[q] += reach[i, q] * position[i, q]
    given = np.zeros((actors, issues), dtype=np.bool_)
    gains = np.zeros((issues, issues))
    givers = np.full((issues, issues, 2), -1)
    possible = 0
    for p in range(issues):
        for q in range(issues):
            if p < q:
                gain, i, j, count = best_of_issues(
                    p, q, ideal, position, salience, reach, outcome, room, party, given
                )
                gains[p, q], givers[p, q, 0], givers[p, q, 1] = gain, i, j
                possible += count
    most = len(draws)
    who = np.empty((most, 4), dtype=np.int64)
    numbers = np.empty((most, 6))
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
            i, j, p, q, ideal, position, salience, reach, outcome, room
        )
        gain_i = gain_j = gain
        if draws[made, 1] > 0:
            most_p = abs(limit_of(i, j, p, ideal, position, reach, outcome, room))
            most_q = abs(limit_of(j, i, q, ideal, position, reach, outcome, room))
            s_ip, s_iq, s_jp, s_jq = salience[i, p], salience[i, q], salience[j, p], salience[j, q]
            share = draws[made, 1]
            if draws[made, 0] < 0.5:
                x, y = shifts_at(share, gain, most_p, most_q, s_ip, s_iq, s_jp, s_jq)
            else:
                y, x = shifts_at(share, gain, most_q, most_p, s_jq, s_jp, s_iq, s_ip)
            shift_p, shift_q = np.copysign(x, shift_p), np.copysign(y, shift_q)
            gain_i, gain_j = s_iq * y - s_ip * x, s_jp * x - s_jq * y
        before_i, before_j = position[i, p], position[j, q]
        after_i = before_i + shift_p / reach[i, p]
        after_j = before_j + shift_q / reach[j, q]
        position[i, p] = min(max(after_i, room[0, i, p]), room[1, i, p])
        position[j, q] = min(max(after_j, room[0, j, q]), room[1, j, q])
        outcome[p] += shift_p
        outcome[q] += shift_q
        given[i, p] = given[j, q] = True
        who[made] = i, j, p, q
        numbers[made] = gain_i, gain_j, before_i, position[i, p], before_j, position[j, q]
        made += 1
        outcomes[made] = outcome
        for a in range(issues):
            for b in range(issues):
                if a < b and (a in (p, q) or b in (p, q)):
                    gain, i, j, _ = best_of_issues(
                        a, b, ideal, position, salience, reach, outcome, room, party, given
                    )
                    gains[a, b], givers[a, b, 0], givers[a, b, 1] = gain, i, j
    return who[:made], numbers[:made], outcomes[: made + 1], possible
