"""A decision tree for where something happens: a second opinion on a box.

A box says one thing in few words; a tree may say several, each a path of thresholds. Grown by
scikit-learn (the extra ``trees``), shallow, with leaves of a least size, and judged on a half of
the draws that it has not seen. Cost: inputs * draws * log(draws).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.engine import Seed, generator_of
from detente.errors import AnalysisError, InputError
from detente.study.discovery._box import Restriction, in_words
from detente.study.discovery._draws import checked, equal_rows, half
from detente.text import Result, show
from detente.values import Bools, Floats, data_frame, plain_fields

_LEAST_SHARE = 0.02
_FEWEST_DRAWS = 10


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of a tree: its restrictions, and the draws and hits in it, over all draws."""

    restrictions: tuple[Restriction, ...]
    draws: int
    hits: int

    @property
    def density(self) -> float:
        """Share of the draws in the leaf that are hits."""
        return self.hits / self.draws if self.draws else 0.0

    def __str__(self) -> str:
        """Return the leaf in words."""
        return (
            f"{in_words(self.restrictions)}: {self.hits} of {self.draws} draws "
            f"({show(self.density, 'share')})"
        )


@dataclass(frozen=True, slots=True)
class DecisionTree(Result):
    """A shallow decision tree.

    Attributes
    ----------
    what : str
        What happens.
    leaves : tuple of Leaf
        Densest first.
    right, guess : float
        Share of unseen draws that a tree grown on the other half tells right, and that guessing the
        more frequent outcome would.
    """

    what: str
    leaves: tuple[Leaf, ...]
    right: float
    guess: float

    def __str__(self) -> str:
        """Return one line per leaf."""
        head = (
            f"{self.what} (tree: {show(self.right, 'share')} right on unseen draws, guessing "
            f"{show(self.guess, 'share')})"
        )
        return "\n".join([head, *(f"  {leaf}" for leaf in self.leaves)])

    def to_dict(self) -> dict[str, Any]:
        """Return the leaves, ready for JSON."""
        return plain_fields(self, "what", "right", "guess", "leaves")

    def to_pandas(self) -> Any:
        """Return the leaves as a DataFrame (needs pandas)."""
        rows = [
            (in_words(f.restrictions) if f.restrictions else "", f.draws, f.hits)
            for f in self.leaves
        ]
        return data_frame(rows, columns=["where", "draws", "hits"])


def decision_tree(
    names: Sequence[str],
    inputs: Any,
    hits: Any,
    levels: Mapping[str, Sequence[str]] | None = None,
    units: Mapping[str, str] | None = None,
    what: str = "It happens",
    rng: Seed = 0,
    depth: int = 3,
) -> DecisionTree:
    """Grow a shallow decision tree for where something happens.

    Parameters
    ----------
    names, inputs, hits, levels, units, what
        As in `discover`.
    rng : int, numpy Generator or None
        Seed or generator of the half on which the tree is judged.
    depth : int
        The most restrictions on a path.

    Raises
    ------
    AnalysisError
        Without scikit-learn.
    InputError
        When the arrays do not fit together.

    See Also
    --------
    detente.study.discovery.discover : a single box, doubted more.
    """
    names, values, happens, labels = checked(names, inputs, hits, levels)
    if depth < 1:
        raise InputError(f"depth is {depth}; give one or more")
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError:
        raise AnalysisError(
            "a decision tree needs scikit-learn; install detente with the extra trees"
        ) from None
    columns = [
        (k, place)
        for k, known in enumerate(labels)
        for place in (range(len(known)) if known else [-1])
    ]
    table = np.column_stack(
        [values[k] if place < 0 else (values[k] == place) for k, place in columns]
    ).astype(np.float64)
    seed = int(generator_of(rng).integers(2**31))

    def grown(rows: Bools) -> Any:
        least = max(_FEWEST_DRAWS, int(np.ceil(_LEAST_SHARE * rows.sum())))
        made = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least, random_state=seed)
        return made.fit(table[rows], happens[rows])

    seen = half(happens, equal_rows(values), np.random.default_rng(seed))
    right = float((grown(seen).predict(table[~seen]) == happens[~seen]).mean())
    often = float(happens[~seen].mean())
    whole = grown(np.ones(happens.size, dtype=bool))
    plain = tuple(
        Restriction(name, k, allowed=labels[k], places=tuple(range(len(labels[k]))), unit=unit)
        for k, (name, unit) in enumerate((name, (units or {}).get(name, "")) for name in names)
    )
    leaves = _leaves(whole, table, happens, plain, columns)
    return DecisionTree(what, leaves, right, max(often, 1.0 - often))


def _leaves(
    grown: Any,
    table: Floats,
    hits: Bools,
    plain: tuple[Restriction, ...],
    columns: list[tuple[int, int]],
) -> tuple[Leaf, ...]:
    inner = grown.tree_
    at = grown.apply(table)
    found = []
    stack: list[tuple[int, dict[int, Restriction]]] = [(0, {})]
    while stack:
        node, box = stack.pop()
        if inner.children_left[node] < 0:
            here = at == node
            kept = tuple(box[k] for k in sorted(box))
            found.append(Leaf(kept, int(here.sum()), int((here & hits).sum())))
            continue
        k, place = columns[inner.feature[node]]
        cut = float(inner.threshold[node])
        old = box.get(k, plain[k])
        for child, above in (
            (inner.children_left[node], False),
            (inner.children_right[node], True),
        ):
            if place >= 0:
                new = _with_level(old, place, above, plain[k])
            else:
                new = replace(old, low=cut) if above else replace(old, high=cut)
            stack.append((int(child), {**box, k: new}))
    return tuple(sorted(found, key=lambda leaf: (-leaf.density, -leaf.draws)))


def _with_level(old: Restriction, place: int, only: bool, plain: Restriction) -> Restriction:
    places = (place,) if only else tuple(p for p in old.places if p != place)
    return replace(old, places=places, allowed=tuple(plain.allowed[p] for p in places))
