"""The chain of an equilibrium as PRISM's explicit files: states, rates and labels.

``.sta`` lists the levels of every state, ``.tra`` the rate a year of every jump, ``.lab`` the
labels of every state (the explicit-state formats of PRISM 4). A state without a way out is written
with a jump to itself, as PRISM does when it exports one: in a chain in continuous time that changes
nothing. Cost: O(transitions), written piece by piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detente.conflict import Conflict, State
from detente.equilibrium import Equilibrium
from detente.errors import AnalysisError, InputError
from detente.files import draft_for

PIECE = 1 << 18
"""Lines that are put together at once."""
_RESERVED = ("init", "deadlock")


def write_prism(
    equilibrium: Equilibrium,
    target: Path | str,
    labels: Mapping[str, str] | None = None,
    start: State | None = None,
) -> tuple[Path, Path, Path]:
    """Write the chain of an equilibrium as ``.sta``, ``.tra`` and ``.lab`` files.

    Parameters
    ----------
    equilibrium : Equilibrium
    target : Path or str
        The files' common name; an ending such as ``.tra`` is replaced by theirs.
    labels : mapping of str to str, optional
        State formulas by label, besides one label for each level of each variable, such as
        ``us_offer_some``.
    start : state, optional
        What the label ``init`` stands for; the status quo by default, the first feasible state
        where there is none.

    Returns
    -------
    tuple of Path
        The three files, in that order. State k is the k-th feasible one, as in
        `Equilibrium.generator`.

    Raises
    ------
    InputError
        When a label is not a PRISM identifier or is repeated, or a formula is wrong.
    AnalysisError
        When a file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["wait", "go"]}},
    ...     utility={"row": [0.0, 0.0]}, rates={"row": 2.0}, precision={"row": 0.0},
    ... )
    >>> target = Path(tempfile.mkdtemp()) / "chain"
    >>> states, rates, names = write_prism(conflict.equilibrium(), target)
    >>> print(rates.read_text())
    2 2
    0 1 1.0
    1 0 1.0
    <BLANKLINE>
    """
    chain = marked_chain(equilibrium, labels, start)
    stem = Path(target)
    ends = (".sta", ".tra", ".lab")
    stem = stem.with_suffix("") if stem.suffix in (*ends, ".prism") else stem
    states, rates, names = (stem.with_name(stem.name + end) for end in ends)
    write_pieces(states, _states(equilibrium.conflict, chain.live))
    write_pieces(rates, _rates(chain))
    write_pieces(names, _marked(chain.marks))
    return states, rates, names


@dataclass(frozen=True, eq=False)
class MarkedChain:
    """The chain over the feasible states, and in which of them each label holds."""

    live: NDArray[np.intp]
    generator: csr_array
    marks: Mapping[str, NDArray[np.bool_]]

    def jumps(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Return (from, to, rate a year) of every jump, from state to state; none has no way on."""
        generator = self.generator
        row = np.repeat(np.arange(generator.shape[0]), np.diff(generator.indptr))
        leaves = (generator.indices != row) & (generator.data > 0.0)
        alone = np.flatnonzero(self.marks["deadlock"])
        row = np.concatenate([row[leaves], alone])
        column = np.concatenate([generator.indices[leaves], alone])
        rate = np.concatenate([generator.data[leaves], np.ones(alone.size)])
        order = np.lexsort((column, row))
        return row[order], column[order], rate[order]


def marked_chain(
    equilibrium: Equilibrium, labels: Mapping[str, str] | None, start: State | None
) -> MarkedChain:
    """Return the chain of an equilibrium with its labels, checked."""
    conflict = equilibrium.conflict
    live = np.flatnonzero(conflict.feasible)
    known = _labels(conflict, live, labels or {})
    if start is None and conflict.status_quo is None:
        first = 0
    else:
        first = int(np.searchsorted(live, conflict.index(start)))
    generator = equilibrium.generator()
    stuck = -generator.diagonal() <= 0.0
    marks = {"init": np.arange(live.size) == first, "deadlock": stuck, **known}
    return MarkedChain(live, generator, marks)


def prism_name(text: str) -> str:
    """Return a name as a PRISM identifier: dots and other signs become underscores.

    Examples
    --------
    >>> prism_name("us.offer")
    'us_offer'
    """
    name = re.sub(r"[^A-Za-z0-9_]", "_", text)
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"


def _labels(
    conflict: Conflict, live: NDArray[np.intp], asked: Mapping[str, str]
) -> dict[str, NDArray[np.bool_]]:
    found: dict[str, NDArray[np.bool_]] = {}
    for axis in conflict.space.axes:
        here = np.broadcast_to(conflict.space.levels[axis.name], conflict.shape).reshape(-1)[live]
        for k, level in enumerate(axis.levels):
            found[prism_name(f"{axis.name}_{level}")] = here == k
    wanted = sum(len(axis.levels) for axis in conflict.space.axes)
    if len(found) < wanted or not found.keys().isdisjoint(_RESERVED):
        raise InputError(
            "two levels have the same name in PRISM's files, which know letters, digits and "
            "underscores only; rename one of them"
        )
    for name, formula in asked.items():
        if prism_name(name) != name:
            raise InputError(f"{name!r} is not a PRISM label; try {prism_name(name)!r}")
        if name in found or name in _RESERVED:
            raise InputError(f"the label {name!r} is taken; choose another")
        found[name] = conflict.where(formula).reshape(-1)[live]
    return found


def _states(conflict: Conflict, live: NDArray[np.intp]) -> Iterator[str]:
    yield "(" + ",".join(prism_name(axis.name) for axis in conflict.space.axes) + ")\n"
    for low in range(0, live.size, PIECE):
        rows = np.stack(np.unravel_index(live[low : low + PIECE], conflict.shape), axis=1).tolist()
        yield "".join(f"{low + k}:({','.join(map(str, row))})\n" for k, row in enumerate(rows))


def _rates(chain: MarkedChain) -> Iterator[str]:
    row, column, rate = chain.jumps()
    yield f"{chain.live.size} {row.size}\n"
    for low in range(0, row.size, PIECE):
        part = slice(low, low + PIECE)
        jumps = zip(row[part].tolist(), column[part].tolist(), rate[part].tolist(), strict=True)
        yield "".join(f"{i} {j} {x!r}\n" for i, j, x in jumps)


def _marked(marks: Mapping[str, NDArray[np.bool_]]) -> Iterator[str]:
    yield " ".join(f'{k}="{name}"' for k, name in enumerate(marks)) + "\n"
    table = np.stack(list(marks.values()), axis=1)
    for low in range(0, table.shape[0], PIECE):
        rows = table[low : low + PIECE]
        texts = [" ".join(map(str, np.flatnonzero(row))) for row in rows]
        yield "".join(f"{low + k}: {text}\n" for k, text in enumerate(texts) if text)


def write_pieces(path: Path, pieces: Iterator[str]) -> None:
    """Write a file piece by piece."""
    try:
        with draft_for(path) as draft, draft.open("w", encoding="ascii") as file:
            file.writelines(pieces)
    except OSError as error:
        raise AnalysisError(
            f"{path}: {error.strerror}; make room or choose another place"
        ) from None
