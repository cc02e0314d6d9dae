"""Documents written by code, so that no binary lies among the tests: PDF, Word, HTML."""

from __future__ import annotations

import html
import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(
    pages: Iterable[Sequence[tuple[float, float, str]]],
    about: Mapping[str, str] | None = None,
    *,
    packed: bool = False,
) -> bytes:
    """Return a PDF; a line of a page is (size of its letters, height on the page, text)."""
    streams = [
        "\n".join(
            f"BT /F1 {size} Tf 1 0 0 1 72 {height} Tm ({_escaped(text)}) Tj ET"
            for size, height, text in lines
        ).encode("cp1252")
        for lines in pages
    ]
    count = len(streams)
    kids = " ".join(f"{4 + 2 * k} 0 R" for k in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for k, stream in enumerate(streams):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * k} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        data, how = (zlib.compress(stream), "/Filter /FlateDecode ") if packed else (stream, "")
        head = f"<< {how}/Length {len(data)} >>\nstream\n".encode()
        objects.append(head + data + b"\nendstream")
    fields = " ".join(f"/{key} ({_escaped(value)})" for key, value in (about or {}).items())
    objects.append(f"<< {fields} >>".encode("cp1252"))
    return pdf_of_objects(objects)


def pdf_of_objects(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of numbered objects: the first is the catalogue, the last says what it is."""
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, data in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + data + b"\nendobj\n")
    start = out.tell()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    out.write(f"xref\n0 {size}\n0000000000 65535 f \n{rows}".encode())
    out.write(f"trailer\n<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\n".encode())
    out.write(f"startxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def page_of(
    paragraphs: Iterable[Sequence[str]], size: float = 11, foot: str = ""
) -> list[tuple[float, float, str]]:
    """Return the lines of a page of paragraphs, a gap between two, and a line at its foot."""
    lines, height = [], 740.0
    for rows in paragraphs:
        for row in rows:
            lines.append((size, height, row))
            height -= 1.2 * size
        height -= 1.2 * size
    return [*lines, (size, 40.0, foot)] if foot else lines


def word(
    paragraphs: Iterable[str | tuple[str, str]],
    about: Mapping[str, str] | None = None,
    *,
    body: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a Word file; a paragraph is a text, or (style, text).

    ``body`` is XML put behind the paragraphs, ``parts`` are further parts of the zip, or others in
    the place of those written here.
    """
    rows = []
    for paragraph in paragraphs:
        style, text = ("", paragraph) if isinstance(paragraph, str) else paragraph
        mark = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        rows.append(f"<w:p>{mark}<w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>")
    fields = "".join(
        f"<dc:{key}>{html.escape(value)}</dc:{key}>" for key, value in (about or {}).items()
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (("Heading1", "heading 1"), ("ListBullet", "List Bullet"))
    )
    xml = '<?xml version="1.0" encoding="UTF-8"?>'
    written: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{xml}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/{name}" '
            f'ContentType="application/vnd.openxmlformats-{kind}+xml"/>'
            for name, kind in (
                ("word/document.xml", "officedocument.wordprocessingml.document.main"),
                ("word/styles.xml", "officedocument.wordprocessingml.styles"),
                ("docProps/core.xml", "package.core-properties"),
            )
        )
        + "</Types>",
        "_rels/.rels": f'{xml}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{xml}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "word/document.xml": f'{xml}<w:document xmlns:w="{W}"><w:body>{"".join(rows)}{body}'
        "</w:body></w:document>",
        "word/styles.xml": f'{xml}<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "docProps/core.xml": f"{xml}<cp:coreProperties "
        f'xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{fields}</cp:coreProperties>',
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in written.items():
            packed.writestr(name, data)
    return out.getvalue()


def page(
    paragraphs: Iterable[str], title: str = "The dam", head: str = "", more: str = ""
) -> bytes:
    """Return a page of HTML with an article of paragraphs, and a way round it."""
    body = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body><nav><a href='/'>Home</a> <a href='/more'>More</a></nav><article><h1>{title}</h1>"
        f"{body}{more}</article><footer>All rights reserved</footer></body></html>"
    ).encode()
