"""One row a household, and the fingerprint by which a cleared lead stays cleared."""

from dataclasses import replace

import pandas as pd
import pytest

from povkit.anomalies.encode import places_of
from povkit.anomalies.records import VIEW, read
from povkit.views import Views


def fingerprints(views: Views) -> "pd.Series[str]":
    return read(views).frame.set_index("household_id")["fingerprint"]


def first(views: Views, where: str) -> str:
    sql = f"SELECT household_id FROM household WHERE {where} ORDER BY household_id LIMIT 1"
    return str(views.con.sql(sql).fetchall()[0][0])


@pytest.mark.parametrize(
    "change",
    [
        "wage_income = wage_income + 1",
        "wage_income = business_income, business_income = wage_income",
        "wage_income = NULL",
        "cause = 'another'",
    ],
)
def test_a_fingerprint_changes_with_its_own_households_values_alone(changing: Views, change: str):
    number, before = first(changing, "wage_income > 0 AND wage_income <> business_income"), fingerprints(changing)
    changing.con.execute(f"UPDATE household SET {change} WHERE household_id = ?", [number])
    after = fingerprints(changing)
    assert list(after.index[after != before]) == [number]


def test_place_and_last_year_are_no_part_of_it(changing: Views):
    before = fingerprints(changing)
    changing.con.execute("UPDATE household SET township = 'another', last_wage_income = last_wage_income + 1")
    assert fingerprints(changing).equals(before)


def test_a_field_that_is_never_filled_counts_as_one_that_was_not_handed_in(changing: Views):
    view = changing.views[VIEW]
    without = replace(view, types={name: kind for name, kind in view.types.items() if name != "farmland"})
    changing.con.execute("UPDATE household SET farmland = NULL")
    blank = fingerprints(changing)
    assert fingerprints(replace(changing, views={**changing.views, VIEW: without})).equals(blank)


def test_of_a_number_that_stands_twice_the_same_row_is_kept_in_any_order(views: Views):
    number, whole, kept = first(views, "wage_income > 0"), len(read(views).frame), []
    for own, other in ((0, 1), (1, 0)):
        views.con.execute("BEGIN")
        set_to = f"SELECT * REPLACE (wage_income + {other} AS wage_income) FROM household WHERE household_id = ?"
        views.con.execute(f"INSERT INTO household {set_to}", [number])
        views.con.execute(
            f"UPDATE household SET wage_income = wage_income + {own} WHERE rowid = "
            "(SELECT min(rowid) FROM household WHERE household_id = ?)",
            [number],
        )
        records = read(views)
        views.con.execute("ROLLBACK")
        assert (len(records.frame), records.dropped) == (whole, 1)
        kept.append(records.frame)
    pd.testing.assert_frame_equal(*kept)


def test_words_have_places_whatever_holds_them():
    words = ["wood", "coal", None, "gas"]
    held = [pd.Series(words, dtype=kind).pipe(places_of, ["coal", "wood"]).tolist() for kind in ("str", object)]
    assert held == [[1, 0, -2, -1]] * 2
    assert places_of(pd.Series([3.0, None, 5.0]), [3.0]).tolist() == [0, -2, -1]


def test_a_register_without_a_household_has_no_records(changing: Views):
    changing.con.execute("DELETE FROM household")
    found = read(changing)
    assert len(found.frame) == 0 and "fingerprint" in found.frame
