"""Whether the pages of an SQLite file are where they belong.

A page that is lost or stands in another's place takes whole rows with it, which no checksum of a
row can tell. Cost: linear in the file.
"""

from __future__ import annotations

import sqlite3


def page_fault(connection: sqlite3.Connection) -> str:
    """Return the first thing that is wrong with a file's pages, empty when nothing is.

    Examples
    --------
    >>> page_fault(sqlite3.connect(":memory:"))
    ''
    """
    found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return "" if found == "ok" else " ".join(found.replace("***", "").split())
