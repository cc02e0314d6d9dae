"""A world: what an intervention changes, as a value that two questions can share."""

from __future__ import annotations

from dataclasses import dataclass

from detente.case import Arm


@dataclass(frozen=True, slots=True)
class World:
    """An intervention for the whole period.

    Attributes
    ----------
    held : tuple of (str, int)
        Options and conditions with the level at which they are held, by name.
    parameters : tuple of (str, float)
        Parameters with the value to which they are set, by name.
    announced : bool
        Whether the actors know.

    Examples
    --------
    >>> World.of(Arm(do={"us.offer": 1, "us.aid": 0})).held
    (('us.aid', 0), ('us.offer', 1))
    >>> World.of(Arm(given={"us.aid": 1}, announced=False)) == TODAY
    True
    """

    held: tuple[tuple[str, int], ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    announced: bool = True

    @classmethod
    def of(cls, arm: Arm) -> World:
        """Return the world in which a question is asked, from wherever it starts."""
        if not (arm.do or arm.set):
            return TODAY
        held = tuple(sorted((arm.do or {}).items()))
        parameters = tuple(sorted((arm.set or {}).items()))
        return cls(held, parameters, arm.announced)


TODAY = World()
"""The world without an intervention."""
