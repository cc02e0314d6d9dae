"""The names that an expression may use, and what each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Variable:
    """An option or a condition: something that is at one of its levels.

    Parameters
    ----------
    name : str
        The name in formulas: ``actor.option``, or the bare name of a condition.
    levels : tuple of str
        The names of the levels, lowest first when ordered.
    ordered : bool
        Whether ``<`` and its kin mean anything.
    """

    name: str
    levels: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True)
class Namespace:
    """The names that an expression may use.

    Parameters
    ----------
    variables : mapping of str to Variable
        Options and conditions by name.
    numbers : mapping of str to str
        Names of numbers, each with what it is: ``"parameter"`` or ``"issue"``.
    barred : mapping of str to str, optional
        Names that exist but may not be used here, each with what it is; they only serve to say so.

    Examples
    --------
    >>> offer = Variable("us.offer", ("none", "some"), ordered=True)
    >>> namespace = Namespace({"us.offer": offer}, {"leverage": "parameter", "burden": "issue"})
    >>> list(namespace.only_parameters().names)
    ['leverage']
    """

    variables: Mapping[str, Variable]
    numbers: Mapping[str, str]
    barred: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that may be used."""
        return (*self.variables, *self.numbers)

    def only_parameters(self) -> Namespace:
        """Return the namespace of formulas that may not depend on the state."""
        barred = dict.fromkeys(self.variables, "option or condition")
        barred |= {name: kind for name, kind in self.numbers.items() if kind != "parameter"}
        numbers = {name: kind for name, kind in self.numbers.items() if kind == "parameter"}
        return Namespace({}, numbers, {**self.barred, **barred})
