"""The chain of an equilibrium as one program in PRISM's language, which PRISM and Storm both load.

Each option and condition is a variable of its levels' numbers, each state that is left for another
a command with the rate a year of every jump, each level a label (PRISM's manual, "The PRISM
Language"). PRISM reads it as it is (`prism chain.prism`), Storm in its mode for PRISM's programs
(`storm -pc --prism chain.prism`; `stormpy.parse_prism_program(..., prism_compatibility=True)`),
without which it wants commands of its own. Both find `init` and `deadlock` themselves and give a
state without a way out a jump to itself. Cost: O(transitions) to write, but the explicit engines of
both try every command in every state: the files of `write_prism` and `write_storm` suit thousands
of states better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from detente.conflict import Conflict, State
from detente.equilibrium import Equilibrium
from detente.errors import InputError
from detente.interop._prism import MarkedChain, marked_chain, prism_name, write_pieces

_WORDS = (
    "A bool clock const ctmc C double dtmc E endinit endinvariant endmodule endobservables "
    "endrewards endsystem false formula filter func F global G init invariant I int label maxmax "
    "maxmin max mdp minmax minmin min module X nondeterministic observable observables of Pmaxmax "
    "Pmaxmin Pmax Pminmax Pminmin Pmin P pomdp popta probabilistic prob pta rate rewards Rmaxmax "
    "Rmaxmin Rmax Rminmax Rminmin Rmin R S stochastic system true U W smg ma player endplayer "
    "mod floor ceil round pow log"
)
"""Words of the language, which no variable may have for a name."""


def write_prism_program(
    equilibrium: Equilibrium,
    target: Path | str,
    labels: Mapping[str, str] | None = None,
    start: State | None = None,
) -> Path:
    """Write the chain of an equilibrium as a program in PRISM's language.

    Parameters
    ----------
    equilibrium : Equilibrium
    target : Path or str
        The file; the ending `.prism` is added where it lacks.
    labels, start
        As in `detente.interop.write_prism`. States that the start does not lead to are no part of
        the model that a tool builds.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError, AnalysisError
        As in `detente.interop.write_prism`, and when two variables have the same name there.

    Examples
    --------
    >>> import tempfile
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["wait", "go"]}},
    ...     utility={"row": [0.0, 0.0]}, rates={"row": 2.0}, precision={"row": 0.0},
    ... )
    >>> target = Path(tempfile.mkdtemp()) / "chain.prism"
    >>> print(write_prism_program(conflict.equilibrium(), target).read_text())
    ctmc
    <BLANKLINE>
    module chain
      row_act : [0..1] init 0;
      [] row_act=0 -> 1.0:(row_act'=1);
      [] row_act=1 -> 1.0:(row_act'=0);
    endmodule
    <BLANKLINE>
    label "row_act_wait" = row_act=0;
    label "row_act_go" = row_act=1;
    <BLANKLINE>
    """
    conflict = equilibrium.conflict
    names = _variables(conflict)
    chain = marked_chain(equilibrium, labels, start)
    path = Path(target)
    path = path if path.suffix == ".prism" else path.with_name(path.name + ".prism")
    write_pieces(path, _lines(conflict, names, chain, labels or {}))
    return path


def _variables(conflict: Conflict) -> list[str]:
    names = [prism_name(axis.name) for axis in conflict.space.axes]
    names = [f"{name}_" if name in _WORDS.split() else name for name in names]
    if len(set(names)) < len(names):
        raise InputError(
            "two options or conditions have the same name in PRISM's language, which knows "
            "letters, digits and underscores only; rename one of them"
        )
    return names


def _lines(
    conflict: Conflict, names: list[str], chain: MarkedChain, asked: Mapping[str, str]
) -> Iterator[str]:
    levels = np.stack(np.unravel_index(chain.live, conflict.shape), axis=1).tolist()
    (first,) = np.flatnonzero(chain.marks["init"])
    yield "ctmc\n\nmodule chain\n"
    for name, axis, level in zip(names, conflict.space.axes, levels[first], strict=True):
        yield f"  {name} : [0..{len(axis.levels) - 1}] init {level};\n"
    at = ["&".join(f"{n}={k}" for n, k in zip(names, state, strict=True)) for state in levels]
    row, column, rate = chain.jumps()
    starts = np.searchsorted(row, np.arange(chain.live.size + 1))
    for state in np.flatnonzero(~chain.marks["deadlock"]).tolist():
        part = slice(starts[state], starts[state + 1])
        jumps = " + ".join(
            f"{x!r}:{_change(names, levels[state], levels[there])}"
            for there, x in zip(column[part].tolist(), rate[part].tolist(), strict=True)
        )
        yield f"  [] {at[state]} -> {jumps};\n"
    yield "endmodule\n\n"
    for name, axis in zip(names, conflict.space.axes, strict=True):
        for k, level in enumerate(axis.levels):
            yield f'label "{prism_name(f"{axis.name}_{level}")}" = {name}={k};\n'
    for label in asked:
        states = [f"({at[state]})" for state in np.flatnonzero(chain.marks[label])]
        yield f'label "{label}" = {"|".join(states) or "false"};\n'


def _change(names: list[str], here: list[int], there: list[int]) -> str:
    moves = zip(names, here, there, strict=True)
    return "&".join(f"({name}'={new})" for name, old, new in moves if old != new)
