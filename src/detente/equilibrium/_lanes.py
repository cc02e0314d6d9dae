"""A row of a sparse matrix times eight vectors at once, in the processor's own vectors of numbers.

Vectors that march side by side lie in blocks of eight, ``block[state, lane]``, so that what a
transition brings to all eight is one load and one multiplication; the compiler does not find this
by itself, as eight is too few for it to bother. Sums run in four strands that do not wait for one
another. A vector that is alone has a block with a single lane. Cost: about two cycles a transition
and block, where the block fits a core's own cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

LANES = 8
_STRANDS = 4
_INDEX = ir.IntType(64)
_LINE = 64
"""Bytes that the processor loads at a time."""


def in_lanes(vectors: NDArray[Any]) -> NDArray[Any]:
    """Return vectors, (states, vectors), in blocks of lanes: (blocks, states, lanes).

    Lanes without a vector are zero.

    Examples
    --------
    >>> in_lanes(np.ones((5, 1))).shape, in_lanes(np.ones((5, 13))).shape
    ((1, 5, 1), (2, 5, 8))
    """
    states, count = vectors.shape
    lanes = LANES if count > 1 else 1
    shape = (-(-count // lanes), states, lanes)
    blocks = zeros_in_line(shape, vectors.dtype)
    for k in range(count):
        blocks[k // lanes, :, k % lanes] = vectors[:, k]
    return blocks


def zeros_in_line(shape: tuple[int, ...], kind: Any = np.float64) -> NDArray[Any]:
    """Return zeros that begin where what the processor loads at a time does."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    space = np.zeros(size + _LINE, dtype=np.uint8)
    begin = -space.ctypes.data % _LINE
    return np.asarray(space[begin : begin + size].view(kind).reshape(shape))


def out_of_lanes(blocks: NDArray[Any], count: int) -> NDArray[Any]:
    """Return the first vectors of some blocks, (states, vectors)."""
    _, states, _ = blocks.shape
    return blocks.transpose(1, 0, 2).reshape(states, -1)[:, :count].copy()


def _row_product(lanes: int) -> Any:
    """Return a function for kernels: a row times the vectors of a block with so many lanes."""
    vector = ir.VectorType(ir.DoubleType(), lanes)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        low, high = arguments[:2]
        factor, column, block, out = _data(context, builder, signature.args[2:], arguments[2:])
        total = _row_sum(builder, low, high, factor, column, block, vector)
        _put(builder, out, ir.Constant(_INDEX, 0), total)
        return context.get_dummy_value()

    @intrinsic
    def row_product(typing, low, high, factor, column, block, out):  # type: ignore[no-untyped-def]
        return types.void(types.int64, types.int64, factor, column, block, out), generate

    return row_product


def _bring_and_solve() -> Any:
    """Return a function for kernels: one state of a sweep of `detente.equilibrium._transposed`.

    What states before ``state``, or ``late`` ones, bring to it is multiplied by the inverse
    ``alone`` and added to ``v``. That becomes ``out``, and so does ``m``, but less what it was
    where they are not late; ``expected`` follows. Of a mover's choices the sums of rate x block
    bring their own, and the mover also ``precision x (values . sums - sum of rate x expected - sum
    of paid x own block)``.
    """
    vector = ir.VectorType(ir.DoubleType(), LANES)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        state, states, late = arguments[:3]
        v, out, m, expected, *edges = _data(context, builder, signature.args[3:-1], arguments[3:-1])
        (
            begin, middle, source, rate, paid, values, mean, precision,
            jump_begin, jump_middle, jump_source, jump_rate, alone,
        ) = edges  # fmt: skip
        blocks = _data_of_tuple(context, builder, signature.args[-1], arguments[-1])
        actors = range(len(blocks))
        one = ir.Constant(_INDEX, 1)

        def times(number: Any, k: int, plus: Any) -> Any:
            return builder.add(builder.mul(ir.Constant(_INDEX, k), number), plus)

        def bounds(first: Any, between: Any, row: Any) -> tuple[Any, Any]:
            ends = _number_at(builder, first, row), _number_at(builder, between, row)
            end = _number_at(builder, first, builder.add(row, one))
            return builder.select(late, ends[1], ends[0]), builder.select(late, end, ends[1])

        def jumped(edge: Any) -> list[Any]:
            there = _number_at(builder, jump_source, edge)
            share = _in_all_lanes(builder, jump_rate, edge, vector)
            return [_times(builder, share, _lanes_at(builder, b, there, vector)) for b in blocks]

        low, high = bounds(jump_begin, jump_middle, state)
        came = _sums(builder, low, high, vector, len(blocks), jumped)
        for j in actors:

            def chosen(edge: Any, j: int = j) -> list[Any]:
                there = _number_at(builder, source, edge)
                share = _in_all_lanes(builder, rate, edge, vector)
                cost = _in_all_lanes(builder, paid, edge, vector)
                rows = [_lanes_at(builder, block, there, vector) for block in blocks]
                awaited = _lanes_at(builder, expected, times(states, j, there), vector)
                taken = builder.fadd(
                    _times(builder, share, awaited), _times(builder, cost, rows[j]),
                    flags=("contract",),
                )  # fmt: skip
                return [*(_times(builder, share, row) for row in rows), taken]

            low, high = bounds(begin, middle, times(builder.add(states, one), j, state))
            *sums, taken = _sums(builder, low, high, vector, len(blocks) + 1, chosen)
            pull = builder.fneg(taken)
            for i, total in enumerate(sums):
                worth = _in_all_lanes(builder, values, times(states, i, state), vector)
                pull = builder.fadd(pull, _times(builder, worth, total), flags=("contract",))
                came[i] = builder.fadd(came[i], total)
            steep = _in_all_lanes(builder, precision, ir.Constant(_INDEX, j), vector)
            came[j] = builder.fadd(came[j], _times(builder, steep, pull), flags=("contract",))

        def mixed(total: Any, table: Any, row: int, rows: list[Any]) -> Any:
            for k, lanes in enumerate(rows):
                place = times(state, len(blocks) ** 2, ir.Constant(_INDEX, row * len(blocks) + k))
                share = _in_all_lanes(builder, table, place, vector)
                product = _times(builder, share, lanes)
                total = builder.fadd(total, product, flags=("contract",)) if total else product
            return total

        rows = [times(states, i, state) for i in actors]
        fresh = [mixed(_lanes_at(builder, v, rows[i], vector), alone, i, came) for i in actors]
        zero = ir.Constant(vector, [0.0] * LANES)
        before = [_lanes_at(builder, m, row, vector) for row in rows]
        more = [
            builder.fsub(new, builder.select(late, zero, old))
            for new, old in zip(fresh, before, strict=True)
        ]
        for i in actors:
            _put(builder, out, rows[i], fresh[i])
            _put(builder, m, rows[i], more[i])
            _put(builder, expected, rows[i], mixed(None, mean, i, more))
        return context.get_dummy_value()

    @intrinsic
    def bring_and_solve(  # type: ignore[no-untyped-def]
        typing, state, states, late, v, out, m, expected,
        begin, middle, source, rate, paid, values, mean, precision,
        jump_begin, jump_middle, jump_source, jump_rate, alone, blocks,
    ):  # fmt: skip
        arrays = (
            v, out, m, expected, begin, middle, source, rate, paid, values, mean, precision,
            jump_begin, jump_middle, jump_source, jump_rate, alone, blocks,
        )  # fmt: skip
        return types.void(types.int64, types.int64, types.boolean, *arrays), generate

    return bring_and_solve


def _march_on() -> Any:
    """Return a function for kernels: a state's step on the way there; see `march_on`."""
    vector = ir.VectorType(ir.DoubleType(), LANES)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        low, high, state = arguments[:3]
        factor, column, before, walk, held, led, after = _data(
            context, builder, signature.args[3:], arguments[3:]
        )
        total = _row_sum(builder, low, high, factor, column, before, vector)
        own, share = _lanes_at(builder, walk, state, vector), _lanes_at(builder, led, state, vector)
        total = builder.fadd(
            _times(builder, own, total), _lanes_at(builder, held, state, vector),
            flags=("contract",),
        )  # fmt: skip
        first = builder.shuffle_vector(total, total, _places([k - k % 2 for k in range(LANES)]))
        total = builder.fadd(total, _times(builder, share, first), flags=("contract",))
        _put(builder, after, state, total)
        return context.get_dummy_value()

    @intrinsic
    def march_on(typing, low, high, state, factor, column, before, walk, held, led, after):  # type: ignore[no-untyped-def]
        """Write ``walk`` x a row of a matrix x ``before`` + ``held`` to a state of ``after``.

        A lane with an odd number adds ``led`` x what that before it has become.
        """
        arrays = factor, column, before, walk, held, led, after
        return types.void(types.int64, types.int64, types.int64, *arrays), generate

    return march_on


def _march_back() -> Any:
    """Return a function for kernels: a state's step on the way back; see `march_back`."""
    vector = ir.VectorType(ir.DoubleType(), LANES)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        low, high, state = arguments[:3]
        factor, column, pull, walk, led, follows, weight, seed, x, y, more, to = _data(
            context, builder, signature.args[3:], arguments[3:]
        )
        here, zero = ir.Constant(_INDEX, 0), ir.Constant(vector, [0.0] * LANES)
        evens = _places([k - k % 2 for k in range(LANES)])
        odds = _places([LANES if k % 2 else k + 1 for k in range(LANES)])
        total = _row_sum(builder, low, high, factor, column, pull, vector)
        last = _lanes_at(builder, seed, state, vector)
        ends = _times(builder, _lanes_at(builder, weight, here, vector), last)
        total = builder.fadd(total, ends, flags=("contract",))
        brought = _times(builder, _lanes_at(builder, led, state, vector), total)
        total = builder.fadd(total, builder.shuffle_vector(brought, zero, odds))
        now = _lanes_at(builder, x, state, vector)
        one = ir.Constant(vector, [1.0] * LANES)
        less = builder.fsub(builder.shuffle_vector(now, now, evens), one)
        gain = builder.fadd(
            _times(builder, _lanes_at(builder, follows, here, vector), less), one,
            flags=("contract",),
        )  # fmt: skip
        before = _lanes_at(builder, more, state, vector)
        _put(builder, more, state, builder.fadd(before, _times(builder, gain, total)))
        _put(builder, y, state, total)
        _put(builder, to, state, _times(builder, _lanes_at(builder, walk, state, vector), total))
        return context.get_dummy_value()

    @intrinsic
    def march_back(  # type: ignore[no-untyped-def]
        typing, low, high, state, factor, column, pull, walk, led, follows, weight, seed,
        x, y, more, to,
    ):  # fmt: skip
        """Take slopes back through what `march_on` did to a state, all but ``walk``.

        ``y`` becomes a row of a matrix x ``pull`` + ``weight`` x ``seed`` and what an odd lane that
        ``follows`` another brings to it; ``more`` gains the slope by what is added in a step, and
        ``to`` is ``walk`` x ``y``.
        """
        arrays = factor, column, pull, walk, led, follows, weight, seed, x, y, more, to
        return types.void(types.int64, types.int64, types.int64, *arrays), generate

    return march_back


def _add_changes() -> Any:
    """Return a function for kernels: slopes by a row of a matrix; see `add_changes`."""
    vector = ir.VectorType(ir.DoubleType(), LANES)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        low, high, state, states = arguments[:4]
        column, pulls, x, out = _data(context, builder, signature.args[4:], arguments[4:])
        apart = [builder.mul(states, ir.Constant(_INDEX, k)) for k in range(LANES)]

        def rows(block: Any, number: Any) -> list[Any]:
            places = (builder.add(number, further) for further in apart)
            return [_lanes_at(builder, block, place, vector) for place in places]

        own = rows(pulls, state)

        def pulled(number: Any) -> Any:
            sums = [_times(builder, a, b) for a, b in zip(own, rows(x, number), strict=True)]
            while len(sums) > 1:
                ends = zip(sums[::2], sums[1::2], strict=True)
                sums = [builder.fadd(a, b, flags=("contract",)) for a, b in ends]
            return sums[0]

        here = pulled(state)
        with cgutils.for_range(builder, builder.sub(high, low)) as loop:
            edge = builder.add(low, loop.index)
            change = builder.fsub(pulled(_number_at(builder, column, edge)), here)
            _put(builder, out, edge, builder.fadd(_lanes_at(builder, out, edge, vector), change))
        return context.get_dummy_value()

    @intrinsic
    def add_changes(typing, low, high, state, states, column, pulls, x, out):  # type: ignore[no-untyped-def]
        """Add to entries of ``out`` what ``pulls`` of a state make of ``x``, in eight steps.

        That is the product with the rows of the state to which the entry leads, less that with
        those of the state itself; rows are ``states`` apart from step to step.
        """
        return types.void(*(types.int64,) * 4, column, pulls, x, out), generate

    return add_changes


def _row_sum(
    builder: Any, low: Any, high: Any, factor: Any, column: Any, block: Any, vector: Any
) -> Any:
    """Return a row of a matrix times the vectors of a block."""

    def brought(edge: Any) -> Any:
        there = _number_at(builder, column, edge)
        share = _in_all_lanes(builder, factor, edge, vector)
        return _times(builder, share, _lanes_at(builder, block, there, vector))

    return _sum_up(builder, low, high, vector, brought)


def _places(numbers: Sequence[int]) -> Any:
    return ir.Constant(ir.VectorType(ir.IntType(32), len(numbers)), list(numbers))


def _data(context: Any, builder: Any, kinds: Any, arrays: Any) -> list[Any]:
    return [
        cgutils.create_struct_proxy(kind)(context, builder, value=array).data
        for kind, array in zip(kinds, arrays, strict=True)
    ]


def _number_at(builder: Any, numbers: Any, place: Any) -> Any:
    number = builder.load(builder.gep(numbers, [place]))
    return number if number.type == _INDEX else builder.sext(number, _INDEX)


def _data_of_tuple(context: Any, builder: Any, kind: Any, value: Any) -> list[Any]:
    return _data(context, builder, list(kind), cgutils.unpack_tuple(builder, value))


def _in_all_lanes(builder: Any, factors: Any, place: Any, vector: Any) -> Any:
    return _everywhere(builder, builder.load(builder.gep(factors, [place])), vector)


def _everywhere(builder: Any, factor: Any, vector: Any) -> Any:
    nothing = ir.Constant(vector, ir.Undefined)
    first = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), [0] * vector.count)
    one = builder.insert_element(nothing, factor, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, nothing, first)


def _lanes_at(builder: Any, block: Any, row: Any, vector: Any) -> Any:
    place = builder.gep(block, [builder.mul(row, ir.Constant(_INDEX, vector.count))])
    return builder.load(builder.bitcast(place, vector.as_pointer()), align=8)


def _times(builder: Any, one: Any, other: Any) -> Any:
    return builder.fmul(one, other, flags=("contract",))


def _put(builder: Any, block: Any, row: Any, lanes: Any) -> None:
    place = builder.gep(block, [builder.mul(row, ir.Constant(_INDEX, lanes.type.count))])
    builder.store(lanes, builder.bitcast(place, lanes.type.as_pointer()), align=8)


def _sums(
    builder: Any, low: Any, high: Any, vector: Any, count: int, brought: Callable[[Any], list[Any]]
) -> list[Any]:
    """Return several sums over numbers from low to high, side by side."""
    zero = ir.Constant(vector, [0.0] * vector.count)
    sums = [cgutils.alloca_once_value(builder, zero) for _ in range(count)]
    for total in sums:
        builder.store(zero, total)
    with cgutils.for_range(builder, builder.sub(high, low)) as loop:
        for total, came in zip(sums, brought(builder.add(low, loop.index)), strict=True):
            builder.store(builder.fadd(builder.load(total), came, flags=("contract",)), total)
    return [builder.load(total) for total in sums]


def _sum_up(builder: Any, low: Any, high: Any, vector: Any, brought: Any) -> Any:
    """Return the sum of what each number from low to high brings, in strands."""
    zero = ir.Constant(vector, [0.0] * vector.count)
    strands = [cgutils.alloca_once_value(builder, zero) for _ in range(_STRANDS)]

    def add(number: Any, strand: Any) -> None:
        total = builder.fadd(builder.load(strand), brought(number), flags=("contract",))
        builder.store(total, strand)

    count = ir.Constant(_INDEX, _STRANDS)
    rounds = builder.udiv(builder.sub(high, low), count)
    with cgutils.for_range(builder, rounds) as loop:
        number = builder.add(low, builder.mul(loop.index, count))
        for k, strand in enumerate(strands):
            add(builder.add(number, ir.Constant(_INDEX, k)), strand)
    number = builder.add(low, builder.mul(rounds, count))
    with cgutils.for_range(builder, builder.sub(high, number)) as loop:
        add(builder.add(number, loop.index), strands[0])
    total = builder.load(strands[0])
    for strand in strands[1:]:
        total = builder.fadd(total, builder.load(strand))
    return total


row_times_one = _row_product(1)
row_times_lanes = _row_product(LANES)
march_on = _march_on()
march_back = _march_back()
add_changes = _add_changes()
bring_and_solve = _bring_and_solve()
