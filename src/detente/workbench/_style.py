"""The style of pages: the report's files, then those of the page and of its views."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_STYLES = ("page", "tables", "figures", "narrow", "print")


@cache
def report_style() -> str:
    """Return the style of the report, which the page shares."""
    folder = files("detente.report").joinpath("templates")
    return "".join(folder.joinpath(f"{name}.css").read_text("utf-8") for name in _STYLES)


def page_style(*names: str) -> str:
    """Return the style of the report and of files of ``static``, for a page of its own."""
    folder = files("detente.workbench").joinpath("static")
    own = (folder.joinpath(name).read_text("utf-8") for name in names if name)
    lines = [line for text in own for line in text.splitlines() if not line.startswith("@import")]
    return report_style() + "\n".join(lines)
