"""What leaves detente goes through one place: files through `files`, words through `say`.

Would catch: a module that prints what a case says without making it printable, or that writes a
file which can be left half written.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from structure.source_tree import modules, name_of, tree_of

WRITES = {
    "detente.files._writing",
    "detente.engine._salvage",  # a copy of a damaged file, to be read and thrown away
    "detente.interop._prism",  # to a draft
    "detente.study._export",  # to a draft
}
PRINTS = {
    "detente.__main__": {"print"},  # one fixed word, where nothing may be imported any more
    "detente.cli._writing": {"echo"},  # `say`
    "detente.report._terminal": {"echo"},  # wrapped lines, printable
    "detente.report._verdict_table": {"Console"},  # `console`, which prints nothing hidden
    "detente.engine._cluster": {"print"},  # printable; there is nobody to give the words to
    "detente.cli._progress": {"Console"},  # fixed words
}


def calls(path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def opens_to_write(called: str, call: ast.Call) -> bool:
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    mode = next((word for word in words if re.fullmatch(r"[rwax][bt]?\+?", str(word))), "r")
    return called in {"write_text", "write_bytes"} or (called == "open" and mode not in {"r", "rb"})


def test_no_module_writes_files_by_itself():
    found = {
        name_of(path)
        for path in modules()
        if any(opens_to_write(called, call) for called, call in calls(path))
    }
    assert found == WRITES


def test_no_module_prints_by_itself():
    """Workers and the solver speak to their parent over pipes and print nothing."""
    for path in modules():
        name = name_of(path)
        printing = {called for called, _ in calls(path)} & {"print", "echo", "secho", "Console"}
        methods = {
            called
            for called, call in calls(path)
            if isinstance(call.func, ast.Attribute) and called == "print"
        }
        assert printing - methods <= PRINTS.get(name, set()), name
        if methods:
            assert name.startswith(("detente.report.", "detente.cli.")), name
        assert not re.search(r"\bsys\.std(out|err)\.write\b", path.read_text("utf-8")), name
