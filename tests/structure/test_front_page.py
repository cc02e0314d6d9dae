"""``import detente`` gives the names of an analyst's day, and says which.

Would catch: a name that is listed and cannot be had, or is given from a room that does not offer
it, or that the docstring leaves out.
"""

from __future__ import annotations

import detente
from structure.source_tree import packages


def test_every_name_of_the_front_page_comes_from_a_front_door_and_is_described() -> None:
    assert set(detente._HOME) == set(detente.__all__) - {"__version__"}
    assert dir(detente) == sorted(detente.__all__)
    for name, room in detente._HOME.items():
        assert room == "detente.errors" or name in packages()[room], name
        assert getattr(detente, name).__name__ == name
        assert f"`{name}`" in str(detente.__doc__), name
