"""What is imported is declared, and what is declared is imported.

Would catch: a package that is used and comes only with another, one that nobody uses any more, an
optional package that is imported when detente is, an optional feature whose package no extra names.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from structure.source_tree import ROOT, SOURCE, imports_in

DISTRIBUTIONS = {"docx": "python-docx", "ruamel": "ruamel-yaml", "sklearn": "scikit-learn"}
"""Names of packages that differ from those of their modules by more than case and underscores."""

THROUGH_ANOTHER = {"lxml-html-clean", "pyarrow"}
"""trafilatura needs the first and does not say so, pandas writes Parquet with the second."""
TOOLS = {"hatchling", "mypy", "pytest-xdist", "ruff"}
"""They check, build or run, and nothing imports them."""
BY_THEMSELVES = {"ema-workbench", "mesa"}
"""Benchmarks put them into an environment of their own, at one version."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.lower())


def declared(requirements: Iterable[str]) -> set[str]:
    return {normal(re.split(r"[\s<>=~!;\[]", text)[0]) for text in requirements}


def imported(text: str, own: Iterable[str] = ("detente",)) -> dict[str, set[str]]:
    """Return the packages of others that a text imports, with where: module, function or types."""
    found: dict[str, set[str]] = {}
    for one in imports_in(text, "detente.some"):
        name = one.module.partition(".")[0]
        if name and name not in sys.stdlib_module_names and name not in own:
            found.setdefault(DISTRIBUTIONS.get(name, normal(name)), set()).add(one.place)
    return found


def gathered(folder: Path, own: Iterable[str] = ("detente",)) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        for name, places in imported(path.read_text("utf-8"), own).items():
            found.setdefault(name, set()).update(places)
    return found


with (ROOT / "pyproject.toml").open("rb") as _file:
    PROJECT = tomllib.load(_file)["project"]
EXTRAS = {name: declared(needs) for name, needs in PROJECT["optional-dependencies"].items()}
TEST = EXTRAS.pop("test")
CORE, OPTIONAL = declared(PROJECT["dependencies"]), set[str]().union(*EXTRAS.values())
USED = gathered(SOURCE)


def test_what_detente_imports_is_declared() -> None:
    assert set(USED) - CORE - OPTIONAL == set()
    assert {name for name, places in USED.items() if "module" in places} - CORE == set()


def test_what_is_declared_is_imported() -> None:
    assert CORE - set(USED) == set()
    assert OPTIONAL - set(USED) - THROUGH_ANOTHER == set()
    assert not CORE & OPTIONAL


def test_what_tests_and_benchmarks_import_is_declared() -> None:
    for folder in (ROOT / "tests", ROOT / "benchmarks"):
        own = {"detente", *(path.stem for path in (ROOT / "tests").iterdir())}
        used = set(gathered(folder, own | {path.stem for path in folder.rglob("*.py")}))
        assert used - CORE - TEST - BY_THEMSELVES == set()


def test_what_tests_declare_is_of_use() -> None:
    own = {"detente", *(path.stem for path in (ROOT / "tests").rglob("*"))}
    used = set(gathered(ROOT / "tests", own))
    assert TEST - used - OPTIONAL - TOOLS == set()
    assert not TEST & CORE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import yaml", {"yaml": {"module"}}),
        ("from sklearn.tree import Tree", {"scikit-learn": {"module"}}),
        ("from ruamel.yaml import YAML", {"ruamel-yaml": {"module"}}),
        ("def f():\n    import pydantic_core", {"pydantic-core": {"function"}}),
        ("if TYPE_CHECKING:\n    import pandas as pd", {"pandas": {"types"}}),
        ("import os.path, detente.case\nfrom . import sibling", {}),
    ],
)
def test_an_import_is_seen(text: str, found: dict[str, set[str]]) -> None:
    assert imported(text) == found
