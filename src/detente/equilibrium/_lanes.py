"""A row of a sparse matrix times eight vectors at once, in the processor's own vectors of numbers.

Vectors that march side by side lie in blocks of eight, ``block[state, lane]``, so that what a
transition brings to all eight is one load and one multiplication; the compiler does not find this
by itself, as eight is too few for it to bother. Sums run in four strands that do not wait for one
another. A vector that is alone has a block with a single lane. Cost: about two cycles a transition
and block, where the block fits a core's own cache.
"""

from __future__ import annotations

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
    space = np.zeros(int(np.prod(shape)) * vectors.itemsize + _LINE, dtype=np.uint8)
    begin = -space.ctypes.data % _LINE
    size = int(np.prod(shape)) * vectors.itemsize
    blocks = space[begin : begin + size].view(vectors.dtype).reshape(shape)
    for k in range(count):
        blocks[k // lanes, :, k % lanes] = vectors[:, k]
    return blocks


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

        def brought(edge: Any) -> Any:
            there = _number_at(builder, column, edge)
            share = _in_all_lanes(builder, factor, edge, vector)
            return builder.fmul(
                share, _lanes_at(builder, block, there, vector), flags=("contract",)
            )

        _sum_up(builder, low, high, vector, brought, out)
        return context.get_dummy_value()

    @intrinsic
    def row_product(typing, low, high, factor, column, block, out):  # type: ignore[no-untyped-def]
        return types.void(types.int64, types.int64, factor, column, block, out), generate

    return row_product


def _row_times_blocks() -> Any:
    """Return a function for kernels: a row times the vectors of several blocks, each at once.

    ``blocks`` is a tuple of blocks that have one row of factors, ``last`` one more block with
    factors of its own; what comes out has a row for each.
    """
    vector = ir.VectorType(ir.DoubleType(), LANES)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        low, high = arguments[:2]
        kinds, arrays = list(signature.args), list(arguments)
        factor, column, other, last, out = _data(
            context, builder, [*kinds[2:4], *kinds[5:]], [*arrays[2:4], *arrays[5:]]
        )
        parts = cgutils.unpack_tuple(builder, arrays[4])
        blocks = [*_data(context, builder, list(kinds[4]), parts), last]
        zero = ir.Constant(vector, [0.0] * LANES)
        sums = [cgutils.alloca_once_value(builder, zero) for _ in blocks]
        for total in sums:
            builder.store(zero, total)
        with cgutils.for_range(builder, builder.sub(high, low)) as loop:
            edge = builder.add(low, loop.index)
            there = _number_at(builder, column, edge)
            share = _in_all_lanes(builder, factor, edge, vector)
            for k, (block, total) in enumerate(zip(blocks, sums, strict=True)):
                if k == len(blocks) - 1:
                    share = _in_all_lanes(builder, other, edge, vector)
                came = builder.fmul(
                    share, _lanes_at(builder, block, there, vector), flags=("contract",)
                )
                added = builder.fadd(builder.load(total), came, flags=("contract",))
                builder.store(added, total)
        for k, total in enumerate(sums):
            place = builder.gep(out, [ir.Constant(_INDEX, k * LANES)])
            place = builder.bitcast(place, vector.as_pointer())
            builder.store(builder.load(total), place, align=8)
        return context.get_dummy_value()

    @intrinsic
    def row_times_blocks(typing, low, high, factor, column, blocks, other, last, out):  # type: ignore[no-untyped-def]
        kinds = types.int64, types.int64, factor, column, blocks, other, last, out
        return types.void(*kinds), generate

    return row_times_blocks


def _product_of_rows() -> Any:
    """Return a function for kernels: the inner product, lane by lane, of rows of two blocks."""
    vector = ir.VectorType(ir.DoubleType(), LANES)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        low, high, shift = arguments[:3]
        one, other, out = _data(context, builder, signature.args[3:], arguments[3:])

        def brought(row: Any) -> Any:
            return builder.fmul(
                _lanes_at(builder, one, row, vector),
                _lanes_at(builder, other, builder.add(row, shift), vector),
                flags=("contract",),
            )

        _sum_up(builder, low, high, vector, brought, out)
        return context.get_dummy_value()

    @intrinsic
    def product_of_rows(typing, low, high, shift, one, other, out):  # type: ignore[no-untyped-def]
        return types.void(types.int64, types.int64, types.int64, one, other, out), generate

    return product_of_rows


def _data(context: Any, builder: Any, kinds: Any, arrays: Any) -> list[Any]:
    return [
        cgutils.create_struct_proxy(kind)(context, builder, value=array).data
        for kind, array in zip(kinds, arrays, strict=True)
    ]


def _number_at(builder: Any, numbers: Any, place: Any) -> Any:
    number = builder.load(builder.gep(numbers, [place]))
    return number if number.type == _INDEX else builder.sext(number, _INDEX)


def _in_all_lanes(builder: Any, factors: Any, place: Any, vector: Any) -> Any:
    nothing = ir.Constant(vector, ir.Undefined)
    first = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), [0] * vector.count)
    factor = builder.load(builder.gep(factors, [place]))
    one = builder.insert_element(nothing, factor, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, nothing, first)


def _lanes_at(builder: Any, block: Any, row: Any, vector: Any) -> Any:
    place = builder.gep(block, [builder.mul(row, ir.Constant(_INDEX, vector.count))])
    return builder.load(builder.bitcast(place, vector.as_pointer()), align=8)


def _sum_up(builder: Any, low: Any, high: Any, vector: Any, brought: Any, out: Any) -> None:
    """Write to ``out`` the sum of what each number from low to high brings, in strands."""
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
    builder.store(total, builder.bitcast(out, vector.as_pointer()), align=8)


row_times_one = _row_product(1)
row_times_lanes = _row_product(LANES)
product_of_rows = _product_of_rows()
row_times_blocks = _row_times_blocks()
