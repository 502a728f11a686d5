"""One cell of an export, read with care: blanks, wrappers, numbers with units, dates, yes and no, codes.

These functions see only the distinct values that the quick way in `clean` does not settle. A value that cannot be
understood raises `UnreadableError` with the reason, a key of `messages.WHY`.
"""

import math
import re
import unicodedata
from datetime import date, timedelta

from povkit.register.schema import Column

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)
_APOSTROPHES = "'\u2018\u2019`"
BLANK_MARKS = frozenset({"", "-", "--", "—", "——", "－", "–", "/", "\\", "null", "none", "nan", "n/a", "#n/a"})
FORMULA_ERRORS = frozenset({"#ref!", "#div/0!", "#value!", "#name?", "#num!", "#null!"})
_YES = frozenset({"是", "有", "1", "1.0", "y", "yes", "t", "true", "√", "✓", "✔", "对", "达标", "合格", "通过"})
_NO = frozenset({"否", "无", "没有", "0", "0.0", "n", "no", "f", "false", "×", "x", "✗", "✘", "错", "不是"})
_NO_RESULT = frozenset({"未达标", "不达标", "不合格", "未通过", "不通过"})

_NUMBER = re.compile(r"[¥￥]?([+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?(?:e[+-]?\d{1,2})?)([^\d.,+-].*)?")
_MONEY = {"元": 1.0, "元/年": 1.0, "元/人": 1.0, "元/人/年": 1.0, "元/人.年": 1.0, "万元": 10_000.0, "万": 10_000.0}
_UNITS: dict[str, dict[str, float]] = {
    "yuan": _MONEY,
    "10k yuan": {"万元": 1.0, "万": 1.0, "元": 1 / 10_000},
    "mu": {"亩": 1.0},
    "km": {"公里": 1.0, "千米": 1.0, "km": 1.0, "米": 1 / 1000, "m": 1 / 1000},
    "m2": {"平方米": 1.0, "平米": 1.0, "平方": 1.0, "m2": 1.0},
    "months": {"个月": 1.0, "月": 1.0},
    "degree": {"°": 1.0, "度": 1.0},
    "": {"人": 1.0, "户": 1.0, "口": 1.0, "个": 1.0, "岁": 1.0, "项": 1.0},
}

_CENTURIES = "(?:18|19|20|21)"
_DAY = re.compile(
    rf"({_CENTURIES}\d\d)(?:[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?|(\d\d)(\d\d))(?:[T ].*|\d{{1,2}}[:时].*)?"
)
_MONTH = re.compile(rf"({_CENTURIES}\d\d)(?:[-/.年](\d{{1,2}})月?|(\d\d))")
_YEAR = re.compile(rf"({_CENTURIES}\d\d)(?:\.0*)?(?:年度?)?")
_SERIAL = re.compile(r"[1-7]\d{4}(?:\.\d+)?")
_SERIAL_START = date(1899, 12, 30)

_SCIENTIFIC = re.compile(r"[+-]?(?:\d(?:\.\d+)?[eE]\+?\d{1,2}|\d+(?:\.\d+)?[eE]\+\d{1,2})")
_WITH_DECIMALS = re.compile(r"(\d+)\.0+")
_EXACT_DIGITS = 15
_LARGEST_EXACT = 10**_EXACT_DIGITS
_WITH_ZERO = re.compile(r"0\d")
_SEPARATORS = re.compile(r"[,，、;；\s]")


class UnreadableError(ValueError):
    """A value that cannot be understood; the reason is a key of `messages.WHY`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def tidy(text: str) -> str | None:
    """The text without outer blanks, invisible characters, a leading apostrophe or an `="…"` wrapper; None if blank.

    Raises UnreadableError for the result of a formula that failed (#REF! and the like; #N/A is a blank).

    >>> tidy('="0012" '), tidy("'0012"), tidy(" — "), tidy("5组\u3000")
    ('0012', '0012', None, '5组')
    """
    plain = _INVISIBLE.sub("", text).strip()
    wrapped = _WRAPPED.fullmatch(plain)
    if wrapped:
        plain = wrapped.group(1).strip()
    plain = plain.lstrip(_APOSTROPHES) if plain[:1] in _APOSTROPHES else plain
    if plain.lower() in FORMULA_ERRORS:
        raise UnreadableError("formula_error")
    return None if plain.lower() in BLANK_MARKS else plain


def compact(text: str) -> str | None:
    """`tidy`, half-width and without any blank inside; for comparing, and for values that hold no words."""
    plain = tidy(unicodedata.normalize("NFKC", text))
    return None if plain is None else "".join(plain.split())


def identity_text(text: str) -> str | None:
    """An identity number or another number kept as text: every character kept, half-width, no blanks.

    Raises UnreadableError if a spreadsheet turned it into a number and digits are lost.

    >>> identity_text("５３０１９９ 196304150090"), identity_text("85301130000001.0")
    ('530199196304150090', '85301130000001')
    """
    plain = compact(text)
    if plain is None:
        return None
    if _SCIENTIFIC.fullmatch(plain):
        raise UnreadableError("turned_to_number")
    decimals = _WITH_DECIMALS.fullmatch(plain)
    if decimals is None:
        return plain
    if len(decimals.group(1)) > _EXACT_DIGITS:
        raise UnreadableError("turned_to_number")
    return decimals.group(1)


def number(text: str, unit: str = "") -> float | None:
    """A number, in the column's unit (`yuan`, `mu`, `km` … as the contract writes it, before any `/year`).

    >>> number("1,200.5"), number("３５００元", "yuan/year"), number("500米", "km"), number("—")
    (1200.5, 3500.0, 0.5, None)
    """
    plain = compact(text)
    if plain is None:
        return None
    match = _NUMBER.fullmatch(plain.lower())
    if match is None:
        raise UnreadableError("not_a_number")
    value = float(match.group(1).replace(",", ""))
    if not math.isfinite(value):
        raise UnreadableError("not_a_number")
    suffix = match.group(2)
    if suffix is None:
        return value
    factor = _UNITS.get(unit.split("/")[0], {}).get(suffix)
    if factor is None:
        raise UnreadableError("not_a_number")
    return value * factor


def whole(text: str, unit: str = "") -> int | None:
    """A whole number: `3`, `3.0`, `3人`. Raises UnreadableError for a fraction."""
    value = number(text, unit)
    if value is None:
        return None
    if value != int(value) or abs(value) > _LARGEST_EXACT:
        raise UnreadableError("not_whole")
    return int(value)


def year(text: str) -> int | None:
    """A year, also out of a month or a day: `2014`, `2014年`, `201412`, `2014-12-31`."""
    plain = compact(text)
    if plain is None:
        return None
    match = _YEAR.fullmatch(plain) or _MONTH.fullmatch(plain) or _DAY.fullmatch(plain)
    if match is None:
        raise UnreadableError("not_a_year")
    return int(match.group(1))


def day(text: str) -> date | None:
    """A date: `2018-06-01`, `20180601`, `2018年6月1日`, `2018/6/1`, `2018.6.1`, with or without a time, Excel serial.

    A month without a day is not a date.

    >>> day("2018年6月1日"), day("43252"), day("2018/6/1 8:30")
    (datetime.date(2018, 6, 1), datetime.date(2018, 6, 1), datetime.date(2018, 6, 1))
    """
    plain = tidy(unicodedata.normalize("NFKC", text))
    if plain is None:
        return None
    plain = re.sub(r"\s*([-/.年月])\s*", r"\1", plain)
    match = _DAY.fullmatch(plain)
    if match is None:
        return _serial_day(plain)
    y, month, dom, month2, dom2 = match.groups()
    try:
        return date(int(y), int(month or month2), int(dom or dom2))
    except ValueError:
        raise UnreadableError("not_a_date") from None


def _serial_day(plain: str) -> date:
    if _SERIAL.fullmatch(plain):
        return _SERIAL_START + timedelta(days=int(float(plain)))
    raise UnreadableError("no_day" if _MONTH.fullmatch(plain) else "not_a_date")


def yes_no(text: str) -> bool | None:
    """是/否 in its spellings: 有/无, 1/0, Y/N, true/false, √/×, 达标/未达标.

    >>> yes_no(" 是"), yes_no("×"), yes_no("—")
    (True, False, None)
    """
    plain = compact(text)
    if plain is None:
        return None
    plain = plain.lower()
    if plain in _YES:
        return True
    if plain in _NO or plain in _NO_RESULT:
        return False
    raise UnreadableError("not_yes_no")


def code_labels(column: Column) -> dict[str, str]:
    """What may stand in a code column, half-width and without blanks, and the label it means (blank: no value).

    A number below ten stands without its zero too, as a spreadsheet writes it.
    """
    known = {label: label for label in column.codes} | column.aka
    labels = {compact(seen) or "": label for seen, label in known.items()}
    short = {seen[1:]: label for seen, label in labels.items() if _WITH_ZERO.fullmatch(seen)}
    return short | labels


def code(text: str, labels: dict[str, str]) -> str | None:
    """The label of a code; several are joined by an ASCII comma. What is in no list stays as it was written.

    >>> labels = {"健康": "健康", "残疾": "残疾", "大病": "患有大病"}
    >>> code("残疾、大病", labels), code(" 健 康", labels), code("良好", labels)
    ('残疾,患有大病', '健康', '良好')
    """
    plain = compact(text)
    if plain is None:
        return None
    if plain in labels:
        return labels[plain] or None
    pieces = [piece for piece in map(compact, _SEPARATORS.split(unicodedata.normalize("NFKC", text))) if piece]
    if len(pieces) > 1 and any(piece in labels for piece in pieces):
        return ",".join(filter(None, (labels.get(piece, piece) for piece in pieces))) or None
    return tidy(text)
