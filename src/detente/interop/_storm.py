"""The chain of an equilibrium as one file of Storm's explicit format (`.drn`).

A DRN file holds the type of the model, its states with their rates of leaving and labels, and the
rate a year of every jump (Storm's documentation, "Explicit: DRN"; `storm --explicit-drn`,
`stormpy.build_model_from_drn`). Storm's `.tra` and `.lab` have the endings of PRISM's and another
form, so that one pair of files cannot serve both. States, labels and the jump of a state without a
way out to itself are those of `write_prism`; a label that holds in no state is unknown to Storm,
as the format names labels at states only. Cost: O(transitions), written piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from detente.conflict import State
from detente.equilibrium import Equilibrium
from detente.interop._prism import MarkedChain, marked_chain, write_pieces


def write_storm(
    equilibrium: Equilibrium,
    target: Path | str,
    labels: Mapping[str, str] | None = None,
    start: State | None = None,
) -> Path:
    """Write the chain of an equilibrium as a `.drn` file.

    Parameters
    ----------
    equilibrium : Equilibrium
    target : Path or str
        The file; the ending `.drn` is added where it lacks.
    labels, start
        As in `detente.interop.write_prism`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError, AnalysisError
        As in `detente.interop.write_prism`.

    Examples
    --------
    >>> import tempfile
    >>> from detente.conflict import Conflict
    >>> conflict = Conflict.build(
    ...     options={"row": {"act": ["wait", "go"]}},
    ...     utility={"row": [0.0, 0.0]}, rates={"row": 2.0}, precision={"row": 0.0},
    ... )
    >>> file = write_storm(conflict.equilibrium(), Path(tempfile.mkdtemp()) / "chain.drn")
    >>> print(file.read_text().split("@model")[1].strip().expandtabs(2))
    state 0 !1.0 init row_act_wait
      action 0
        1 : 1.0
    state 1 !1.0 row_act_go
      action 0
        0 : 1.0
    """
    chain = marked_chain(equilibrium, labels, start)
    path = Path(target)
    path = path if path.suffix == ".drn" else path.with_name(path.name + ".drn")
    write_pieces(path, _lines(chain))
    return path


def _lines(chain: MarkedChain) -> Iterator[str]:
    count = chain.live.size
    row, column, rate = chain.jumps()
    first = np.searchsorted(row, np.arange(count + 1))
    leaving = np.add.reduceat(rate, first[:-1])
    yield (
        "@type: CTMC\n@parameters\n\n@reward_models\n\n"
        f"@nr_states\n{count}\n@nr_choices\n{count}\n@model\n"
    )
    names, table = list(chain.marks), np.stack(list(chain.marks.values()), axis=1)
    for state in range(count):
        own = " ".join(names[k] for k in np.flatnonzero(table[state]))
        part = slice(first[state], first[state + 1])
        jumps = zip(column[part].tolist(), rate[part].tolist(), strict=True)
        yield f"state {state} !{float(leaving[state])!r} {own}\n\taction 0\n"
        yield "".join(f"\t\t{there} : {x!r}\n" for there, x in jumps)
