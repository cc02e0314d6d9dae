"""A panel file: YAML, read by the safe reader of cases, each entry checked with its line.

Formulas are compiled by `detente.expression` against the names that are there: coefficients,
columns of numbers, and what varies. Nothing of the file is run. Cost: linear in the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal, NoReturn, cast

from detente.case import Places, read_outline
from detente.errors import InputError
from detente.expression import ExpressionError, Formula, Namespace, compile_formula
from detente.files import inside, read_text
from detente.panel._coefficients import Coefficient
from detente.text import nearest, quote, suggestion

DISTRIBUTIONS = ("uniform", "loguniform", "normal")
_NAME = re.compile(r"[^\W\d]\w*")
_MOST = 1e300
_TOP = (
    "template", "conflicts", "id", "year", "group", "shared", "parameters", "varying", "nodes",
    "outcomes", "split", "about",
)  # fmt: skip
_COEFFICIENT = ("value", "range", "distribution", "centre", "sd", "reason", "source")


class PanelEntries:
    """The entries of a panel file, taken one by one, each with its place for messages.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = read_text(path, "give a panel file", "shorten it")
        if not self.text.strip():
            raise InputError(f"{path.name}: the file is empty; name a template and a table in it")
        wrong: list[str] = []

        def complain(line: int, column: int, message: str, remedy: str) -> None:
            wrong.append(f"{path.name}:{line}:{column}: {message}; {remedy}")

        found = read_outline(self.text, complain)
        if wrong:
            raise InputError("\n".join(wrong))
        if found is None:
            raise InputError(f"{path.name}:1:1: this is no mapping; write `key: ...` on each line")
        self.data, self._places = cast("tuple[dict[str, Any], Places]", found)
        if "detente" in self.data:
            raise InputError(f"{path.name}: this is a case; name it as `template:` of a panel file")
        self.known(self.data, _TOP)

    def place(self, *where: str | int) -> str:
        """Return where an entry stands, for messages."""
        line, column = self._places.of(*where)
        said = ".".join(map(str, where))
        return f"{self.path.name}:{line}:{column}: {said + ': ' if said else ''}"

    def refuse(self, message: str, *where: str | int) -> NoReturn:
        """Raise an error that names a place."""
        raise InputError(f"{self.place(*where)}{message}")

    def known(self, part: Mapping[str, Any], keys: Collection[str], *where: str | int) -> None:
        """Refuse keys that mean nothing."""
        for key in part:
            if key not in keys:
                self.refuse(f"there is no key {quote(key)} here; {suggestion(key, keys, 'key')}",
                            *where, key)  # fmt: skip

    def mapping(self, *where: str, needed: bool = True) -> dict[str, Any]:
        """Return a part that is a mapping."""
        part: Any = self.data
        for key in where:
            part = part.get(key)
        if part is None and not needed:
            return {}
        if part is None:
            self.refuse(f"{where[-1]} is missing; add it, with an entry at least", *where[:-1])
        if not isinstance(part, dict) or (needed and not part):
            self.refuse("must be a mapping with an entry at least; write `name: ...` below it",
                        *where)  # fmt: skip
        return part

    def word(self, part: Mapping[str, Any], key: str, *where: str, default: str = "") -> str:
        """Return an entry that is one word or line of text."""
        found = part.get(key, default)
        if not isinstance(found, str) or (not found and not default and key in part):
            self.refuse("must be text; write a name", *where, key)
        return found

    def number(self, found: object, *where: str | int) -> float:
        """Return an entry that is a finite number."""
        if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) < _MOST:
            self.refuse("must be a number; write one such as 0.5", *where)
        return float(found)

    def beside(self, key: str, *where: str, default: str = "") -> Path:
        """Return a file in the folder of the panel, or below it, that an entry names."""
        part = self.mapping(*where) if where else self.data
        name = self.word(part, key, *where, default=default)
        if not name:
            self.refuse(f"{key} is missing; name a file beside this one", *where)
        try:
            path = inside(self.path.parent, name)
        except InputError as error:
            self.refuse(str(error), *where, key)
        if not path.exists():
            there = [one.name for one in path.parent.glob(f"*{path.suffix}") if one.is_file()]
            best = nearest(name, there)
            hint = f"did you mean {quote(best)}?" if best else "put one beside this file"
            self.refuse(f"there is no file {quote(name)} here; {hint}", *where, key)
        return path

    def formula(
        self, text: object, names: Mapping[str, str], kind: Literal["number", "truth"],
        *where: str | int,
    ) -> Formula:  # fmt: skip
        """Return a compiled formula of some numbers."""
        if isinstance(text, int | float) and not isinstance(text, bool):
            text = repr(float(text))
        if not isinstance(text, str):
            self.refuse("must be a formula; write one, or a number", *where)
        try:
            return compile_formula(text, Namespace({}, names), kind)
        except ExpressionError as error:
            odd = [name for name in names if name in text and not _NAME.fullmatch(name)]
            if odd:
                self.refuse(
                    f"a formula cannot read the column {quote(odd[0])}; rename it, in letters, "
                    "digits and _",
                    *where,
                )
            self.refuse(f"in {quote(text)}: {error}", *where)

    def coefficients(self) -> tuple[Coefficient, ...]:
        """Return the shared coefficients."""
        found = []
        for name, stated in self.mapping("shared").items():
            where = "shared", name
            if not _NAME.fullmatch(str(name)):
                self.refuse(
                    "a formula cannot read this name; give one of letters, digits and _", *where
                )
            part = stated if isinstance(stated, dict) else {"value": stated}
            self.known(part, _COEFFICIENT, *where)
            value = self.number(part.get("value"), *where, "value")
            ends = part.get("range", [value, value])
            if not isinstance(ends, list) or len(ends) != 2:
                self.refuse(
                    "must be the lowest and the highest value; write [-3, 3]", *where, "range"
                )
            low, high = (self.number(end, *where, "range") for end in ends)
            if low > high:
                self.refuse("the range begins above its end; turn it round", *where, "range")
            if not low <= value <= high:
                self.refuse("the value lies outside of the range; move one of them", *where)
            kind = self.word(part, "distribution", *where, default="uniform")
            if kind not in DISTRIBUTIONS:
                hint = suggestion(kind, DISTRIBUTIONS, "distribution")
                self.refuse(f"there is no distribution {quote(kind)}; {hint}", *where)
            if kind == "loguniform" and low <= 0.0:
                self.refuse("loguniform needs a range above 0; raise its lower end", *where)
            centre = self.number(part.get("centre", value), *where, "centre")
            sd = self.number(part.get("sd", 1.0), *where, "sd")
            if kind == "normal" and ("sd" not in part or sd <= 0.0):
                self.refuse("normal needs its sd, above 0; give it", *where)
            reason = self.word(part, "reason", *where)
            found.append(Coefficient(name, value, low, high, cast("Any", kind), centre, sd, reason))
        return tuple(found)
