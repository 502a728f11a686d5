"""What differs between a list entry and a person of the register: SQL that says it in words, zh and en."""

_PLACE = "list_filter(range(1, 20), lambda i: substr(entry_number, i, 1) <> substr(register_number, i, 1))[1]::INTEGER"
"""First character in which two numbers differ, from 1."""


def _wrong(list_wrong: str, register_wrong: str, both: str) -> str:
    return f"CASE WHEN entry_bad AND bad THEN '{both}' WHEN entry_bad THEN '{list_wrong}' ELSE '{register_wrong}' END"


NUMBER_ZH = (
    "CASE WHEN entry_number = register_number THEN '双方证件号码相同，均缺位' "
    "WHEN length(entry_number) < 18 THEN '名单证件号码少一位' WHEN length(entry_number) > 18 THEN '名单证件号码多一位' "
    "WHEN length(register_number) < 18 THEN '在册证件号码少一位' "
    "WHEN length(register_number) > 18 THEN '在册证件号码多一位' "
    f"WHEN grade = 'swap' THEN '证件号码第' || {_PLACE} || '、' || ({_PLACE} + 1) || '位颠倒' "
    f"ELSE '证件号码第' || {_PLACE} || '位：名单为' || substr(entry_number, {_PLACE}, 1) || '，在册为' "
    f"|| substr(register_number, {_PLACE}, 1) "
    f"|| CASE WHEN {_PLACE} BETWEEN 7 AND 14 THEN '（在出生日期内）' ELSE '' END END || '；' || "
    + _wrong("名单号码校验位不符", "在册号码校验位不符", "双方号码校验位均不符")
    + " || CASE WHEN same_place THEN '' ELSE '；一方未填所在村，未能核对' END "
    "|| CASE WHEN near > 1 THEN '；同样接近的在册人员共' || near || '人' ELSE '' END"
)
"""How two numbers one step apart differ.

Reads entry_number, register_number, grade, entry_bad, bad, same_place and near (people as near as this one).
"""

NUMBER_EN = (
    "CASE WHEN entry_number = register_number THEN 'the numbers are the same and both lack characters' "
    "WHEN length(entry_number) < 18 THEN 'the list''s number lacks one character' "
    "WHEN length(entry_number) > 18 THEN 'the list''s number has one character too many' "
    "WHEN length(register_number) < 18 THEN 'the register''s number lacks one character' "
    "WHEN length(register_number) > 18 THEN 'the register''s number has one character too many' "
    f"WHEN grade = 'swap' THEN 'characters ' || {_PLACE} || ' and ' || ({_PLACE} + 1) || ' of the number are swapped' "
    f"ELSE 'character ' || {_PLACE} || ' of the number is ' || substr(entry_number, {_PLACE}, 1) "
    f"|| ' on the list and ' || substr(register_number, {_PLACE}, 1) || ' on the register' "
    f"|| CASE WHEN {_PLACE} BETWEEN 7 AND 14 THEN ' (inside the birth date)' ELSE '' END END || '; ' || "
    + _wrong(
        "the list''s check character is wrong",
        "the register''s check character is wrong",
        "both check characters are wrong",
    )
    + " || CASE WHEN same_place THEN '' ELSE '; a village is blank, so places were not compared' END "
    "|| CASE WHEN near > 1 THEN '; ' || near || ' people on the register are as near' ELSE '' END"
)
"""The same in English."""

NAME = ("证件号码相同，姓名不同", "the number is the same, the name is not")

_LACKING_ZH = "CASE WHEN entry_missing AND missing THEN '双方均' WHEN entry_missing THEN '名单' ELSE '在册' END"
_LACKING_EN = (
    "CASE WHEN entry_missing AND missing THEN 'neither has a number' "
    "WHEN entry_missing THEN 'the list has no number' ELSE 'the register has no number' END"
)
_SAME = {
    "birth": ("姓名、所在地、出生日期相同", "name, place and birth date are the same"),
    "kin": (
        "名单同户籍亲属在册，其户内同名者唯一",
        "relatives are on the register, and one of their household has the name",
    ),
    "alone": ("该村同名者唯一", "nobody else in the village has the name"),
}


def missing_words(way: str) -> tuple[str, str]:
    """SQL of the words for a match without a number, by what is the same: birth, kin or alone.

    Reads entry_missing and missing.
    """
    zh, en = _SAME[way]
    return f"{_LACKING_ZH} || '无证件号码；{zh}'", f"{_LACKING_EN} || '; {en}'"
