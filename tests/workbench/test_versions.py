"""Saving: never over another's change, never outside the folder, never a lost text."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from detente.case import CaseFolder
from detente.errors import InputError
from detente.files import write_file
from detente.workbench import _versions
from detente.workbench._versions import CaseFiles, FileConflict


@pytest.fixture
def files(tmp_path: Path) -> CaseFiles:
    (tmp_path / "dam.yaml").write_bytes(b"detente: 1\n")
    return CaseFiles(CaseFolder(tmp_path))


def test_every_save_stores_the_last_one(files: CaseFiles) -> None:
    """Would catch: a save that overwrites, and a list of versions out of order."""
    base = files.read("dam.yaml")
    first = files.save("dam.yaml", "detente: 1\ntitle: a\n", base.sha)
    files.save("dam.yaml", "detente: 1\ntitle: b\n", first.sha)
    found = [files.version("dam.yaml", one.id) for one in files.versions("dam.yaml")]
    assert sorted(found) == ["detente: 1\n", "detente: 1\ntitle: a\n"]
    assert files.versions("dam.yaml")[0].saved >= files.versions("dam.yaml")[1].saved


def test_versions_are_bounded(files: CaseFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_versions, "MOST_VERSIONS", 3)
    sha = files.read("dam.yaml").sha
    for k in range(6):
        sha = files.save("dam.yaml", f"detente: 1\n# {k}\n", sha).sha
    assert len(files.versions("dam.yaml")) == 3


def test_a_file_that_another_program_changed_is_not_overwritten(files: CaseFiles) -> None:
    base = files.read("dam.yaml")
    path = files.path("dam.yaml")
    path.write_text("detente: 1\n# theirs\n")
    with pytest.raises(FileConflict, match="no longer what this text started from") as caught:
        files.save("dam.yaml", "mine", base.sha)
    assert caught.value.now is not None
    assert caught.value.now.text == "detente: 1\n# theirs\n"
    assert path.read_text() == "detente: 1\n# theirs\n"
    files.save("dam.yaml", "mine", caught.value.now.sha)
    assert [files.version("dam.yaml", v.id) for v in files.versions("dam.yaml")] == [
        "detente: 1\n# theirs\n"
    ]


def test_two_tabs_that_save_the_same_file_conflict(files: CaseFiles) -> None:
    base = files.read("dam.yaml").sha
    files.save("dam.yaml", "first tab\n", base)
    with pytest.raises(FileConflict):
        files.save("dam.yaml", "second tab\n", base)


def test_a_file_that_was_removed_meanwhile_is_said_to_be_gone(files: CaseFiles) -> None:
    base = files.read("dam.yaml")
    files.path("dam.yaml").unlink()
    with pytest.raises(FileConflict, match="is gone") as caught:
        files.save("dam.yaml", "mine\n", base.sha)
    assert caught.value.now is None
    assert files.save("dam.yaml", "mine\n", "").text == "mine\n"


def test_line_ends_and_the_first_mark_stay(files: CaseFiles) -> None:
    path = files.path("dam.yaml")
    path.write_bytes(b"\xef\xbb\xbfdetente: 1\r\ntitle: a\r\n")
    found = files.read("dam.yaml")
    assert found.text == "detente: 1\ntitle: a\n"
    files.save("dam.yaml", "detente: 1\ntitle: b\n", found.sha)
    assert path.read_bytes() == b"\xef\xbb\xbfdetente: 1\r\ntitle: b\r\n"


def test_a_full_disk_loses_nothing(files: CaseFiles) -> None:
    """Would catch: a truncated file, or a traceback instead of a remedy."""

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    poor = CaseFiles(files.folder, full)
    base = files.read("dam.yaml")
    for write in (
        lambda: poor.save("dam.yaml", "mine\n", base.sha),
        lambda: poor.save_draft("dam.yaml", "mine\n"),
        lambda: poor.create("other", "mine\n"),
    ):
        with pytest.raises(InputError, match=r"was not saved: No space left.*nothing is lost"):
            write()
    poor.store_unsaved("dam.yaml", "mine\n")
    assert files.read("dam.yaml") == base


def test_a_write_that_fails_half_way_leaves_the_file_and_no_litter(
    files: CaseFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="broken"):
        write_file(files.path("dam.yaml"), b"half")
    assert [path.name for path in files.folder.root.iterdir()] == ["dam.yaml"]
    assert files.read("dam.yaml").text == "detente: 1\n"


@pytest.mark.parametrize(
    "name",
    ["../out.yaml", "a/b.yaml", "..", "", " ", "con", "NUL.yaml", "com1.yaml", ".hidden", "a:b",
     "a\\b", "a\0b", "x" * 300, "a\ud800", "new\nline"],
)  # fmt: skip
def test_no_new_file_gets_a_name_that_leads_elsewhere(files: CaseFiles, name: str) -> None:
    with pytest.raises(InputError):
        files.create(name, "text")
    assert [path.name for path in files.folder.root.iterdir()] == ["dam.yaml"]


@pytest.mark.parametrize("name", ["../dam.yaml", "/etc/passwd", ".detente/x.yaml", "sanctions"])
def test_nothing_is_saved_outside_or_over_a_builtin_case(files: CaseFiles, name: str) -> None:
    with pytest.raises(InputError):
        files.save(name, "text", "")


def test_a_link_out_of_the_folder_is_not_followed(files: CaseFiles, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside"
    outside.mkdir(exist_ok=True)
    (tmp_path / ".detente").symlink_to(outside)
    base = files.read("dam.yaml")
    with pytest.raises(InputError):
        files.save("dam.yaml", "mine\n", base.sha)
    with pytest.raises(InputError):
        files.save_draft("dam.yaml", "mine\n")
    assert list(outside.iterdir()) == []
    assert files.read("dam.yaml") == base


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "x" * (10 * 2**20)])
def test_what_no_file_can_hold_is_refused_in_words(files: CaseFiles, text: str) -> None:
    base = files.read("dam.yaml")
    with pytest.raises(InputError, match=r"take it out|shorten it"):
        files.save("dam.yaml", text, base.sha)
    with pytest.raises(InputError, match=r"take it out|shorten it"):
        files.save_draft("dam.yaml", text)
    assert files.read("dam.yaml") == base


def test_a_file_that_is_no_text_is_not_edited(files: CaseFiles) -> None:
    for content in (b"a\xff", b"a\0b", b"x" * (2**20 + 1)):
        files.path("dam.yaml").write_bytes(content)
        with pytest.raises(InputError):
            files.read("dam.yaml")


@pytest.mark.parametrize("version", ["../../dam.yaml", "x", "20260101T000000Z-0123456789abcdef.sh"])
def test_a_version_is_only_named_as_versions_are(files: CaseFiles, version: str) -> None:
    with pytest.raises(InputError, match="no version"):
        files.version("dam.yaml", version)


def test_drafts_lie_beside_and_become_versions(files: CaseFiles) -> None:
    files.save_draft("dam.yaml", "first [\n")
    files.save_draft("dam.yaml", "second [\n")
    files.store_unsaved("dam.yaml", "third [\n")
    assert {kind: one.text for kind, one in files.drafts("dam.yaml").items()} == {
        "draft": "second [\n",
        "unsaved": "third [\n",
    }
    files.drop("dam.yaml", "draft")
    assert [*files.drafts("dam.yaml")] == ["unsaved"]
    files.drop("dam.yaml")
    assert files.drafts("dam.yaml") == {}
    found = {files.version("dam.yaml", one.id) for one in files.versions("dam.yaml")}
    assert found == {"first [\n", "second [\n"}
    assert files.folder.cases() == ("dam.yaml",)
