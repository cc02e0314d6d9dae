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
    nothing = ir.Constant(vector, ir.Undefined)
    first = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        low, high = arguments[:2]
        factor, column, block, out = _data(context, builder, signature.args[2:], arguments[2:])

        def brought(edge: Any) -> Any:
            share = builder.load(builder.gep(factor, [edge]))
            there = builder.load(builder.gep(column, [edge]))
            if there.type != _INDEX:
                there = builder.sext(there, _INDEX)
            one = builder.insert_element(nothing, share, ir.Constant(ir.IntType(32), 0))
            return builder.fmul(
                builder.shuffle_vector(one, nothing, first),
                _lanes_at(builder, block, there, vector),
                flags=("contract",),
            )

        _sum_up(builder, low, high, vector, brought, out)
        return context.get_dummy_value()

    @intrinsic
    def row_product(typing, low, high, factor, column, block, out):  # type: ignore[no-untyped-def]
        return types.void(types.int64, types.int64, factor, column, block, out), generate

    return row_product


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
