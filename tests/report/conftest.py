"""One run of the small case of this folder, shared by all tests of the report."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente
from detente.analysis import Analysis, analyse
from detente.report import render

CASE = Path(__file__).with_name("straits.yaml")


@pytest.fixture(scope="session")
def findings() -> Analysis:
    return analyse(detente.load(CASE), draws=40, rng=1)


@pytest.fixture(scope="session")
def page(findings: Analysis) -> str:
    return render(findings)
