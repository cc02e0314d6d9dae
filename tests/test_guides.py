"""The examples of guides, run as they stand.

Would catch: a name that no longer exists, a number that is no longer what is printed.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import detente.panel
from detente.panel import load_panel

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize(
    ("name", "count", "flags"),
    [("equilibrium.md", 4, doctest.ELLIPSIS), ("slopes.md", 2, 0), ("panel.md", 2, 0)],
)
def test_a_guide_prints_what_it_says(name: str, count: int, flags: int) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / name).read_text("utf-8"), re.DOTALL)
    assert len(blocks) == count
    found = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, name, None, 0)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=flags).run(found, out=said.append)
    assert not said, "".join(said)


def test_the_panel_of_the_guide_is_the_built_in_one(tmp_path: Path) -> None:
    """Its file as the guide prints it, beside the built-in template and table."""
    example = Path(detente.panel.__file__).parent / "example"
    text = re.findall(r"```yaml\n(.*?)```", (DOCS / "panel.md").read_text("utf-8"), re.DOTALL)[0]
    for name in ("dispute.yaml", "disputes.csv"):
        (tmp_path / name).write_bytes((example / name).read_bytes())
    (tmp_path / "disputes.yaml").write_text(text, "utf-8")
    assert str(load_panel(tmp_path / "disputes.yaml")) == str(load_panel("disputes"))
