"""Bad input: one clear error, and nothing half-written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from povkit.register import snapshots
from povkit.register.snapshots import recover, workshop
from povkit.vocab import InputError

LIMITED = """
import resource, sys
from pathlib import Path
from povkit.register.importer import import_folders
from povkit.vocab import InputError
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    import_folders([Path(sys.argv[1])], Path(sys.argv[2]))
except InputError as error:
    print(error)
    sys.exit(3)
"""


def faults_of(exports, *folders: Path, **options: object) -> list[str]:
    """The faults of an import that must fail, and leave no trace."""
    before = exports.contents()
    with pytest.raises(InputError) as caught:
        exports.run(*folders, **options)
    assert exports.contents() == before
    assert before or not exports.register.exists()
    return [str(fault) for fault in caught.value.faults]


def test_an_empty_folder(exports) -> None:
    exports.text("读我.txt", "空")
    assert "没有 XLSX、XLS 或 CSV 文件" in faults_of(exports)[0]
    assert "no such folder" in faults_of(exports, exports.inbox / "nowhere", language="en")[0]


def test_nothing_recognised(exports) -> None:
    exports.book("2018/说明.xlsx", ("说明",), ("请按时上报",))
    assert "没有认出任何一张表" in faults_of(exports)[0]


def test_a_workbook_that_is_a_renamed_text_file(exports) -> None:
    exports.county()
    exports.text("2018/措施.xlsx", "户编号,措施类别\n1,产业帮扶\n")
    exports.text("2018/措施.xls", "<html><table><tr><td>户编号</td></tr></table></html>")
    faults = faults_of(exports)
    assert len(faults) == 2
    assert faults[0].startswith("2018/措施.xls\n")
    assert all("改了名的文本" in fault for fault in faults)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.95])
def test_a_truncated_workbook(exports, share: float) -> None:
    exports.county()
    path = exports.inbox / "2018" / "户.xlsx"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    faults = faults_of(exports)
    assert len(faults) == 1
    assert faults[0].startswith("2018/户.xlsx\n")
    assert "不完整或已损坏" in faults[0]


def test_a_text_file_that_is_no_text(exports) -> None:
    exports.county()
    (exports.inbox / "低保名单.csv").write_bytes(bytes(range(128, 256)) * 40)
    assert "GB18030" in faults_of(exports)[0]


def test_a_table_without_its_key_column(exports) -> None:
    exports.county()
    header = tuple("编号" if name == "人编号" else name for name in exports.person)
    exports.book("2018/人.xlsx", header, *exports.people)
    faults = faults_of(exports)
    assert len(faults) == 1
    assert faults[0].startswith("2018/人.xlsx · Sheet1\n")
    assert "“人编号”" in faults[0]
    assert "整表未导入" in faults[0]


@pytest.mark.parametrize("damaged", ["5.30113E+13", 8.5301130000001234e17])
def test_keys_turned_into_numbers(exports, damaged: str | float) -> None:
    rows = [["东川区", "530113001002", damaged, "甲", "1", "1", "是"] for _ in range(3)]
    exports.book("2018/户.xlsx", exports.household, *rows)
    faults = faults_of(exports, language="en")
    assert len(faults) == 1
    assert "3 of 3 keys in “户编号” into numbers" in faults[0]


def test_two_files_for_one_table_and_year(exports) -> None:
    exports.county()
    exports.book("2018/户(1).xlsx", exports.household, *exports.households)
    header = ("姓名", "身份证号", "行政村代码")
    for name in ("低保.xlsx", "城市低保.xlsx"):
        exports.book(name, header, ("甲", "1", "530113001002"))
    faults = faults_of(exports)
    assert len(faults) == 2
    assert "“贫困户信息” 2018 与 2018/户(1).xlsx · Sheet1 重复（530113）" in faults[0]
    assert "“行业部门名单” 低保 与" in faults[1]


def test_year_or_county_not_known(exports) -> None:
    exports.book("户.xlsx", exports.household, *exports.households)
    exports.book("2018/人.xlsx", exports.person, ("1", "2", "甲", "3", "", "户主", "健康"))
    faults = faults_of(exports)
    assert "2018/人.xlsx · Sheet1\n" in faults[0]
    assert "--county" in faults[0]
    assert "--year" in faults[1]
    assert faults_of(exports, county="东川", year=2018) == ["--county\n  “东川”不是六位县代码"]
    assert exports.run(county="530113", year=2018).counties == ["530113"]


def test_a_sector_list_that_nothing_names(exports) -> None:
    exports.book("名单.xlsx", ("姓名", "身份证号", "户籍户号"), ("甲", "1", "K1"))
    assert "名单类别" in faults_of(exports)[0]


def test_all_faults_are_shown_together(exports) -> None:
    exports.book("户.xlsx", exports.household, *exports.households)
    exports.text("坏.xlsx", "文本")
    exports.book("2018/人.xlsx", exports.person[2:], *(row[2:] for row in exports.people))
    assert len(faults_of(exports)) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="size limits are POSIX")
def test_a_full_disk(exports) -> None:
    exports.county()
    exports.run()
    before = exports.contents()
    rows = [["东川区", "530113001002", f"8530113{i * 7919:07d}", f"户{i}", "1", str(i), "是"] for i in range(3000)]
    exports.book("2018/户.xlsx", exports.household, *rows)
    command = [sys.executable, "-c", LIMITED, str(exports.inbox), str(exports.register)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 3, done.stderr
    assert "磁盘已满或超出大小限制" in done.stdout
    assert exports.contents() == before
    assert [path.name for path in exports.register.iterdir()] == ["530113"]


def test_a_register_that_is_a_file(exports) -> None:
    exports.county()
    exports.register.write_text("x")
    with pytest.raises(InputError, match="无法写入"):
        exports.run()


def test_a_failure_while_swapping_leaves_all_counties_as_they_were(exports, monkeypatch: pytest.MonkeyPatch) -> None:
    exports.county()
    exports.run()
    before = exports.contents()
    rows = [list(row) for row in exports.households]
    rows[1][:2] = ["石林县", None]
    exports.book("2018/户.xlsx", exports.household, *rows)
    replace, calls = Path.replace, []

    def failing(self: Path, target: Path) -> Path:
        calls.append(target)
        if target == exports.register / "530126":
            raise OSError(5, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(InputError, match="Input/output error"):
        exports.run()
    assert exports.register / "530113" in calls
    assert exports.contents() == before


def test_a_killed_import_is_put_right_by_the_next(exports) -> None:
    exports.county()
    exports.run()
    before = exports.contents()
    left = exports.register / ".import-killed"
    (left / "old").mkdir(parents=True)
    (exports.register / "530113").rename(left / "old" / "530113")
    (left / "new" / "530113").mkdir(parents=True)
    recover(exports.register)
    assert exports.contents() == before
    assert not left.exists()


def test_two_imports_at_once(exports) -> None:
    exports.county()
    with workshop(exports.register), pytest.raises(InputError, match="另一个导入"):
        exports.run()
    assert exports.run().counties == ["530113"]


def test_old_files_stay_where_links_cannot_be_made(exports, monkeypatch: pytest.MonkeyPatch) -> None:
    exports.county()
    exports.run()

    def no_links(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(snapshots.os, "link", no_links)
    (exports.inbox / "2018" / "人.xlsx").unlink()
    exports.run()
    assert len(exports.rows("530113", "2018", "person.parquet")) == 2
