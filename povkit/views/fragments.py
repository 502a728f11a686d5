"""Pieces of SQL that several views share."""

from povkit.register.number_sql import check_character as check_character
from povkit.views.spec import Col, Part, take

ID18 = "left(id_number, 18)"
"""First 18 characters of an identity or disability certificate number: the person."""

BIRTH_IN_NUMBER = (
    "CASE WHEN length(id_number) >= 18 AND regexp_matches(id_number, '^.{6}[0-9]{8}') "
    "THEN TRY_CAST(try_strptime(substr(id_number, 7, 8), '%Y%m%d') AS DATE) END"
)
"""Birth date in an identity number; blank where there is no such day."""

POOR = "status IN ('未脱贫', '返贫', '预脱贫')"
"""A household that has not left poverty."""


def any_of(condition: str) -> str:
    """Three-valued "some member": true if one is, unknown if none is but one may be, else false."""
    return _weighed("max", condition)


def all_of(condition: str) -> str:
    """Three-valued "every member": false if one is not, unknown if none is not but one may be, else true."""
    return _weighed("min", condition)


def _weighed(of: str, condition: str) -> str:
    """One aggregate instead of two: false 0, unknown 1, true 2. There is no group without rows."""
    weight = f"CASE WHEN {condition} THEN 2 WHEN ({condition}) IS NULL THEN 1 ELSE 0 END"
    return f"CASE {of}({weight}) WHEN 2 THEN TRUE WHEN 0 THEN FALSE END"


def place_of_village() -> Part:
    """Township and name of the village that a row's village code names."""
    return Part(
        "raw_village",
        "village_code",
        "b.village_code",
        (
            Col("place_township", "township", "乡镇", "township"),
            Col("place_village", "village", "行政村", "village"),
        ),
        first=True,
    )


def place_of_household(*more: str) -> Part:
    """Where the household with this row's number lives, and further columns of it as `home_<column>`."""
    return Part(
        "raw_household",
        "household_id",
        "b.household_id",
        (
            *take("household", "village_code", "village", "township", *more, prefix="home_"),
            Col("on_household_table", "TRUE", "户表中有此户", "household is on the household table", default="FALSE"),
        ),
        first=True,
    )


HOME = {
    "township": "home_township",
    "village_code": "home_village_code",
    "village": "home_village",
    "household_id": "household_id",
}
"""Identity of objects that belong to a household."""

PLACE = {"township": "place_township", "village_code": "village_code", "village": "place_village"}
"""Identity of objects that belong to a village."""
