"""Texts and data of others that tests read where somebody has put them beside the checkout.

None of them may be shipped, so a clone alone has none: a test that needs one is skipped there, and
says which. They are looked for in the folder that ``DETENTE_SHARED`` names, else in ``../shared``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("DETENTE_SHARED", Path(__file__).parents[2] / "shared"))
ESSAY = SHARED / "sources" / "000_541bba7d6a714164.txt"
DATA = SHARED / "data"


def needs(*paths: Path) -> pytest.MarkDecorator:
    """Return the mark of a test that reads these, which the project may not ship."""
    missing = [path.name for path in paths if not path.exists()]
    # The one place where a test is left out for want of somebody else's file, with its name.
    return pytest.mark.skipif(
        bool(missing), reason=f"may not be shipped and is not beside the checkout: {missing}"
    )
