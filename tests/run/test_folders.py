"""Results are put in place whole or not at all, and relative paths are found from wherever a notebook lies."""

from pathlib import Path

import pytest

from povkit.run.folders import nearest, put_files, staging, swap_folder


@pytest.mark.parametrize("below", [".", "notebooks", "outputs/530113/2018-12-31"])
def test_a_relative_path_is_found_in_the_folders_above(tmp_path: Path, below: str) -> None:
    (tmp_path / "register").mkdir()
    start = tmp_path / below
    start.mkdir(parents=True, exist_ok=True)
    assert nearest("register", start) == tmp_path.resolve() / "register"


def test_the_nearest_of_several_is_taken_and_absolute_paths_stay(tmp_path: Path) -> None:
    near = tmp_path / "work"
    for folder in (tmp_path / "register", near / "register"):
        folder.mkdir(parents=True)
    assert nearest("register", near) == near.resolve() / "register"
    assert nearest(tmp_path / "elsewhere", near) == tmp_path / "elsewhere"


def test_what_is_nowhere_is_taken_below_the_start(tmp_path: Path) -> None:
    assert nearest("no-such-folder-at-all", tmp_path) == tmp_path.resolve() / "no-such-folder-at-all"


def test_swapping_replaces_the_folder_whole(tmp_path: Path) -> None:
    old, new = tmp_path / "out" / "2018", tmp_path / "new"
    for folder, name in ((old, "old.txt"), (new, "new.txt")):
        folder.mkdir(parents=True)
        (folder / name).write_text(name)
    swap_folder(new, old)
    assert [file.name for file in old.iterdir()] == ["new.txt"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["2018", "new.txt", "out"]


def test_a_swap_that_fails_leaves_the_earlier_folder(tmp_path: Path) -> None:
    old = tmp_path / "2018"
    old.mkdir()
    (old / "old.txt").write_text("old")
    with pytest.raises(FileNotFoundError):
        swap_folder(tmp_path / "never made", old)
    assert (old / "old.txt").read_text() == "old"


def test_putting_files_leaves_the_others(tmp_path: Path) -> None:
    made, folder = tmp_path / "made", tmp_path / "out"
    for place in (made, folder):
        place.mkdir()
    (made / "a.txt").write_text("new")
    (folder / "a.txt").write_text("old")
    (folder / "b.txt").write_text("mine")
    assert put_files(made, folder) == [folder / "a.txt"]
    assert {file.name: file.read_text() for file in folder.iterdir()} == {"a.txt": "new", "b.txt": "mine"}


def test_staging_is_gone_even_after_an_error(tmp_path: Path) -> None:
    def breaks() -> None:
        with staging(tmp_path) as place:
            (place / "half.txt").write_text("half")
            raise ValueError("broken off")

    with pytest.raises(ValueError, match="broken off"):
        breaks()
    assert list(tmp_path.iterdir()) == []
