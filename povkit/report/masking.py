"""Names, identity numbers, phones, bank accounts, birth dates and diagnoses made unreadable for print.

Rules: of a name only the surname is kept; of an 18-character identity number the first six characters (the area) and
the last two; of any other long number the first six; of a phone or bank account the first three digits; of a birth
date the year; of a diagnosis or disability nothing. The day of birth and most of the sequence number stay hidden, so
that even with the age, the sex and the check character known thousands of numbers remain possible. Length is kept,
since some findings are about it.
"""

import re
from typing import Any

STAR = "*"
PLACE_LEVELS = frozenset({"village", "township", "county"})
_COMPOUND = frozenset(
    re.findall(
        "..",
        "欧阳司马上官诸葛司徒夏侯尉迟公孙令狐皇甫慕容宇文长孙东方独孤南宫端木呼延轩辕公冶澹台濮阳淳于单于太史申屠钟离",
    )
)
_THINGS = frozenset(
    ("village", "township", "county", "town", "city", "province", "standard", "item", "school", "list", "table", "file")
)
_OPEN_NUMBERS = ("household_id", "person_id", "problem_id", "visit_id", "code")
_PEOPLE = frozenset({"first_secretary", "visitor", "handled_by", "subject", "names"})
_DIAGNOSES = frozenset({"health", "last_health", "disability_category", "disability_grade"})
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{15,21}[0-9Xx](?![0-9A-Za-z])|(?<![0-9A-Za-z])\d{15}(?![0-9A-Za-z])")
_ID_PART = re.compile(r"id\d+")
_LARGEST_COUNT = 10**6
_PHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
_SENSITIVE_HEADERS = (
    ("id_number", ("证件号", "身份证")),
    ("phone", ("电话", "手机")),
    ("bank_account", ("银行卡", "账号")),
    ("birth_date", ("出生",)),
    ("name", ("姓名", "责任人", "第一书记")),
)


def mask_name(name: str) -> str:
    """Keep the surname, one star for each further character.

    >>> mask_name("张三丰"), mask_name("欧阳锋"), mask_name("张三")
    ('张**', '欧阳*', '张*')
    """
    name = name.strip()
    if len(name) < 2:
        return STAR * len(name)
    keep = 2 if len(name) > 2 and name[:2] in _COMPOUND else 1
    return name[:keep] + STAR * (len(name) - keep)


def mask_number(number: str) -> str:
    """Keep the area code, and the last two characters of an identity number.

    >>> mask_number("530199196304150090"), mask_number("53019919630415009043")
    ('530199**********90', '530199**************')
    """
    number = number.strip()
    if len(number) == 18:
        return number[:6] + STAR * 10 + number[-2:]
    keep = 6 if len(number) > 12 else 2
    return number[:keep] + STAR * max(len(number) - keep, 0)


def mask_short(number: str) -> str:
    """Keep the first three characters of a phone number or bank account.

    >>> mask_short("13812345678")
    '138********'
    """
    number = number.strip()
    return number[:3] + STAR * max(len(number) - 3, 0) if len(number) > 4 else STAR * len(number)


def mask_birth(date: str) -> str:
    """Keep the year of a birth date.

    >>> mask_birth("1963-04-15")
    '1963-**-**'
    """
    return date[:4] + re.sub(r"\d", STAR, date[4:])


def mask_text(text: str) -> str:
    """Mask what looks like an identity number or a mobile phone inside free text."""
    return _PHONE.sub(lambda hit: mask_short(hit[0]), _LONG_NUMBER.sub(lambda hit: mask_number(hit[0]), text))


def kind_of(column: str, level: str = "") -> str:
    """What a column holds: name, id_number, phone, bank_account, birth_date, illness, or "" for nothing personal."""
    if column in _DIAGNOSES:
        return "illness"
    words = set(column.lower().split("_"))
    if "phone" in words:
        return "phone"
    if {"bank", "account"} <= words:
        return "bank_account"
    if "identity" in words or {"id", "number"} <= words or any(_ID_PART.fullmatch(word) for word in words):
        return "id_number"
    if "birth" in words or "born" in words:
        return "birth_date"
    person = column in _PEOPLE or ("name" in words and not words & _THINGS)
    return "name" if person and level not in PLACE_LEVELS else ""


def mask_illness(_: str) -> str:
    """A diagnosis, or the kind and grade of a disability, whatever it is.

    >>> mask_illness("患有大病,残疾")
    '***'
    """
    return STAR * 3


_MASKS = {
    "name": mask_name,
    "id_number": mask_number,
    "phone": mask_short,
    "bank_account": mask_short,
    "birth_date": mask_birth,
    "illness": mask_illness,
}


def mask_as(kind: str, value: Any) -> Any:
    """Mask a value, or each value of a list or mapping, as that kind; other text only where it looks like a number.

    Truth values and counts (below a million) stay: how many share a phone is nobody's phone.
    """
    if isinstance(value, dict):
        return {key: mask_as(kind, inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [mask_as(kind, inner) for inner in value]
    if value is None or (isinstance(value, int | float) and abs(value) < _LARGEST_COUNT):
        return value
    if kind:
        return _MASKS[kind](str(value))
    return mask_text(value) if isinstance(value, str) else value


def mask_evidence(evidence: dict[str, Any], level: str) -> dict[str, Any]:
    """Mask the values of a finding's evidence by the names of its columns.

    A problem record quotes another field (`field` names it, `value` and the like hold it): those are masked as that
    field. Numbers of households, people, villages and problem records stay.
    """
    quoted = _kind_of_header(str(evidence.get("field") or ""))
    masked: dict[str, Any] = {}
    for column, value in evidence.items():
        if column in {"limits", "field"} or column.endswith(_OPEN_NUMBERS):
            masked[column] = value
        else:
            kind = kind_of(column, level) or (quoted if "value" in column.split("_") else "")
            masked[column] = mask_as(kind, value)
    return masked


def _kind_of_header(header: str) -> str:
    return next((kind for kind, marks in _SENSITIVE_HEADERS if any(mark in header for mark in marks)), "")
