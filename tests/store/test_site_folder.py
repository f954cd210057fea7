"""A site is written to its folder, and nothing else in it is touched."""

import errno
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest.mock import patch

import pytest

from nkplan.errors import BadInput, ForeignDatabase, NkplanError, Unusable
from nkplan.store.site import LIST, Written, opening_site

TWO = {"index.html": "first", "project/a.html": "page"}


def write(folder: Path, files: Mapping[str, str]) -> Written:
    with opening_site(folder) as site:
        for name, content in files.items():
            site.add(name, content.encode())
        return site.put_in_place()


def list_files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return the content of each file and when it was last written; a link is its target."""
    return {
        str(path.relative_to(folder)): (
            (str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()),
            path.lstat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def read(folder: Path) -> dict[str, str]:
    return {name: content.decode() for name, (content, _) in list_files(folder).items() if name != LIST}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a site of two files."""
    assert write(tmp_path / "site", TWO) == Written(2, 0, 0)
    return tmp_path / "site"


def test_a_site_is_written_to_a_new_or_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new"):
        write(tmp_path / name, TWO)
        assert read(tmp_path / name) == TWO


def test_a_site_that_is_the_same_is_not_written_again(folder: Path) -> None:
    before = list_files(folder)
    assert write(folder, TWO) == Written(0, 0, 2)
    assert list_files(folder) == before


def test_only_what_changed_is_written_and_only_what_is_gone_is_removed(folder: Path) -> None:
    before = list_files(folder)
    assert write(folder, {"index.html": "first", "source/b.html": "new"}) == Written(1, 1, 1)
    assert read(folder) == {"index.html": "first", "source/b.html": "new"}
    assert list_files(folder)["index.html"] == before["index.html"]
    assert not (folder / "project").exists()


def test_files_of_others_stay(folder: Path) -> None:
    others = {"CNAME": "e.org", ".git/HEAD": "ref", "project/notes.txt": "mine", ".nojekyll": ""}
    for name, content in others.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    kept = {name: found for name, found in list_files(folder).items() if name in others}
    write(folder, {"index.html": "other"})
    assert {name: found for name, found in list_files(folder).items() if name in others} == kept
    assert read(folder) == {"index.html": "other", **others}


def test_a_folder_that_is_not_a_sites_is_refused_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    before = list_files(tmp_path)
    with pytest.raises(BadInput, match="has files that publish did not write; name an empty folder"):
        write(tmp_path, TWO)
    with pytest.raises(BadInput, match="is a file; name a folder"):
        write(tmp_path / "notes.txt", TWO)
    with pytest.raises(Unusable, match="there is no folder"):
        write(tmp_path / "none" / "site", TWO)
    assert list_files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ("{", Unusable, "not as publish wrote it"),
        ("[]", Unusable, "not as publish wrote it"),
        ('{"format": "other", "files": {}}', Unusable, "not as publish wrote it"),
        ('{"format": "nkplan-site/1", "files": {"../outside": []}}', Unusable, "not as publish wrote it"),
        ('{"format": "nkplan-site/1", "files": {"/etc/passwd": []}}', Unusable, "not as publish wrote it"),
        ('{"format": "nkplan-site/9", "files": {}}', ForeignDatabase, "newer nkplan"),
    ],
)
def test_a_list_that_publish_did_not_write_is_refused(
    folder: Path, content: str, error: type[NkplanError], words: str
) -> None:
    (folder / LIST).write_text(content)
    before = list_files(folder)
    with pytest.raises(error, match=words):
        write(folder, {"index.html": "other"})
    assert list_files(folder) == before


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_list_that_is_no_file_is_refused_and_nobody_waits_for_it(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / LIST)
    with pytest.raises(Unusable, match="not as publish wrote it"):
        write(tmp_path, TWO)


def test_a_page_that_somebody_changed_is_not_written_over(folder: Path) -> None:
    (folder / "index.html").write_text("by hand")
    before = list_files(folder)
    with pytest.raises(Unusable, match=r"index\.html was changed since publish wrote it"):
        write(folder, {"project/a.html": "other", "index.html": "new"})
    assert list_files(folder) == before
    (folder / "index.html").unlink()
    assert write(folder, TWO) == Written(1, 0, 1)


def test_a_page_that_somebody_changed_and_nobody_needs_is_kept_and_told_once(folder: Path) -> None:
    (folder / "project/a.html").write_text("by hand")
    assert write(folder, {"index.html": "first"}) == Written(0, 0, 1, ("project/a.html",))
    assert write(folder, {"index.html": "first"}) == Written(0, 0, 1)
    assert read(folder) == {"index.html": "first", "project/a.html": "by hand"}


def test_a_file_of_somebody_is_not_written_over(folder: Path) -> None:
    (folder / "project/b.html").write_text("mine")
    with pytest.raises(Unusable, match=r"project/b\.html was not written by publish"):
        write(folder, {**TWO, "project/b.html": "new"})
    assert read(folder) == {**TWO, "project/b.html": "mine"}


def test_no_link_leads_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.html").write_text("page")
    (folder / "source").symlink_to(outside)
    with pytest.raises(Unusable, match="source is a link or a file"):
        write(folder, {**TWO, "source/a.html": "new"})
    (folder / "place.html").symlink_to(outside / "a.html")
    with pytest.raises(Unusable, match=r"place\.html was not written by publish"):
        write(folder, {**TWO, "place.html": "new"})
    (folder / "project/a.html").unlink()
    (folder / "project/a.html").symlink_to(outside / "a.html")
    assert write(folder, {"index.html": "first"}).kept == ("project/a.html",)
    assert read(outside) == {"a.html": "page"}


@pytest.mark.parametrize("moved", range(6))
def test_what_a_killed_publish_left_is_completed_by_the_next(folder: Path, moved: int) -> None:
    """Of six moves one is the first list, one the last, and four are pages."""
    new = {"index.html": "2", "place/b.html": "3", "place/c.html": "4", "source/d.html": "5"}
    real = Path.replace
    done: list[Path] = []

    def replace(self: Path, target: Path) -> Path:
        if len(done) == moved:
            raise KeyboardInterrupt
        done.append(target)
        return real(self, target)

    with patch.object(Path, "replace", replace), pytest.raises(KeyboardInterrupt):
        write(folder, new)
    write(folder, new)
    assert read(folder) == new
    assert json.loads((folder / LIST).read_text())["files"].keys() == new.keys()
    assert write(folder, new) == Written(0, 0, 4)


def test_a_full_disk_leaves_the_site_as_it_was(folder: Path, tmp_path: Path) -> None:
    before = list_files(folder)
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with (
        patch.object(Path, "write_bytes", side_effect=full),
        pytest.raises(Unusable, match="No space left on device; the site is as it was"),
    ):
        write(folder, {"index.html": "other"})
    assert list_files(folder) == before
    with patch.object(Path, "write_bytes", side_effect=full), pytest.raises(Unusable):
        write(tmp_path / "new", TWO)
    assert not (tmp_path / "new").exists()


def test_two_that_publish_to_one_folder_are_kept_apart(folder: Path) -> None:
    with (
        opening_site(folder),
        pytest.raises(Unusable, match="another nkplan is publishing"),
    ):
        write(folder, {"index.html": "other"})
    assert read(folder) == TWO
