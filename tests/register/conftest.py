"""A county's exports made on the spot, and the register they are imported into."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from povkit.register.importer import import_folders
from povkit.register.receipt import Receipt

Cell = str | float | None
Rows = Sequence[Sequence[Cell]]


class Exports:
    """A folder to fill with exports (`inbox`) and a register to import them into."""

    household = ("县(市、区、旗)", "行政村代码", "户编号", "户主姓名", "家庭人口数", "人均纯收入", "有无卫生厕所")
    households: Rows = (
        ("东川区", "530113001002", "85301130000001", "陈桂富", "3", "3,500.5", "是"),
        ("东川区", "530113001009", "85301130000002", "吴才燕", "2人", "４２００元", "无"),
    )
    person = ("户编号", "人编号", "姓名", "证件号码", "出生日期", "与户主关系", "健康状况")
    people: Rows = (
        ("85301130000001", "30113000000101", "陈桂富", "530199196304150090", "1963年4月15日", "户主", "残疾、患有大病"),
        ("85301130000002", "30113000000201", "吴才燕", " ５３０１９９194612255557", "19461225", "户主", "健康"),
    )

    def __init__(self, folder: Path) -> None:
        self.inbox, self.register = folder / "in", folder / "register"
        self.inbox.mkdir()

    def book(self, name: str, *rows: Sequence[Cell], **sheets: Rows) -> Path:
        """A workbook with one sheet of the rows, or with the sheets named; strings stay strings."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
            for sheet_name, sheet_rows in (sheets or {"Sheet1": rows}).items():
                sheet = book.add_worksheet(sheet_name)
                for number, row in enumerate(sheet_rows):
                    sheet.write_row(number, 0, row)
        return path

    def text(self, name: str, text: str, encoding: str = "gb18030") -> Path:
        """A text file."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))
        return path

    def county(self) -> None:
        """A household and a person table of 2018."""
        self.book("2018/户.xlsx", ("东川区贫困户信息表",), ("导出时间：2018-11-30",), self.household, *self.households)
        self.book("2018/人.xlsx", self.person, *self.people, ("合计", 2))

    def run(self, *folders: Path, **options: Any) -> Receipt:
        """Import the folders (the inbox, if none) into the register."""
        return import_folders(folders or [self.inbox], self.register, **options)

    def rows(self, *parts: str) -> list[dict[str, Any]]:
        """Rows of a stored table."""
        rows: list[dict[str, Any]] = pq.read_table(self.register.joinpath(*parts)).to_pylist()
        return rows

    def column(self, name: str, *parts: str) -> list[Any]:
        """One column of a stored table."""
        return [row[name] for row in self.rows(*parts)]

    def contents(self) -> dict[str, bytes]:
        """Every file of the register and its bytes."""
        found = sorted(path for path in self.register.rglob("*") if path.is_file())
        return {path.relative_to(self.register).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(tmp_path)
