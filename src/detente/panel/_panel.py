"""Many conflicts in one template, with shared coefficients, and the two sides of a split in time.

A panel file names a case file (the template), a table with a row a conflict, coefficients that all
share, and for some of the template's parameters a formula of coefficients and of columns. What each
conflict came to stands in a column of classes, or in a table of dated acts. Cost: linear in the
files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente.case import Case
from detente.engine import Progress, Seed, generator_of
from detente.panel._coefficients import Coefficient, SharedFormulas
from detente.panel._conflict_table import ConflictTable
from detente.panel._likelihood import PanelSide, PanelTask
from detente.panel._outcome import FinalOutcome, RecordOutcome, class_numbers
from detente.panel._panel_words import (
    class_rows,
    coefficient_rows,
    formula_rows,
    panel_facts,
    panel_words,
)
from detente.text import Result
from detente.values import Floats, Ints

if TYPE_CHECKING:
    from detente.panel._fit import PanelFit

Side = Literal["train", "test"]
SIDES: tuple[Side, Side] = ("train", "test")


@dataclass(frozen=True, eq=False)
class Panel(Result):
    """Many conflicts in one template; made by `load_panel`.

    Attributes
    ----------
    name : str
    template : Case
    table : ConflictTable
    shared : SharedFormulas
    outcome : FinalOutcome or RecordOutcome
    train, test : tuple of int
        Rows of the table.
    id_column, year_column, group_column : str
        Of the table; empty where none is named.
    split : mapping of str to str
        The formulas of the sides, as written.
    about : str
        What the panel file says of itself.
    sha256 : str
        Of the panel file, its template and its tables.
    """

    name: str
    template: Case
    table: ConflictTable
    shared: SharedFormulas
    outcome: FinalOutcome | RecordOutcome
    train: tuple[int, ...]
    test: tuple[int, ...]
    id_column: str
    year_column: str = ""
    group_column: str = ""
    split: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    sha256: str = ""

    @property
    def coefficients(self) -> tuple[Coefficient, ...]:
        """The numbers that all conflicts share."""
        return self.shared.coefficients

    @cached_property
    def covariates(self) -> tuple[str, ...]:
        """The columns that the formulas read: all that the model knows of a conflict."""
        used = {name for one in self.shared.formulas.values() for name in one.uses}
        own = {one.name for one in self.coefficients} | set(self.shared.spreads)
        return tuple(name for name in self.table.columns if name in used - own)

    @property
    def classes(self) -> tuple[str, ...]:
        """What a conflict can end in; none where it has a record."""
        return self.outcome.classes if isinstance(self.outcome, FinalOutcome) else ()

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the panel is made of: a name, and a few words, each."""
        return panel_facts(self)

    @property
    def class_rows(self) -> list[list[str]]:
        """A row for each class, the heading first; none of records."""
        return class_rows(self)

    @property
    def coefficient_rows(self) -> list[list[str]]:
        """A row for each shared coefficient, the heading first."""
        return coefficient_rows(self)

    @property
    def formula_rows(self) -> list[list[str]]:
        """A row for each parameter that differs from conflict to conflict, the heading first."""
        return formula_rows(self)

    def rows(self, side: Side) -> tuple[int, ...]:
        """Return the rows of one side of the split."""
        return self.train if side == "train" else self.test

    def happened(self, side: Side) -> Ints:
        """Return the number of each conflict's class; of its record where it has one."""
        rows = self.rows(side)
        if isinstance(self.outcome, RecordOutcome):
            return np.array(rows, dtype=np.intp)
        return class_numbers(self.outcome, self.table, rows)

    def side(self, side: Side) -> PanelSide:
        """Return one side of the split, ready to be weighed."""
        rows = self.rows(side)
        cells = {name: self.table.numbers(name, rows) for name in self.covariates}
        ids = self.table.words(self.id_column)
        names = tuple(self.shared.formulas)
        return PanelSide(
            task=PanelTask(self.template, names, self.outcome),
            shared=self.shared,
            covariates=cells,
            ids=tuple(ids[row] for row in rows),
            happened=self.happened(side),
        )

    def column(self, name: str, side: Side) -> Floats:
        """Return a column of numbers of one side."""
        return self.table.numbers(name, self.rows(side))

    def shuffled(self, rng: Seed = 1, *, across: bool = False) -> Panel:
        """Return the panel with its outcomes dealt out anew, on each side among its own conflicts.

        Of records the levels of all acts of a variable are dealt out; the days stay.

        Nothing can be learned of which conflict is which. Where the two sides come to other shares
        of outcomes, a model may still be nearer to the later ones than base rates by chance; dealt
        out `across` both sides there is no such luck, and one that beats the base rates is wrong.

        Parameters
        ----------
        rng : int, numpy Generator or None
        across : bool
            Whether outcomes may change sides.
        """
        random, digest = generator_of(rng), f"{self.sha256} shuffled"
        sides = (self.train + self.test,) if across else (self.train, self.test)
        if isinstance(self.outcome, RecordOutcome):
            dealt = self.outcome
            for rows in sides:
                dealt = dealt.dealt(rows, random)
            return replace(self, outcome=dealt, sha256=digest)
        name = self.outcome.column
        cells = np.array(self.table.words(name), dtype=object)
        for rows in sides:
            cells[list(rows)] = cells[random.permutation(list(rows))]
        columns = {**self.table.columns, name: tuple(cells)}
        table = replace(self.table, columns=columns)
        return replace(self, table=table, sha256=digest)

    def fit(
        self,
        *,
        most: int = 60,
        workers: int | None = None,
        cluster: str = "",
        progress: Progress | None = None,
        store: Path | str | None = None,
        resume: bool = False,
        intervals: bool = True,
    ) -> PanelFit:
        """Fit the shared coefficients to the past; see `detente.panel.fit_panel`."""
        from detente.panel._fit import fit_panel

        return fit_panel(
            self, most=most, workers=workers, cluster=cluster, progress=progress, store=store,
            resume=resume, intervals=intervals,
        )  # fmt: skip

    def __str__(self) -> str:
        """Return how many conflicts, what is read of each, how they end, and what is shared."""
        return panel_words(self)

    def to_dict(self) -> dict[str, Any]:
        """Return what the panel is made of, ready for JSON."""
        return {
            "name": self.name,
            "sha256": self.sha256,
            "about": self.about,
            "template": self.template.name,
            "train": len(self.train),
            "test": len(self.test),
            "split": dict(self.split),
            "shared": [one.name for one in self.coefficients],
            "covariates": list(self.covariates),
            "parameters": {name: one.text for name, one in self.shared.formulas.items()},
            "classes": list(self.classes),
        }
