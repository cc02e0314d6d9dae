"""Good documents of each kind, and what may be done to one: the files of a fuzz."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable

from reading.written_documents import page, page_of, pdf, word

ROWS = [
    "The upper state will probably finish its dam by the spring, and the lower",
    "state doubts that it will hold. Its envoy called the plan a cause of war.",
]
TEXT = " ".join(ROWS)
PLAIN = f"""---
title: The dam
---

# T H E  D A M

By A. Nobody

{ROWS[0]}
{ROWS[1]}

[ 3 ]

• {ROWS[0]}

{ROWS[1]}1

1 The engineers say so.
"""
GOOD: dict[str, bytes] = {
    "a.pdf": pdf([page_of([ROWS, ROWS], foot="1"), page_of([ROWS], foot="2")], {"Title": "Dam"}),
    "packed.pdf": pdf([page_of([ROWS, ROWS])], packed=True),
    "a.docx": word([("Heading1", "The dam"), TEXT, ("ListBullet", TEXT)], {"title": "Dam"}),
    "a.html": page([TEXT, TEXT], head="<meta name='author' content='A. Nobody'>"),
    "a.md": PLAIN.encode(),
    "a.txt": PLAIN.encode("utf-16"),
    "b.txt": PLAIN.encode("cp1252", "replace"),
}
XML_SPICE = [
    b"<w:p>" * 3000,
    b"<w:r><w:t>" * 50,
    b"</w:body>",
    b"&lt;script&gt;",
    b"&x;",
    b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    b"<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
    b"<w:p><w:pPr><w:pStyle w:val='Nothing'/></w:pPr></w:p>",
]
HTML_SPICE = [
    b"<div>" * 4000,
    b"<table><tr><td>" * 500,
    b"<script>while(1){}</script>",
    b"<img src='http://192.0.2.1/a.png'>",
    b"<iframe src='http://192.0.2.1/'></iframe>",
    b"<meta charset='utf-16'>",
    b"<!--",
    b"<svg/onload=alert(1)>",
    b"<p>" * 1000,
    b"&#x202e;&#0;&#xd800;",
    b"\x00",
    b"<meta property='article:published_time' content='9999-99-99'>",
    b"<script type='application/ld+json'>{\"@type\": [[[[",
]
PDF_SPICE = [
    b"/Kids [2 0 R]",
    b"/Count -1",
    b"/Length 999999999",
    b"/Filter [/FlateDecode /FlateDecode /LZWDecode]",
    b"/Encrypt << /Filter /Standard /V 9 /R 9 /O () /U () /P -1 >>",
    b"(" * 2000,
    b"[" * 2000,
    b"<<" * 2000,
    b"99999999999999999999 0 R",
    b"1 0 R",
    b"/Font << /F1 1 0 R >>",
    b"BT /F1 1e999 Tf (\\377\\376) Tj ET",
    b"q " * 3000,
]
TEXT_SPICE = [
    *(b"\xff \x00 \xed\xa0\x80 \xc0\x80 \xe2\x80\xae \x1b[2J \xef\xbb\xbf \xff\xfe".split(b" ")),
    *(b"[ ]( <!-- ``` | --- === * _ ** # > 1. [1] \xc2\xb2".split(b" ")),
    b"[" * 3000,
    b"\n" * 3000,
    b"A. " * 1000,
    b"x" * 20000,
    b"---\na: b\n---\n",
    b"* * *",
    b"\x0c",
]


def _truncated(raw: bytes, rng: random.Random) -> bytes:
    return raw[: rng.randrange(len(raw) + 1)]


def _flipped(raw: bytes, rng: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(rng.choice((1, 3, 30))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _repeated(raw: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(raw) + 1)
    end = rng.randrange(start, len(raw) + 1)
    return raw[:end] + raw[start:end] * rng.choice((1, 2, 40)) + raw[end:]


def _cut(raw: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(raw) + 1)
    return raw[:start] + raw[start + rng.randrange(200) :]


def _spliced(raw: bytes, rng: random.Random) -> bytes:
    other = rng.choice(list(GOOD.values()))
    return raw[: rng.randrange(len(raw) + 1)] + other[rng.randrange(len(other)) :]


def _other_numbers(raw: bytes, rng: random.Random) -> bytes:
    numbers = [found.span() for found in re.finditer(rb"\d+", raw)]
    if not numbers:
        return raw
    start, end = rng.choice(numbers)
    value = rng.choice((b"0", b"-1", b"1", b"2", b"65536", b"4294967295", b"99999999999999999999"))
    return raw[:start] + value + raw[end:]


def _spiced(raw: bytes, rng: random.Random, spice: list[bytes]) -> bytes:
    place = rng.randrange(len(raw) + 1)
    return raw[:place] + rng.choice(spice) + raw[place:]


def _noise(raw: bytes, rng: random.Random) -> bytes:
    return rng.choice((b"", raw[:8])) + rng.randbytes(rng.choice((0, 1, 50, 5000)))


BLIND: list[Callable[[bytes, random.Random], bytes]] = [
    _truncated,
    _flipped,
    _repeated,
    _cut,
    _spliced,
    _other_numbers,
    _noise,
]


def _word(rng: random.Random) -> bytes:
    """Return a Word file whose zip is sound and whose parts are not."""
    part = rng.choice(
        ("word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels")
    )
    data = b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>"
    data += b"<w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>" % TEXT.encode()
    changed = _spiced(data, rng, XML_SPICE) if rng.random() < 0.6 else rng.choice(BLIND)(data, rng)
    if rng.random() < 0.1:
        changed = bytes(40_000_000)
    return word([TEXT], parts={part: changed})


def _packed_pdf(rng: random.Random) -> bytes:
    """Return a PDF whose page, unpacked, is not sound."""
    stream = f"BT /F1 11 Tf 72 700 Td ({ROWS[0]}) Tj 0 -13 Td ({ROWS[1]}) Tj ET".encode()
    changed = (
        _spiced(stream, rng, PDF_SPICE) if rng.random() < 0.6 else rng.choice(BLIND)(stream, rng)
    )
    raw = pdf([page_of([ROWS])], packed=True)
    start, end = raw.index(b"stream\n") + 7, raw.index(b"\nendstream")
    packed = zlib.compress(changed)
    return (
        raw[:start].replace(b"/Length %d" % (end - start), b"/Length %d" % len(packed))
        + packed
        + raw[end:]
    )


def mutated(rng: random.Random) -> tuple[str, bytes]:
    """Return the name and the bytes of a document to which something was done."""
    name = rng.choice(list(GOOD))
    raw = GOOD[name]
    if name.endswith(".docx") and rng.random() < 0.6:
        return name, _word(rng)
    if name == "packed.pdf" and rng.random() < 0.6:
        return name, _packed_pdf(rng)
    spice = {"pdf": PDF_SPICE, "html": HTML_SPICE, "docx": XML_SPICE}.get(
        name.rpartition(".")[2], TEXT_SPICE
    )
    for _ in range(rng.choice((1, 1, 2, 5))):
        blind = rng.random() < 0.5
        raw = rng.choice(BLIND)(raw, rng) if blind else _spiced(raw, rng, spice)
    return name, raw
