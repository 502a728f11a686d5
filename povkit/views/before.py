"""Last year's identity number, read as this year's is. Where it is the same number, so is what stands in it."""

from povkit.views.fragments import BIRTH_IN_NUMBER, check_character
from povkit.views.spec import Col

_LAST_BIRTH = BIRTH_IN_NUMBER.replace("id_number", "last_id_number")


def _before(name: str, now: str, sql: str, zh: str, en: str) -> Col:
    """now: column that holds the same of this year's number; it saves the work and adds nothing."""
    unchanged = f"CASE WHEN last_id_number = id_number THEN {now} ELSE {sql} END"
    return Col(name, unchanged, zh, en, spare=("id_number", now))


NUMBER_BEFORE = (
    _before(
        "last_id_body",
        "id_body",
        "CASE WHEN regexp_matches(last_id_number, '^[0-9]{17}') THEN TRY_CAST(left(last_id_number, 17) AS BIGINT) END",
        "上年证件号码前17位",
        "first 17 digits of last year's number",
    ),
    _before(
        "last_id_birth_date",
        "id_birth_date",
        _LAST_BIRTH,
        "上年证件号码中的出生日期",
        "birth date in last year's number",
    ),
    _before(
        "last_id_sex",
        "id_sex",
        "CASE WHEN regexp_matches(last_id_number, '^.{16}[0-9].') "
        "THEN CASE substr(last_id_number, 17, 1)::INTEGER % 2 WHEN 1 THEN '男' ELSE '女' END END",
        "上年证件号码中的性别",
        "sex in last year's number",
    ),
)

CHECK_BEFORE = _before(
    "last_id_check_ok",
    "id_check_ok",
    "CASE WHEN length(last_id_number) >= 18 THEN "
    f"coalesce({check_character('last_id_body')} = substr(last_id_number, 18, 1), FALSE) END",
    "上年校验位正确",
    "last year's check character is right",
)
