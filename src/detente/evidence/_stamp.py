"""Time stamps of a ledger by somebody else's clock (RFC 3161), without network.

What is stamped is the SHA-256 of the ledger's last entry, which is its hash, and through the chain
all entries before it. The request is a file that the analyst sends to an authority; the reply is a
file that comes back, is checked and put beside the ledger. The request is a few fields in DER,
written here; a reply is read and its signature checked by rfc3161-client, an optional library.
Cost: linear in the ledger.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.errors import AnalysisError, InputError
from detente.evidence._ledger import read_ledger
from detente.files import write_file
from detente.text import Result
from detente.values import plain_fields

SHA256 = bytes.fromhex("0609608648016503040201")
"""The name of the hash in DER: 2.16.840.1.101.3.4.2.1."""
LARGEST_REPLY = 2**20


@dataclass(frozen=True)
class TimeStamp(Result):
    """A time stamp of an entry.

    Attributes
    ----------
    ledger : str
    number : int
        Of the entry; it speaks for all before it too.
    hash : str
    time : datetime.datetime
        When the entry existed, by the authority's clock.
    file : str
        The reply beside the ledger.
    """

    ledger: str
    number: int
    hash: str
    time: dt.datetime
    file: str

    def __str__(self) -> str:
        """Return a few lines."""
        return (
            f"{self.ledger}: entry {self.number} existed at {self.time.isoformat()}\n"
            f"  entry  {self.hash}\n  reply  {self.file}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return plain_fields(self)


def stamp_request(ledger: Path | str) -> bytes:
    """Return the request for a time stamp of the last entry, to be sent to an authority.

    Parameters
    ----------
    ledger : path or str

    Raises
    ------
    InputError
        When there is no such ledger, or it is empty.
    AnalysisError
        When it is not intact.
    """
    _, digest = _last(ledger)
    name = _der(0x30, SHA256 + _der(0x05, b""))
    imprint = _der(0x30, name + _der(0x04, bytes.fromhex(digest)))
    # Version 1, what is stamped, and: send your certificate along.
    return _der(0x30, _der(0x02, b"\x01") + imprint + _der(0x01, b"\xff"))


def attach_stamp(ledger: Path | str, reply: Path | str, authority: Path | str) -> TimeStamp:
    """Check an authority's reply and put it beside the ledger.

    Parameters
    ----------
    ledger, reply : path or str
    authority : path or str
        The authority's root certificate, in PEM.

    Returns
    -------
    TimeStamp

    Raises
    ------
    InputError
        When rfc3161-client is not installed, or a file is not what it should be.
    AnalysisError
        When the reply stamps something else than the last entry, or its signature does not hold.
    """
    try:
        from cryptography.x509 import load_pem_x509_certificates
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError:
        raise InputError(
            "checking a time stamp needs rfc3161-client; install detente[stamp], or check it with "
            "`openssl ts -verify`"
        ) from None
    number, digest = _last(ledger)
    data = _bytes_of(reply, "a reply")
    try:
        roots = load_pem_x509_certificates(_bytes_of(authority, "a certificate"))
    except ValueError:
        raise InputError(f"{authority}: no certificate in PEM; give the authority's root") from None
    try:
        response = decode_timestamp_response(data)
        stamped = bytes(response.tst_info.message_imprint.message)
    except (ValueError, TypeError):
        raise InputError(
            f"{reply}: no reply of a time stamp authority in DER; give its .tsr file"
        ) from None
    if stamped.hex() != digest:
        raise AnalysisError(
            f"{reply}: it stamps {stamped.hex()}, and the last entry of {ledger} is {digest}"
        )
    checks = VerifierBuilder()
    for root in roots:
        checks = checks.add_root_certificate(root)
    try:
        checks.build().verify(response, bytes.fromhex(digest))
    except (VerificationError, ValueError) as error:
        raise AnalysisError(f"{reply}: the signature does not hold: {error}") from None
    place = Path(f"{ledger}.{number}.tsr")
    write_file(place, data)
    return TimeStamp(str(ledger), number, digest, response.tst_info.gen_time, str(place))


def _last(ledger: Path | str) -> tuple[int, str]:
    entries = read_ledger(ledger)
    if not entries:
        raise InputError(f"{ledger}: empty; seal a forecast first")
    return entries[-1]["number"], entries[-1]["hash"]


def _der(tag: int, content: bytes) -> bytes:
    """Return a value in DER; all of a request are shorter than 128 bytes."""
    return bytes([tag, len(content)]) + content


def _bytes_of(path: Path | str, what: str) -> bytes:
    try:
        if Path(path).stat().st_size > LARGEST_REPLY:
            raise InputError(f"{path}: too large for {what}")
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; give {what}") from None
