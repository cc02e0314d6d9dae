"""The text of a source where the analyst has it, for showing the sentence that a claim points at.

The text of source ``x`` is ``x.txt`` or ``x.md`` beside the case, in the folder that is served, or
in a folder ``sources`` of either. It is read when it is looked at, and never stored. Cost: linear
in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from detente.case import Anchor, AnchoredPassage, CaseFolder, builtin_cases, find_passage
from detente.errors import InputError


def passage_of(anchor: Anchor, case: str, folder: CaseFolder) -> tuple[AnchoredPassage | None, str]:
    """Return the sentence that a claim points at, and in words where it was found or why not.

    Parameters
    ----------
    anchor : Anchor
    case : str
        The name under which the case was opened.
    folder : CaseFolder
        Nothing outside of it is looked at.
    """
    for name, path in _texts(anchor.source, case, folder):
        try:
            found = find_passage(path, anchor)
        except InputError as error:
            return None, str(error)
        if found is None:
            return None, f"{name} has no sentence with the hash {anchor.hash}."
        if (found.paragraph, found.number) != (anchor.paragraph, anchor.sentence):
            where = f"paragraph {found.paragraph}, sentence {found.number}"
            return found, f"In {name} the sentence stands at {where}."
        return found, f"From {name}."
    return None, (
        f"To see the sentence here, put the text of the source into the folder as "
        f"{anchor.source}.txt."
    )


def _texts(source: str, case: str, folder: CaseFolder) -> Iterator[tuple[str, Path]]:
    beside = PurePosixPath() if case in builtin_cases() else PurePosixPath(case).parent
    places = (beside, beside / "sources", PurePosixPath(), PurePosixPath("sources"))
    for place in dict.fromkeys(places):
        for ending in (".txt", ".md"):
            name = (place / f"{source}{ending}").as_posix()
            try:
                path = folder.inside(name)
            except InputError:
                continue
            if path.is_file():
                yield name, path
