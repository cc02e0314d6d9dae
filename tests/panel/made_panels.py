"""Panels made for tests: the built-in template with rows of a test's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import detente.panel
from detente.panel import Panel, load_panel

EXAMPLE = Path(detente.panel.__file__).parent / "example"
CLASSES = """{column: outcome, first_within: 2, classes: {
  met: target.answer == conceded, dropped: challenger.claim == dropped, stand_off: else}}"""


def make_panel(
    folder: Path, text: str, rows: Sequence[str], head: str = "dispute,year,ratio,outcome"
) -> Panel:
    """Return a panel whose file goes on with a text, over rows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dispute.yaml").write_bytes((EXAMPLE / "dispute.yaml").read_bytes())
    (folder / "rows.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    file = folder / "made.yaml"
    top = "template: dispute.yaml\nconflicts: rows.csv\nid: dispute\n"
    file.write_text(top + text, "utf-8")
    return load_panel(file)
