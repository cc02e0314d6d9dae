"""A case of one's own: from a template, as a copy, or by answering questions in the terminal.

The dialogue is a pure one (`detente.templates.Dialogue`); here its questions are printed and its
answers read. After each answer all of them are stored in a file beside the case to be, one a line,
so that nothing is lost however the dialogue ends, and the next start goes on from there.
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli._group import STOPPED, complain
from detente.cli._writing import say
from detente.errors import InputError
from detente.files import write_file, write_files
from detente.text import plural, quote

if TYPE_CHECKING:
    from detente.templates import Dialogue

_NOT_PLAIN = re.compile(r"[^\w.-]+")
_HEADING = "# Answers to `detente new`, one a line; the next start goes on from here.\n"
_MOST_ANSWERS = 2**20
_INTRODUCTION = (
    "One question at a time; Enter takes what stands in [brackets]. `back` goes to the question "
    "before, `quit` ends and stores the answers."
)


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--template", "-t", metavar="TEMPLATE", help="Start from a template; see --list.")
@click.option("--from", "source", metavar="CASE", help="Copy a built-in case or a case file.")
@click.option("--title", metavar="TEXT", help="Title of the new case.")
@click.option("--list", "listing", is_flag=True, help="List the templates and end.")
@click.option("--force", is_flag=True, help="Replace files of that name.")
def new(
    name: str | None,
    template: str | None,
    source: str | None,
    title: str | None,
    listing: bool,
    force: bool,
) -> None:
    """Begin a case of your own: write NAME.yaml.

    With --template or --from it is there at once; with neither, a few questions are asked.
    """
    from detente.templates import copied_files, fill_template

    if listing:
        _list_templates()
        return
    if template is not None and source is not None:
        raise InputError("--template and --from exclude each other; give one of them")
    target = _target(name)
    title = " ".join((title or "").split())
    if template is not None:
        text = fill_template(template, title or _title(target), dt.date.today())
        _write({target: text.encode()}, force)
    elif source is not None:
        copied = copied_files(source, target.stem, title)
        _write({_beside(target, file): content for file, content in copied.items()}, force)
    else:
        _refuse_existing([target], force)
        text = _asked(target, title or _title(target))
        _write({target: text.encode()}, force)
        _answers_file(target).unlink(missing_ok=True)
    _say_next(target)


def _list_templates() -> None:
    from detente.report import print_wrapped
    from detente.templates import case_templates

    for template in case_templates():
        print_wrapped(f"{template.name:18} {template.about}")


def _target(name: str | None) -> Path:
    """Return the path of the new file."""
    if name is None:
        raise InputError("give the new case a name, such as `detente new dam`")
    path = Path(name)
    ending = path.suffix if path.suffix.lower() in {".yaml", ".yml"} else ""
    stem = _NOT_PLAIN.sub("-", path.name.removesuffix(ending)).strip("-.")
    if not stem:
        raise InputError(f"{quote(name)} cannot be the name of a case; use letters and digits")
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent}; make it first")
    return path.with_name(stem + (ending or ".yaml"))


def _title(target: Path) -> str:
    words = " ".join(re.split(r"[-_]+", target.stem)).strip()
    return words[:1].upper() + words[1:]


def _beside(target: Path, file: str) -> Path:
    """Return where a file of a copy goes: the case under its own name."""
    return target if file == f"{target.stem}.yaml" else target.with_name(file)


def _answers_file(target: Path) -> Path:
    return target.with_name(f"{target.stem}.answers.txt")


def _refuse_existing(paths: list[Path], force: bool) -> None:
    for path in paths:
        if path.exists() and not force:
            raise InputError(f"{path} exists; give another name, or --force to replace it")


def _write(contents: Mapping[Path, bytes], force: bool) -> None:
    _refuse_existing(list(contents), force)
    write_files(contents)
    for path in contents:
        say(f"wrote {path}")


def _say_next(target: Path) -> None:
    from detente.case import load
    from detente.report import print_case, print_review

    case = load(target)
    print_case(case)
    print_review(case.review(quick=True))
    say("next:")
    for command in ("check", "run", "serve"):
        say(f"  {shlex.join(['detente', command, str(target)])}")


def _asked(target: Path, title: str) -> str:
    """Ask for a case and return its text."""
    from detente.report import print_wrapped
    from detente.templates import Dialogue

    if not _in_terminal():
        raise InputError(
            "there is no terminal to ask questions in; give --template with a name from "
            "`detente new --list`, or --from with a case"
        )
    with suppress(ImportError):
        import_module("readline")  # lines can be edited then, where the system has it
    dialogue, part = Dialogue(title, dt.date.today()), ""
    print_wrapped(_INTRODUCTION)
    try:
        _go_on(dialogue, _answers_file(target))
        while (question := dialogue.question) is not None:
            if question.part != part:
                part = question.part
                say(f"\n{part.upper()}")
            print_wrapped(question.words)
            if question.example:
                print_wrapped(f"  {question.example}")
            if question.default:
                print_wrapped(f"  [{question.default}]")
            _take(dialogue, _answers_file(target))
    except (KeyboardInterrupt, EOFError):
        say("")
        _leave(dialogue, target)
    return dialogue.case_text()


def _in_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _take(dialogue: Dialogue, store: Path) -> None:
    """Read one answer, or `back` or `quit`, and store what has been answered."""
    from detente.report import print_wrapped

    try:
        text = input("> ").strip()
        if text == "quit":
            raise EOFError
        if text == "back":
            if not dialogue.back():
                say("this is the first question")
        elif understood := dialogue.answer(text):
            print_wrapped(f"  {understood}")
    except UnicodeDecodeError:
        say("that is not UTF-8; write it again")
    except InputError as error:
        print_wrapped(str(error))
    else:
        write_file(store, _HEADING + "".join(f"{answer}\n" for answer in dialogue.answers))


def _go_on(dialogue: Dialogue, store: Path) -> None:
    """Offer the answers of an earlier start, and give them as far as they can be taken."""
    from detente.report import print_wrapped

    if not store.is_file():
        return
    try:
        with store.open(encoding="utf-8") as file:
            answers = file.read(_MOST_ANSWERS).removeprefix(_HEADING).split("\n")[:-1]
    except UnicodeDecodeError:
        raise InputError(f"{store} is not UTF-8; mend it or take it away") from None
    words = plural(len(answers), "answer")
    print_wrapped(f"{store} has {words} of an earlier start. Go on from there? [yes]")
    if input("> ").strip().casefold() in {"n", "no"}:
        return
    for number, answer in enumerate(answers, 1):
        try:
            dialogue.answer(answer)
        except InputError as error:
            print_wrapped(f"answer {number}, {quote(answer)}, cannot be taken: {error}")
            return


def _leave(dialogue: Dialogue, target: Path) -> None:
    if dialogue.answers:
        complain(
            f"stopped; your answers are in {_answers_file(target)}, and "
            f"`{shlex.join(['detente', 'new', str(target.with_suffix(''))])}` goes on from there"
        )
    else:
        complain("stopped; nothing was written")
    raise SystemExit(STOPPED)
