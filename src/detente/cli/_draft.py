"""A draft case from a document, by an assistant that the analyst asks, or that a server runs."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli import _options as options
from detente.cli._group import UNFINISHED, WRONG_INPUT, complain
from detente.cli._writing import say, write_beside
from detente.errors import InputError
from detente.files import write_file
from detente.text import plural

if TYPE_CHECKING:
    from detente.drafting import DraftPrompt
    from detente.reading import Document


@click.command()
@click.argument("document", metavar="DOC", type=click.Path(path_type=Path))
@click.option("--prompt", "prints", is_flag=True, help="Print the prompt for any assistant.")
@click.option(
    "--accept",
    "answered",
    metavar="ANSWER",
    type=click.Path(path_type=Path),
    help="Check an assistant's answer and write the case, or print what to ask next.",
)
@click.option(
    "--endpoint",
    metavar="URL",
    help="Ask a server that speaks OpenAI's chat interface, such as http://localhost:8000/v1.",
)
@click.option("--model", default="", metavar="NAME", help="Name of the model that answers.")
@click.option(
    "--timeout",
    default=600.0,
    show_default=True,
    type=click.FloatRange(0, 86400, min_open=True),
    help="Seconds that one answer of the server may take.",
)
@click.option("--source", metavar="ID", help="Id of the source; the name of DOC by default.")
@options.output("The case file; the id of the source by default.")
def draft(
    document: Path,
    prints: bool,
    answered: Path | None,
    endpoint: str | None,
    model: str,
    timeout: float,
    source: str | None,
    output: Path | None,
) -> None:
    """Turn DOC into a draft case with an assistant: give one of --prompt, --accept, --endpoint.

    Nothing is sent anywhere but to the server of --endpoint; the key of the server stands in
    DETENTE_API_KEY. Every exchange is written into a folder beside the case.
    """
    from detente.drafting import check_answer, draft_prompt
    from detente.reading import read_document

    if sum([prints, answered is not None, endpoint is not None]) != 1:
        raise InputError("give one of --prompt, --accept ANSWER and --endpoint URL")
    if endpoint is not None and not model.strip():
        raise InputError("--endpoint needs a model; name it with --model NAME")
    read = read_document(document)
    prompt = draft_prompt(read, source)
    case = output or Path(f"{prompt.source}.yaml")
    if prints:
        say(prompt, end=False)
    elif answered is not None:
        found = check_answer(read, prompt, _read(answered), name=str(answered), model=model)
        if found.problems:
            say(found.next_prompt, end=False)
            count = plural(len(found.problems), "problem")
            complain(f"{answered}: {count}; give the assistant what is printed above")
            raise SystemExit(WRONG_INPUT)
        _finish(case, found.text, prompt.source, read)
    else:
        _ask(read, prompt, case, str(endpoint), model, timeout)


def _ask(
    document: Document, prompt: DraftPrompt, case: Path, address: str, model: str, timeout: float
) -> None:
    from detente.drafting import KEY_VARIABLE, ChatEndpoint, draft_with
    from detente.engine import names_beside

    key = os.environ.get(KEY_VARIABLE, "").strip()
    server = ChatEndpoint(address, model.strip(), key, timeout)
    wanted = case.with_name(f"{case.stem}-drafting")
    folder = next(place for place in names_beside(wanted) if not os.path.lexists(place))
    if server.is_open:
        sent = "the document and the key" if key else "the document"
        say(f"{server.host} is asked over plain http: {sent} can be read on the way", err=True)
    found = draft_with(
        server, document, prompt, folder, progress=lambda words: say(words, err=True)
    )
    if found.problems:
        count = plural(len(found.problems), "problem")
        complain(
            f"the last answer still has {count}; mend it by hand in {folder} and give it to "
            "--accept, or ask another model"
        )
        raise SystemExit(UNFINISHED)
    _finish(case, found.text, prompt.source, document)
    say(f"Every exchange stands in {folder}.")


def _read(path: Path) -> str:
    """Return the text of an answer."""
    from detente.drafting import MOST_ANSWER

    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_ANSWER + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{path} cannot be read: {reason}; name the file of the answer") from None
    if len(raw) > MOST_ANSWER:
        raise InputError(f"{path} has more than {MOST_ANSWER:,} bytes; give the answer alone")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{raw[error.start]:02x}"
        raise InputError(f"{path}: {byte} is not UTF-8; save the answer as UTF-8") from None


def _finish(case: Path, text: str, source: str, document: Document) -> None:
    """Write the case, and beside it the text that its anchors count in; say what is in it."""
    import detente
    from detente.report import print_case, print_review

    place = write_beside(case, text)
    drafted = detente.load(place)
    print_case(drafted)
    print_review(drafted.review(quick=True), one_line=True)
    say(f"{place} is written. It is a draft: read every line beside the document.")
    beside = place.with_name(f"{source}.txt")
    if not os.path.lexists(beside):
        write_file(beside, document.text)
    elif not beside.is_file() or beside.read_bytes() != document.text.encode():
        say(f"{beside} holds something else, so the text of the document is not written there.")
        return
    words = ["detente", "check", str(place), "--sources", str(place.parent)]
    say(f"{beside} has the text that its anchors count in; {shlex.join(words)} follows them")
