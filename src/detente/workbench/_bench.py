"""What has been read and solved for the pages, remembered while there is room.

A `Scene` is one setting with its case and its solved model; the bench gives the same one to every
view that asks, and forgets those that were not asked for longest. Settings that differ in today's
state or the day of the start share what is solved; those that differ in parameters are solved with
the help of the stated ones, so that no answer depends on the way to it. Cost: one case read per
file and change of it; one compiled model and its worlds per setting of everything else, which
bounds the memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar

from detente.case import Case, CaseFolder, Claim, Labels
from detente.claims import claims_model
from detente.model import SolvedModel, SolvedWorld
from detente.workbench._setting import Setting

SCENES = 24
"""Settings that are remembered."""
MODELS = 12
"""Settings without their present for which what was solved is remembered."""
_CASES = 8

Value = TypeVar("Value")


class Scene:
    """One setting, with all that views need to answer about it.

    Attributes
    ----------
    setting : Setting
        With the hash of the case as it is read now.
    base : Case
        As the file has it.
    case : Case
        As the setting has it.

    Parameters
    ----------
    models : Remembered, optional
        Where the models of settings without their present are; without it nothing is shared.
    """

    def __init__(self, setting: Setting, base: Case, models: Remembered | None = None) -> None:
        self.setting = setting.at(base)
        self.base = base
        self.case = setting.apply(base)
        self._models = models or Remembered(1)

    @cached_property
    def names(self) -> Labels:
        """What variables and levels are called."""
        return Labels(self.case)

    @cached_property
    def asked(self) -> tuple[Claim, ...]:
        """The claims that are put to the model, as the setting has them."""
        return tuple(claim for claim in self.case.claims if claim.ask is not None)

    @cached_property
    def model(self) -> SolvedModel:
        """The model that answers the claims, over all states; solved as far as it is asked."""
        usual = replace(self.setting, today={}, start=None)
        stated = replace(usual, parameters={})

        def make() -> SolvedModel:
            return claims_model(
                usual.apply(self.base),
                near=self._models.there(stated.address()),
                threads=True,
                anywhere=True,
                trail=usual == stated,
            )

        model = self._models.get(usual.address(), make)
        return model if usual == self.setting else model.at(self.case)

    def check_held(self) -> None:
        """Refuse a hold for a part of the period, which is no world of its own (`InputError`)."""
        self.setting.world(self.base)

    @cached_property
    def world(self) -> SolvedWorld:
        """The world of what is held, or today's."""
        return self.model.under(self.setting.world(self.base))


class Remembered:
    """Values by key, of which those that were not asked for longest are dropped."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made where it is not there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]  # type: ignore[return-value]
        made = make()
        with self._lock:
            self._values.setdefault(key, made)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
            return self._values.get(key, made)  # type: ignore[return-value]

    def there(self, key: Hashable) -> Any:
        """Return the value of a key, or None where it is not there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def replace(self, key: Hashable, value: object) -> None:
        """Put a value in the place of the one that is remembered."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)


class Bench:
    """The cases of a folder and the scenes that were looked at."""

    def __init__(self, folder: CaseFolder) -> None:
        self.folder = folder
        self._cases = Remembered(_CASES)
        self._scenes = Remembered(SCENES)
        self._models = Remembered(MODELS)

    def case(self, name: str) -> Case:
        """Return a case as its file has it now."""
        key = (name, self.folder.stamp(name))
        return self._cases.get(key, lambda: self.folder.load(name))

    def scene(self, setting: Setting) -> Scene:
        """Return a setting with its case and model.

        Raises
        ------
        CaseError
            With every problem of the file.
        InputError
            For a setting that does not go with the case.
        """
        base = self.case(setting.case)
        key = setting.at(base).address()
        return self._scenes.get(key, lambda: Scene(setting, base, self._models))
