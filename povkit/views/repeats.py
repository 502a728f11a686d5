"""What stands elsewhere too: numbers in other rows, people under another number last year, families split in two."""

from povkit.views.fragments import BIRTH_IN_NUMBER, ID18
from povkit.views.spec import Col, Part

HEAD_OF_PERSON = Part(
    "raw_person",
    "household_id",
    "b.household_id",
    (
        Col(
            "head_birth",
            f"CASE WHEN count(*) = 1 THEN min(coalesce(birth_date, {BIRTH_IN_NUMBER})) END",
            "户主出生日期",
            "head's birth date",
        ),
    ),
    where="relation = '户主'",
)
"""The head of a person's household; blank where there are several (B02)."""

PERSON_NUMBERS = (
    Part(
        "raw_person",
        "person_id",
        "b.person_id",
        (Col("same_person_number_rows", "count(*)", "人编号相同的行数", "rows with the same person number"),),
        counts_itself=True,
    ),
    Part(
        "raw_person",
        "TRUE",
        "TRUE",
        (
            Col(
                "usual_person_number_length",
                "quantile_disc(length(person_id), 0.5)",
                "人编号通常位数",
                "usual length of person numbers",
            ),
        ),
    ),
    Part(
        "raw_person_last",
        f"{ID18} || '@' || name",
        "left(b.id_number, 18) || '@' || b.name",
        (
            Col("last_person_numbers", "list(DISTINCT person_id)", "上年人编号（全部）", "last year's person numbers"),
            Col("last_person_number", "min(person_id)", "上年人编号", "last year's person number"),
        ),
        where="length(id_number) >= 18",
    ),
)

HOUSEHOLD_NUMBERS = (
    Part(
        "raw_household",
        "household_id",
        "b.household_id",
        (Col("same_household_number_rows", "count(*)", "户编号相同的行数", "rows with the same household number"),),
        counts_itself=True,
    ),
    Part(
        "raw_household",
        "TRUE",
        "TRUE",
        (
            Col(
                "usual_household_number_length",
                "quantile_disc(length(household_id), 0.5)",
                "户编号通常位数",
                "usual length of household numbers",
            ),
        ),
    ),
    Part(
        "raw_household",
        "left(head_id_number, 18)",
        "left(b.head_id_number, 18)",
        (Col("same_head_rows", "count(*)", "户主证件号码相同的户数", "households with the same head's number"),),
        where="length(head_id_number) >= 18",
        counts_itself=True,
    ),
    Part(
        "raw_household_last",
        "left(head_id_number, 18) || '@' || head_name",
        "left(b.head_id_number, 18) || '@' || b.head_name",
        (
            Col(
                "last_household_numbers",
                "list(DISTINCT household_id)",
                "户主上年户编号（全部）",
                "last year's household numbers of the head",
            ),
            Col(
                "last_household_number",
                "min(household_id)",
                "户主上年户编号",
                "last year's household number of the head",
            ),
        ),
        where="length(head_id_number) >= 18",
    ),
)


def _family(prefix: str) -> str:
    """SQL of village, group, surname and telephone together; blank if one of them is."""
    parts = (f"{prefix}village_code", f"{prefix}hamlet", f"left({prefix}head_name, 1)", f"{prefix}phone")
    return " || '@' || ".join(parts)


SAME_FAMILY = Part(
    "raw_household",
    _family(""),
    _family("b."),
    (
        Col(
            "same_family_rows",
            "count(*)",
            "同村组、同姓、同电话的户数",
            "households of one village group, surname and telephone",
        ),
    ),
    where="regexp_matches(phone, :phone_pattern)",
    counts_itself=True,
)
"""Households that look like one: the telephone must be a mobile number, or nothing is said."""

_POINT = "{0}longitude::VARCHAR || ',' || {0}latitude::VARCHAR"

SAME_POINT = Part(
    "raw_household",
    _POINT.format(""),
    _POINT.format("b."),
    (Col("same_point_rows", "count(*)", "同一坐标的户数", "households on the same point"),),
    counts_itself=True,
)
"""Households on one point."""
