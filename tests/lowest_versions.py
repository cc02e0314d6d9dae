"""Print the lowest versions that pyproject.toml declares, as requirements that pip installs.

What only looks at the source is left out: it does not touch what runs.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

TOOLS = {"mypy", "ruff"}


def lowest_versions() -> list[str]:
    """Return name==version for every dependency, of extras and tests too."""
    path = Path(__file__).resolve().parents[1] / "pyproject.toml"
    project = tomllib.loads(path.read_text("utf-8"))["project"]
    needs = list(project["dependencies"])
    for more in project["optional-dependencies"].values():
        needs += more
    pairs = {tuple(need.split(">=")) for need in needs}
    return sorted(f"{name}=={version}" for name, version in pairs if name not in TOOLS)


if __name__ == "__main__":
    print(*lowest_versions(), sep="\n")
