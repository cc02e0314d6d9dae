"""From a document to a draft of a case, and a new edition of it into the case that was made."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

import click

from detente.cli import _options as options
from detente.cli._writing import print_json, say
from detente.errors import InputError
from detente.text import plural


@click.command()
@click.argument("document", metavar="DOC", type=click.Path(path_type=Path))
@options.output("Write the draft here, and the text its anchors count in beside it.")
@click.option(
    "--into",
    metavar="CASE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read DOC again into a case that was made from it: what you wrote stays.",
)
@click.option(
    "--report",
    metavar="PAGE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page of the document with its claims marked in it.",
)
@click.option("--source", metavar="ID", help="Id of the source; the name of DOC by default.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@options.as_json
def read(
    document: Path,
    output: Path | None,
    into: Path | None,
    report: Path | None,
    source: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make a draft of a case from DOC: PDF, Word, HTML, Markdown or text.

    Each sentence that forecasts, conditions, causes or judges becomes a claim that points at it.
    What you must answer is marked `to do:`; nothing is said in your name.
    """
    if into is not None and output is not None:
        raise InputError("--into and --output are two ways to write; give one of the two")
    if into is not None:
        _read_again(document, into, report, source, force, as_json)
    else:
        _read_anew(document, output, report, source, force, as_json)


def _read_anew(
    document: Path,
    output: Path | None,
    report: Path | None,
    source: str | None,
    force: bool,
    as_json: bool,
) -> None:
    from detente.cli._progress import busy
    from detente.reading import draft_case, read_document
    from detente.report import render_reading

    with busy(f"reading {document.name}"):
        found = read_document(document)
    with busy(f"marking {plural(sum(map(len, found.paragraphs)), 'sentence')}"):
        draft = draft_case(found, source)
    files: dict[Path, str] = {}
    if output is not None:
        text = _text_beside(output, draft.source, document)
        files = {output: draft.text, text: draft.document.text}
    if report is not None:
        files[report] = render_reading(draft)
    _write(files, force)
    if as_json:
        print_json({**draft.to_dict(), "written": list(map(str, files))})
    elif files:
        say(draft)
        _say_written(files)
        if output is not None:
            say(f"next: answer what is marked `to do:` in {output}, then")
            words = ["detente", "check", str(output), "--sources", str(output.parent)]
            say(f"  {shlex.join(words)}")
            say(f"  {shlex.join(['detente', 'run', str(output)])}")
    else:
        say(draft.text, end=False)


def _read_again(
    document: Path,
    into: Path,
    report: Path | None,
    source: str | None,
    force: bool,
    as_json: bool,
) -> None:
    from detente.cli._progress import busy
    from detente.reading import draft_case, read_document, reread_case
    from detente.report import render_reading

    with busy(f"reading {document.name}"):
        edition = read_document(document)
    with busy(f"looking for the sentences of {into.name}"):
        found = reread_case(into, edition, source)
    text = _text_beside(into, found.source, document)
    pages = {report: render_reading(draft_case(found.document, found.source))} if report else {}
    _refuse_to_replace(pages, force)
    is_known = text.is_file()
    texts = {into: found.text, text: found.document.text}
    files = {path: text for path, text in texts.items() if _differs(path, text)} | pages
    _write(files, force=True)
    if as_json:
        print_json({**found.to_dict(), "written": list(map(str, files))})
        return
    say(found)
    if not is_known:
        say(f"{text} was not there, so every sentence without a claim counts as new")
    _say_written(files)
    if not files:
        say("nothing to write: case and text are as they were")
    if found.vanished:
        say(
            "claims whose sentence is gone stay, marked `to do:`; `detente check --sources` names "
            "them until they point at another sentence or are taken out"
        )


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_bytes() != text.encode()


def _text_beside(case: Path, source: str, document: Path) -> Path:
    """Return where the text that anchors count in goes; the document itself stays as it is."""
    place = case.parent / f"{source}.txt"
    if place.exists() and place.samefile(document):
        raise InputError(
            f"{place} is the document, and where its clean text belongs; give the document "
            "another name, or the source another id with --source"
        )
    return place


def _refuse_to_replace(files: Mapping[Path, str], force: bool) -> None:
    away = sorted({str(path.parent) for path in files if not path.parent.is_dir()})
    if away:
        raise InputError(f"there is no folder {' and no folder '.join(away)}; make it first")
    there = [str(path) for path, text in files.items() if path.exists() and _differs(path, text)]
    if there and not force:
        raise InputError(
            f"{', '.join(there)}: there already; give another name, or replace it with --force"
        )


def _write(files: Mapping[Path, str], force: bool) -> None:
    from detente.files import write_files

    _refuse_to_replace(files, force)
    write_files(files)


def _say_written(files: Mapping[Path, str]) -> None:
    for path in files:
        say(f"wrote {path}")
