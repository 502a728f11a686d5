"""An XLS workbook, as the national system exported until 2018: two sheets, a merged title, a total row."""

import shutil
from datetime import date
from pathlib import Path

BOOK = Path(__file__).parent / "files" / "2018.xls"
"""Written once with xlwt 1.3.0, whose formats no other library here writes."""


def test_an_old_workbook_is_read_like_a_new_one(exports) -> None:
    shutil.copy(BOOK, exports.inbox / BOOK.name)
    receipt = exports.run()
    assert {one.table: one.rows for one in receipt.files["530113"]} == {"household": 2, "person": 2}
    homes = exports.rows("530113", "2018", "household.parquet")
    assert [home["household_id"] for home in homes] == ["85301130000001", "85301130000002"]
    assert [home["size"] for home in homes] == [3, 2]
    assert [home["net_income_pc"] for home in homes] == [3500.5, 4200.0]
    assert [home["toilet"] for home in homes] == [True, False]
    assert [home["located_on"] for home in homes] == [date(2018, 6, 5), date(2018, 11, 3)]
    people = exports.rows("530113", "2018", "person.parquet")
    assert [one["id_number"] for one in people] == ["530199196304150090", "53019919461225555742"]
    assert [one["birth_date"] for one in people] == [date(1963, 4, 15), date(1946, 12, 25)]
    assert [one["relation"] for one in people] == ["户主", "户主"]
    assert [one["health"] for one in people] == ["长期慢性病,残疾", "健康"]
    assert receipt.unreadable["530113"].num_rows == 0
