"""A file of each kind becomes the same document; what cannot be read says why and what to do."""

from __future__ import annotations

import datetime
from pathlib import Path

import pypdf
import pytest

from detente.case import paragraphs, sentences
from detente.errors import InputError
from detente.reading import Document, read_document
from detente.reading._bounded import take_apart_bounded
from reading.written_documents import page, page_of, pdf, word

FIRST = [
    "The upper state will probably finish its dam by the spring, and the",
    "lower state doubts that it will hold. Its envoy called the plan a cause",
    "of war (the third this year). Nobody answered him, as the cabinet had",
]
REST = ["not met. If the river falls again, the lower state may well turn to force."]
SECOND = ["Neither state has told the towns. They will drink from the river as they did."]
TEXTS = [" ".join([*FIRST, *REST]), *SECOND]
SENTENCES = 6


def written(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def texts(document: Document) -> list[str]:
    assert [" ".join(one.text for one in row) for row in document.paragraphs] == list(
        paragraphs(document.text)
    )
    for row, text in zip(document.paragraphs, paragraphs(document.text), strict=True):
        assert tuple(one.text for one in row) == sentences(text)
    return document.text.rstrip("\n").split("\n\n")


@pytest.fixture(scope="module")
def two_pages() -> bytes:
    first = [(18.0, 760.0, "The river and its dam"), *page_of([FIRST], foot="- 1 -")]
    return pdf(
        [first, page_of([REST, SECOND], foot="- 2 -")],
        {"Title": "The river", "Author": "A. Nobody"},
    )


def test_a_pdf_whose_sentence_goes_over_the_page(tmp_path: Path, two_pages: bytes) -> None:
    """Would catch: a page number or a heading in the text, a sentence cut in two by a page."""
    document = read_document(written(tmp_path, "dam.pdf", two_pages))
    assert texts(document) == TEXTS
    assert document.kind == "pdf"
    assert document.headings == ((1, "The river and its dam"),)
    assert (document.title, document.author) == ("The river", "A. Nobody")
    assert document.notes == ("2 page numbers left out",)


def test_a_pdf_says_more_by_its_sizes(tmp_path: Path) -> None:
    """Would catch: a heading of two lines in pieces, the mark of a footnote in a word."""
    rows = [
        (20.0, 790.0, "The river and"),
        (20.0, 762.0, "its dam"),
        *page_of([FIRST, SECOND], foot=""),
        (7.0, 60.0, "1 The engineers say so."),
    ]
    raised = pdf([rows]).replace(b"(lower", b"(state) Tj /F1 6 Tf (1) Tj /F1 11 Tf ( lower")
    document = read_document(written(tmp_path, "dam.pdf", raised))
    assert document.headings == ((1, "The river and its dam"),)
    assert "state lower" in document.text
    assert document.notes == ("Footnote 1: The engineers say so.",)


def test_pages_that_were_not_read_are_said(tmp_path: Path) -> None:
    """Would catch: a scanned page in the middle that is missing without a word."""
    page_there = page_of([FIRST, SECOND])
    raw = pdf([page_there, [], [*page_there, (11.0, 30.0, "It held.")]])
    raw = raw.replace(b"Contents 9 0 R", b"Contents [9 0 R << /Filter /Nonsense >>]")
    document = read_document(written(tmp_path, "dam.pdf", raw))
    assert "Pages without text, perhaps scanned: 2" in document.notes


def test_a_word_file(tmp_path: Path) -> None:
    """Would catch: styles not read, deleted or hidden words in the text, inserted ones lost."""
    body = (
        "<w:p><w:ins><w:r><w:t>Nobody can say whether it was </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>wise </w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret </w:t></w:r>"
        "<w:r><w:t>meant so.</w:t></w:r></w:p>"
    )
    rows = [("Heading1", "The river"), *TEXTS, ("ListBullet", "A dam")]
    raw = word(rows, {"creator": "A. Nobody"}, body=body)
    document = read_document(written(tmp_path, "dam.docx", raw))
    assert texts(document) == [*TEXTS, "A dam.", "Nobody can say whether it was meant so."]
    assert document.kind == "word"
    assert document.headings == ((1, "The river"),)
    assert document.author == "A. Nobody"
    assert document.title == "The river"
    assert document.notes == ("Text that Word hides was left out",)


def test_a_page_of_html(tmp_path: Path) -> None:
    """Would catch: navigation or a script in the text, metadata made up."""
    head = (
        "<meta name='author' content='A. Nobody'><meta property='og:site_name' content='The Post'>"
        "<meta property='article:published_time' content='2020-05-01T10:00:00Z'>"
    )
    raw = page(TEXTS, head=head, more="<script>document.write('It failed.')</script>")
    document = read_document(written(tmp_path, "dam.html", raw))
    assert texts(document) == TEXTS
    assert (document.kind, document.title) == ("html", "The dam")
    assert (document.author, document.publisher) == ("A. Nobody", "The Post")
    assert document.date == datetime.date(2020, 5, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_in_any_encoding_with_a_mark(tmp_path: Path, encoding: str) -> None:
    raw = "\r\n\r\n".join([*TEXTS, "Its café stayed open."]).encode(encoding)
    document = read_document(written(tmp_path, "dam.txt", raw))
    assert texts(document) == [*TEXTS, "Its café stayed open."]
    assert (document.kind, document.notes, document.title) == ("text", (), None)


def test_another_encoding_is_said(tmp_path: Path) -> None:
    raw = "Its café – “the Dam” – stayed open.".encode("cp1252")
    document = read_document(written(tmp_path, "dam.txt", raw))
    assert texts(document) == ["Its café – “the Dam” – stayed open."]
    assert "read as Windows-1252" in document.notes[0]


def test_front_matter_and_bylines_are_what_is_known(tmp_path: Path) -> None:
    front = "title: 'The dam'\nauthor: A. Nobody\ndate: 2020-05-01\nurl: example.org/dam"
    raw = f"---\n{front}\n---\n\n{TEXTS[0]}\n".encode()
    document = read_document(written(tmp_path, "dam.md", raw))
    assert (document.kind, document.title, document.author) == ("markdown", "The dam", "A. Nobody")
    assert (document.date, document.address) == (datetime.date(2020, 5, 1), "example.org/dam")
    assert texts(document) == TEXTS[:1]


def test_hidden_characters_are_taken_out_and_said(tmp_path: Path) -> None:
    """Would catch: a text whose words are turned around for the reader but not for the machine."""
    document = read_document(written(tmp_path, "dam.txt", "It is un\u200blikely\u202e.".encode()))
    assert texts(document) == ["It is unlikely."]
    assert document.notes == ("2 hidden characters taken out: U+200B, U+202E",)


def test_a_document_says_what_it_is(tmp_path: Path) -> None:
    document = read_document(written(tmp_path, "dam.md", f"# The dam\n\n{TEXTS[0]}".encode()))
    assert str(document) == "dam.md (markdown): 1 paragraph, 4 sentences\ntitle: The dam"
    assert document.to_dict()["paragraphs"][0][0]["paragraph"] == 1


REFUSED = {
    "empty.txt": (b" \n\n", "it is empty"),
    "none.md": (b"# Only a heading\n", "no sentence in it"),
    "old.doc": (b"\xd0\xcf\x11\xe0" + bytes(600), r"old Word.*save it as \.docx"),
    "scan.png": (b"\x89PNG\r\n", "OCR"),
    "binary.txt": (bytes(range(256)) * 8, "it is not text"),
    "half.txt": (b"\xff\xfeI\x00t\x00 ", "not UTF-16"),
    "cut.pdf": (b"%PDF-1.4\n1 0 obj", "damaged or cut short.*save it anew"),
    "cut.docx": (word(TEXTS)[:400], "damaged or cut short.*save it anew"),
    "other.docx": (b"PK\x05\x06" + bytes(18), "without a Word document"),
    "text.pdf": (b"It held.\n", "this is text.*rename it to .txt"),
    "scanned.pdf": (pdf([[], []]), "scanned.*OCR"),
    "nothing.html": (b"<html><body><script>1</script></body></html>", "no main text"),
    "entities.docx": (
        word(TEXTS, parts={"word/document.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}),
        "declares entities",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str) -> None:
    raw, message = REFUSED[name]
    with pytest.raises(InputError, match=message) as caught:
        read_document(written(tmp_path, name, raw))
    assert str(caught.value).startswith(f"{name}: ")


def test_a_locked_pdf(tmp_path: Path, two_pages: bytes) -> None:
    writer = pypdf.PdfWriter(clone_from=written(tmp_path, "dam.pdf", two_pages))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(InputError, match=r"locked\.pdf: it is encrypted; save it without"):
        read_document(tmp_path / "locked.pdf")


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(InputError, match="not a file"):
        read_document(tmp_path)
    with pytest.raises(InputError, match="give a PDF"):
        read_document("a\0b.txt")


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch: a traceback for whoever installed detente without the extra."""
    (tmp_path / "pypdf.py").write_text("raise ImportError('No module named pypdf')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(InputError, match="extra `reading`"):
        take_apart_bounded("pdf", pdf([page_of([FIRST])]), "dam.pdf")
