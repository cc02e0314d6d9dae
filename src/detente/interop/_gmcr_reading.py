"""Graph-model files (`.gmcr`) as case files.

The format is JSON, as the open program gmcr-py saves it: yes-no options with a permitted direction,
decision makers with the numbers of their options, infeasible conditions, and preferences either as
prioritised conditions or as a ranking of states. States in a ranking count from 1 in the binary
order of the feasible ones, the first option of the first decision maker being the lowest digit.
Nothing of the file is run; misperceptions and coalitions of several, which a case cannot say, are
refused, and whatever else a case has no place for becomes a note of it.

Cost: that of evaluating the infeasible conditions once on all states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case import read_case
from detente.conflict import Conflict
from detente.errors import InputError
from detente.interop._case_text import identifiers, noted
from detente.interop._cubes import Cube, cover
from detente.interop._gmcr_file import Condition, GmcrFile, Maker, parse
from detente.text import one_line, yaml_quoted

MOST_RANKED = 16
"""Options of a file with a ranking of states; with more, state preferences as conditions."""

_MOVES = {"both": "any", "fwd": "up", "back": "down"}
_ABOUT = (
    "Read from a graph-model file, which has no status quo: the first feasible state stands in."
)
_LONGEST_FORMULA = 10_000


def read_gmcr(text: str, name: str = "conflict.gmcr") -> Conflict:
    """Read a conflict from the text of a `.gmcr` file.

    Parameters
    ----------
    text : str
    name : str
        The name of the file, for messages.

    Returns
    -------
    Conflict
        Its status quo is the first feasible state, as the format has none.

    Raises
    ------
    InputError
        When the file is broken; the message says where and what to do.

    Examples
    --------
    >>> conflict = read_gmcr('''{
    ...   "options": [{"name": "Dam", "permittedDirection": "fwd"}],
    ...   "decisionMakers": [{"name": "Upstream", "options": [0], "preferences": [[[0, "Y"]]]}],
    ...   "infeasibles": []}''')
    >>> conflict.rank["upstream"].tolist()
    [0, 1]
    """
    return read_case(gmcr_to_case(text, name).encode(), f"{name}, as a case").conflict()


def gmcr_to_case(text: str, name: str = "conflict.gmcr") -> str:
    """Return the text of the case file that says what a `.gmcr` file says.

    Parameters
    ----------
    text : str
    name : str
        The name of the file, for messages and the title.

    Raises
    ------
    InputError
        When the file is broken; the message says where and what to do.
    """
    return _Case.of(parse(text, name)).text()


@dataclass(frozen=True)
class _Case:
    """A parsed file with the names that its makers and options get in the case."""

    file: GmcrFile
    actors: Sequence[str]
    variables: dict[int, str]
    order: tuple[int, ...]

    @classmethod
    def of(cls, file: GmcrFile) -> _Case:
        actors = identifiers([maker.name for maker in file.makers], "maker")
        variables: dict[int, str] = {}
        for actor, maker in zip(actors, file.makers, strict=True):
            own = identifiers([file.options[k].name for k in maker.options], "option")
            variables |= {k: f"{actor}.{o}" for k, o in zip(maker.options, own, strict=True)}
        return cls(file, actors, variables, tuple(variables))

    def text(self) -> str:
        file = self.file
        start = self.start()
        title = one_line(file.name.removesuffix(".gmcr")) or "Conflict"
        lines = [
            "detente: 1",
            f"title: {yaml_quoted(title)}",
            f"about: {yaml_quoted(_ABOUT)}",
            "actors:",
        ]
        for actor, maker in zip(self.actors, file.makers, strict=True):
            lines += [
                f"  {actor}:",
                f"    title: {yaml_quoted(one_line(maker.name) or actor)}",
                "    options:",
            ]
            for k in maker.options:
                option = file.options[k]
                lines.append(
                    f"      {self.variables[k].rpartition('.')[2]}: {{levels: [no, yes], "
                    f"moves: {_MOVES[option.direction]}, about: {yaml_quoted(option.name)}}}"
                )
            lines += ["    preferences:", *self.preferences(maker)]
        if file.infeasible:
            lines.append("infeasible:")
            lines += [f"  - {quoted_formula(self.formula(rule))}" for rule in file.infeasible]
        lines.append("status_quo:")
        for k, level in zip(self.order, start, strict=True):
            lines.append(f"  {self.variables[k]}: {('no', 'yes')[level]}")
        lines += noted(file.notes)
        return "\n".join(lines) + "\n"

    def preferences(self, maker: Maker) -> list[str]:
        """Return the lines of an actor's preferences."""
        if maker.ranking is None:
            statements = [self.formula(condition) for condition in maker.preferences] or ["true"]
            return ["      statements:", *(f"        - {quoted_formula(s)}" for s in statements)]
        groups = self.groups(maker)
        free = ~self.feasible()
        lines = ["      ranking:"]
        for number, group in enumerate(groups, start=1):
            cubes = cover(group, free) if number < len(groups) else [{}]
            free |= group
            formula = self.formula([self._renumbered(cube) for cube in cubes])
            if len(formula) > _LONGEST_FORMULA:
                raise InputError(
                    f"{maker.place}: rank {number} has too many states for one formula; "
                    "state the preference as prioritised conditions"
                )
            lines.append(f"        - {quoted_formula(formula)}")
        return lines

    def groups(self, maker: Maker) -> list[NDArray[np.bool_]]:
        """Return where the states of each rank are, best first."""
        feasible = self.feasible()
        count = len(self.order)
        # Binary order has the first option as its lowest digit: Fortran order of the tensor.
        codes = np.flatnonzero(feasible.reshape(-1, order="F"))
        seen = np.zeros(feasible.size, dtype=bool)
        groups = []
        for place, states in maker.ranking or ():
            group = np.zeros(feasible.size, dtype=bool)
            for state in states:
                if isinstance(state, str):
                    if len(state) != count:
                        raise InputError(
                            f"{place}: {state!r} has {len(state)} letters; there are {count} "
                            "options, give a Y or N for each"
                        )
                    code = sum(1 << k for k, letter in enumerate(state) if letter == "Y")
                    known = bool(feasible.reshape(-1, order="F")[code])
                else:
                    known = 1 <= state <= len(codes)
                    code = int(codes[state - 1]) if known else 0
                if not known:
                    raise InputError(
                        f"{place}: {state!r} is not a feasible state; they count from 1 to "
                        f"{len(codes)} in binary order"
                    )
                if seen[code]:
                    raise InputError(f"{place}: state {state!r} is ranked twice; leave one out")
                seen[code] = group[code] = True
            groups.append(group.reshape(feasible.shape, order="F"))
        missing = [k + 1 for k, code in enumerate(codes) if not seen[code]]
        if missing:
            raise InputError(
                f"{maker.place}: preferenceRanking leaves out state {missing[0]}; "
                f"rank all {len(codes)} feasible states"
            )
        return groups

    def feasible(self) -> NDArray[np.bool_]:
        """Return the feasible states, an axis for each option in the order of the makers."""
        count = len(self.order)
        if count > MOST_RANKED:
            raise InputError(
                f"{self.file.name}: a ranking of states of {count} options is too long; with more "
                f"than {MOST_RANKED} give preferences as prioritised conditions"
            )
        feasible = np.ones((2,) * count, dtype=bool)
        axis = {k: position for position, k in enumerate(self.order)}
        for rule in self.file.infeasible:
            for cube in rule:
                place: list[int | slice] = [slice(None)] * count
                for k, level in cube.items():
                    place[axis[k]] = level
                feasible[tuple(place)] = False
        return feasible

    def start(self) -> tuple[int, ...]:
        """Return the first feasible state, option by option."""
        rules = [cube for rule in self.file.infeasible for cube in rule]
        for code in range(1 << min(len(self.order), MOST_RANKED)):
            state = {k: code >> position & 1 for position, k in enumerate(self.order)}
            if not any(all(state[k] == v for k, v in cube.items()) for cube in rules):
                return tuple(state.values())
        raise InputError(f"{self.file.name}: infeasibles leave no state; take one of them out")

    def formula(self, condition: Condition) -> str:
        """Return the formula of a condition: some cube holds."""
        parts = [
            " and ".join(f"{self.variables[k]} == {('no', 'yes')[v]}" for k, v in cube.items())
            or "true"
            for cube in condition
        ]
        if len(parts) == 1:
            return parts[0]
        return " or ".join(f"({part})" if " and " in part else part for part in parts)

    def _renumbered(self, cube: Cube) -> Cube:
        return {self.order[axis]: level for axis, level in cube.items()}


def quoted_formula(formula: str) -> str:
    """Return a formula as a YAML scalar; it holds no character that needs an escape."""
    return f'"{formula}"'
