"""No name that a page can send leads out of the folder, and a change of a file is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case import CaseFolder
from detente.errors import InputError
from detente.files import inside, stamp
from detente.workbench._results import recent_results, result_file
from detente.workbench._upload import save_upload

OUT = (
    "", ".", "..", "/", "../secret.yaml", "a/../../secret.yaml", "/etc/passwd", "//host/share",
    "a//b.yaml", "./a.yaml", "a/", "C:\\secret.yaml", "C:secret.yaml", "..\\secret.yaml",
    "\\\\host\\share", "a.yaml:stream", "NUL", "con.yaml", "a/COM1.yaml", "a.yaml.", "a.yaml ",
    "a\0.yaml", "a\n.yaml", "\udcff.yaml", "x" * 5000, "a/" * 600 + "a", "link.yaml",
    "out/secret.yaml",
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret.yaml").write_text("detente: 1\n")
    root = tmp_path / "served"
    (root / "a").mkdir(parents=True)
    (root / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / "out").symlink_to(tmp_path)
    return root


@pytest.mark.parametrize("name", OUT)
def test_names_that_lead_out_are_refused(root: Path, name: str) -> None:
    with pytest.raises(InputError, match="no file of the folder"):
        inside(root, name)
    with pytest.raises(InputError):
        CaseFolder(root).load(name)
    with pytest.raises(InputError):
        result_file(root, name)
    assert stamp(root, name) == ""


@pytest.mark.parametrize(
    "name", ["a.yaml", "a/b c.yaml", "Äpfel.yml", "%2e%2e", "..a.yaml", "connect"]
)
def test_plain_names_are_taken(root: Path, name: str) -> None:
    assert inside(root, name) == root / name


@pytest.mark.parametrize(
    "name",
    ["a.yaml", "results/x.yaml", "results/.hidden/report.html", "results/link/report.html",
     "results/study.sqlite", "results/none.html", "results", "a/results/report.html"],
)  # fmt: skip
def test_nothing_but_reports_and_results_is_given_out(root: Path, name: str) -> None:
    results = root / "results"
    for folder in (results / ".hidden", root / "a/results"):
        folder.mkdir(parents=True)
        (folder / "report.html").write_text("x")
    for file in (root / "a.yaml", results / "x.yaml", results / "study.sqlite"):
        file.write_text("x")
    (results / "link").symlink_to(root / "a/results")
    with pytest.raises(InputError, match=r"report|folder"):
        result_file(root, name)


def test_recent_results_are_listed_newest_first(root: Path) -> None:
    """Would catch: hidden files, links and other files in the list, and a list without bound."""
    run = root / "results" / "dam"
    run.mkdir(parents=True)
    for name in ("report.html", "results.json", "study.sqlite", "notes.txt", ".x.html"):
        (run / name).write_text("x")
    (run / "link.html").symlink_to(run / "report.html")
    found = recent_results(root)
    assert {result.name for result in found} == {
        f"results/dam/{name}" for name in ("report.html", "results.json", "study.sqlite")
    }
    assert [result.opens for result in found if result.kind == "study"] == [False]
    for k in range(100):
        (run / f"{k}.html").write_text("x")
    assert len(recent_results(root)) == 40


def test_the_stamp_follows_the_case_and_its_table(root: Path) -> None:
    """Would catch: answers to an older table, as the case's own file is the same."""
    case, table = root / "case.yaml", root / "a" / "history.csv"
    case.write_text("detente: 1\nhistory: a/history.csv\n")
    seen = [stamp(root, "case.yaml")]
    table.write_text("at\n")
    seen.append(stamp(root, "case.yaml"))
    table.write_text("at\n2020\n")
    seen.append(stamp(root, "case.yaml"))
    case.write_text("detente: 1\nhistory: 'a/history.csv' # a table\n")
    seen.append(stamp(root, "case.yaml"))
    assert len(set(seen)) == 4
    assert stamp(root, "case.yaml") == seen[-1]
    case.unlink()
    assert stamp(root, "case.yaml") == ""


def test_one_bad_file_does_not_stop_the_list(root: Path) -> None:
    (root / "good.yaml").write_text("detente: 1\n")
    (root / "a" / "bytes.yaml").write_bytes(b"detente:\xff\xfe\n")
    (root / ".versions").mkdir()
    (root / ".versions" / "old.yaml").write_text("detente: 1\n")
    (root / "other.yaml").write_text("key: 1\n")
    (root / "closed").mkdir(mode=0o000)
    assert CaseFolder(root).cases() == ("a/bytes.yaml", "good.yaml")
    (root / "closed").chmod(0o700)


def form(name: str, content: bytes, field: str = "file") -> tuple[str, bytes]:
    head = f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return "multipart/form-data; boundary=x", head.encode() + content + b"\r\n--x--\r\n"


def test_an_upload_never_takes_the_place_of_a_file(root: Path) -> None:
    (root / "dam.yaml").write_text("old")
    names = [save_upload(root, *form("dam.yaml", text)) for text in (b"one\r\ntwo\n", b"")]
    assert names == ["dam-2.yaml", "dam-3.yaml"]
    assert (root / "dam.yaml").read_text() == "old"
    assert (root / "dam-2.yaml").read_bytes() == b"one\r\ntwo\n"
    (root / "link.yaml").unlink()
    (root / "link.yaml").symlink_to(root.parent / "nowhere.yaml")
    assert save_upload(root, *form("link.yaml", b"x")) == "link-2.yaml"
    assert not (root.parent / "nowhere.yaml").exists()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../evil.yaml", "evil.yaml"),
        ("..\\evil.yml", "evil.yml"),
        (".hidden.yaml", "hidden.yaml"),
        ("<img src=x>.yaml", "img-src-x.yaml"),
        ("...yaml", "case.yaml"),
        ("x" * 500 + ".yaml", "x" * 80 + ".yaml"),
        ("con.yaml", "case-con.yaml"),
    ],
)
def test_an_upload_gets_a_plain_name(root: Path, given: str, name: str) -> None:
    assert save_upload(root, *form(given, b"x")) == name
    assert (root / name).read_bytes() == b"x"


@pytest.mark.parametrize(
    ("content_type", "body", "words"),
    [
        (*form("evil.html", b"<script>"), "only case files"),
        (*form("evil.yaml.exe", b"x"), "only case files"),
        (*form("", b"x"), "no file was chosen"),
        (*form("a.yaml", b"\xff\xfe"), "no text"),
        (*form("a.yaml", b"a\0b"), "no text"),
        (*form("a.yaml", b"x" * (2**20 + 1)), "at most 1 MiB"),
        ("multipart/form-data", b"x", "no file was chosen"),
        ("application/x-www-form-urlencoded", b"file=x", "no form"),
    ],
)
def test_other_uploads_are_refused_in_words(
    root: Path, content_type: str, body: bytes, words: str
) -> None:
    before = sorted(root.iterdir())
    with pytest.raises(InputError, match=words):
        save_upload(root, content_type, body)
    assert sorted(root.iterdir()) == before
