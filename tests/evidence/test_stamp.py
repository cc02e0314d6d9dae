"""Time stamps: the request is one that others read, and only a true reply is taken.

Would catch: a request for another hash or in bad DER, a reply for another entry, a reply of an
authority that was not named, and a file that is no reply.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import main
from detente.errors import AnalysisError, InputError
from detente.evidence import attach_stamp, stamp_request
from detente.evidence._ledger import append

OPENSSL = shutil.which("openssl")
# The other side of each stamp, an authority, is played by a program that pip cannot bring.
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl, the other reader, is missing")
AUTHORITY = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[clock]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@pytest.fixture
def ledger(tmp_path) -> Path:
    path = tmp_path / "ledger.jsonl"
    for word in ("rain", "sun"):
        append(path, lambda _, word=word: {"says": word})
    return path


def openssl(folder: Path, *words: str) -> str:
    assert OPENSSL is not None
    done = subprocess.run(
        [OPENSSL, *words], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Path:
    """Make a time stamp authority of our own."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "a.cnf").write_text(AUTHORITY)
    (folder / "serial").write_text("01\n")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for name in ("root", "other"):
        openssl(
            folder, "req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.pem",
            "-subj", f"/CN={name}", "-config", "a.cnf", "-extensions", "root", "-days", "30",
        )  # fmt: skip
    openssl(
        folder, "req", "-new", *key, "-keyout", "clock.key", "-out", "clock.csr",
        "-subj", "/CN=clock", "-config", "a.cnf",
    )  # fmt: skip
    openssl(
        folder, "x509", "-req", "-in", "clock.csr", "-CA", "root.pem", "-CAkey", "root.key",
        "-set_serial", "2", "-extfile", "a.cnf", "-extensions", "clock", "-out", "clock.pem",
        "-days", "30",
    )  # fmt: skip
    return folder


def answered(authority: Path, request: bytes) -> Path:
    (authority / "q.tsq").write_bytes(request)
    openssl(
        authority, "ts", "-reply", "-queryfile", "q.tsq", "-signer", "clock.pem", "-inkey",
        "clock.key", "-config", "a.cnf", "-section", "tsa", "-out", "r.tsr",
    )  # fmt: skip
    return authority / "r.tsr"


def last_hash(ledger: Path) -> str:
    return str(append(ledger, lambda _: {"says": "snow"})["hash"])


@needs_openssl
def test_others_read_the_request(ledger, tmp_path) -> None:
    digest = last_hash(ledger)
    done = CliRunner().invoke(
        main, ["evidence", "stamp", str(ledger), "--request", str(tmp_path / "q.tsq")]
    )
    assert done.exit_code == 0, done.output
    text = openssl(tmp_path, "ts", "-query", "-in", "q.tsq", "-text")
    dump = "".join(
        line.partition(" - ")[2][:50].replace("-", " ")
        for line in text.splitlines()
        if " - " in line
    )
    assert dump.replace(" ", "")[:64] == digest
    assert "Hash Algorithm: sha256" in text
    assert "Certificate required: yes" in text


@needs_openssl
def test_an_authority_answers_the_request(ledger, authority) -> None:
    digest = last_hash(ledger)
    answered(authority, stamp_request(ledger))
    said = openssl(
        authority, "ts", "-verify", "-digest", digest, "-in", "r.tsr", "-CAfile", "root.pem",
        "-untrusted", "clock.pem",
    )  # fmt: skip
    assert "OK" in said


@needs_openssl
def test_a_true_reply_is_checked_and_put_beside(ledger, authority) -> None:
    reply = answered(authority, stamp_request(ledger))
    found = attach_stamp(ledger, reply, authority / "root.pem")
    assert found.number == 2
    assert Path(found.file).read_bytes() == reply.read_bytes()
    assert "entry 2 existed at 20" in str(found)


@needs_openssl
def test_a_reply_for_another_entry_or_of_another_authority_is_refused(ledger, authority) -> None:
    reply = answered(authority, stamp_request(ledger))
    with pytest.raises(AnalysisError, match="the signature does not hold"):
        attach_stamp(ledger, reply, authority / "other.pem")
    last_hash(ledger)
    with pytest.raises(AnalysisError, match="and the last entry of"):
        attach_stamp(ledger, reply, authority / "root.pem")
    with pytest.raises(InputError, match="no reply of a time stamp authority"):
        attach_stamp(ledger, authority / "a.cnf", authority / "root.pem")
    with pytest.raises(InputError, match="no certificate"):
        attach_stamp(ledger, reply, authority / "a.cnf")
    assert not list(ledger.parent.glob("*.tsr"))


def test_without_the_library_the_remedy_is_said(ledger, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(InputError, match=r"install detente\[stamp\]"):
        attach_stamp(ledger, ledger, ledger)


@pytest.mark.parametrize("words", [[], ["--reply", "r.tsr"], ["--request", "a", "--reply", "b"]])
def test_wrong_options_are_refused(ledger, words) -> None:
    assert CliRunner().invoke(main, ["evidence", "stamp", str(ledger), *words]).exit_code == 2
