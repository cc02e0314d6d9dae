"""What leaves the house: no address or path of a machine in it, a whole wheel, one version."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

import detente

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "detente"

# Put together from parts, so that this file does not find itself.
HOSTS = re.compile("|".join(re.escape(".".join(parts)) for parts in [
    ("py" + "pi", "org"), ("python" + "hosted", "org"), ("npm" + "js", "com"),
    ("npm" + "js", "org"),
    ("anaconda", "org"), ("deb", "deb" + "ian", "org"), ("archive", "ubuntu", "com"),
]))  # fmt: skip
FOLDERS = ("work", "farm", "root", "home", "Users")
MACHINES = re.compile(rf"(?<![\w.])/(?:{'|'.join(FOLDERS)})/")

MADE = {"__pycache__", "results", "dist", "build"}
COMPILED = {".pyc", ".nbi", ".nbc"}
DATA = (
    "py.typed",
    "case/schema.json",
    "case/*.csv",
    "cases/*.yaml",
    "cases/*.csv",
    "drafting/*.md",
    "drafting/*.yaml",
    "templates/*.yaml",
    "report/templates/*",
)

HEAVY = {"distributed", "numba", "numpy", "pandas", "scipy", "sklearn"}
HELP = """
import sys
sys.argv = ["detente", "--help"]
from detente.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("imported:", *{name.partition(".")[0] for name in sys.modules})
"""


def files() -> Iterator[Path]:
    """Everything in the repository that is source, tracked yet or not."""
    top = [path for path in ROOT.iterdir() if path.name != ".git" and path.is_file()]
    folders = (".ci", "benchmarks", "docs", "src", "tests")
    for path in [*top, *(found for folder in folders for found in (ROOT / folder).rglob("*"))]:
        if path.is_file() and path.suffix not in COMPILED and not MADE & set(path.parts):
            yield path


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_the_host_of_a_registry() -> None:
    assert lines_matching(HOSTS) == []


def test_no_file_carries_a_path_of_a_machine() -> None:
    assert lines_matching(MACHINES) == []


@pytest.mark.parametrize(
    "line", ["/" + "home" + "/me/x", "'/" + "root" + "/x'", "see /" + "work/a"]
)
def test_the_check_sees_a_path(line: str) -> None:
    assert MACHINES.search(line)


def test_the_constraints_pin_exact_versions_and_cover_what_is_asked_for() -> None:
    pins = [
        line
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []
    pinned = {re.sub(r"[-_.]+", "-", pin.partition("==")[0].lower()) for pin in pins}
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[<>=~!]", need)[0].lower()) for need in asked}
    assert names <= pinned


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from the tree as it stands."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*command, str(folder)], cwd=ROOT, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == {
        path.relative_to(PACKAGE.parent).as_posix() for path in files() if PACKAGE in path.parents
    }


@pytest.mark.parametrize("pattern", DATA)
def test_the_wheel_holds_the_data(wheel: Path, pattern: str) -> None:
    wanted = re.compile("detente/" + re.escape(pattern).replace(r"\*", "[^/]+"))
    assert any(map(wanted.fullmatch, ZipFile(wheel).namelist()))


def test_there_is_one_version(wheel: Path) -> None:
    version = detente.__version__
    assert wheel.name.split("-")[1] == version
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [version]
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## ([\d.]+)", changes, re.MULTILINE)[0] == version


def test_help_needs_no_numerical_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    imported = done.stdout.splitlines()[-1].removeprefix("imported: ").split()
    assert HEAVY & set(imported) == set()
