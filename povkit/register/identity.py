"""Numbers of GB 11643: 18-character citizen numbers, and disability certificates of 20 or 22 that begin with one.

    530199 19630415 009 0            area (6), birth date (8), sequence (3, odd = male), check character (0-9 or X)
    530199196304150090 44            + category and grade of the disability certificate
    530199196304150090 44 B1         + mark of a certificate issued again

The engine has the same arithmetic as SQL for whole registers; these are for one number at a time.
"""

import re
import unicodedata
from datetime import date

import numpy as np
import numpy.typing as npt

PERSON_LENGTH = 18
CERTIFICATE_LENGTHS = (20, 22)
DISABILITY_CATEGORIES = {1: "视力", 2: "听力", 3: "言语", 4: "肢体", 5: "智力", 6: "精神", 7: "多重"}
DISABILITY_GRADES = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}

_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10X98765432"
_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_WRAPPER = re.compile(r'^="?(.*?)"?$|^[\'\u2018\u2019`](.*)$', re.DOTALL)


def normalise(text: str) -> str:
    """The number as it would be printed on the card: half-width, no blanks, no spreadsheet wrapper, capital X.

    Nothing else is changed and no character is lost: what is not a number stays what it is.

    >>> normalise(" ５３０１９９ 196304150090")
    '530199196304150090'
    >>> normalise('="53019919680610385x"'), normalise("'530199196304150090")
    ('53019919680610385X', '530199196304150090')
    """
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    match = _WRAPPER.match(plain)
    if match:
        plain = match.group(1) if match.group(1) is not None else match.group(2)
    return plain.upper()


def check_character(first17: str) -> str:
    """The 18th character that belongs to 17 digits (GB 11643-1999, ISO 7064 MOD 11-2).

    Raises ValueError unless given exactly 17 ASCII digits.

    >>> check_character("53019919630415009")
    '0'
    """
    if len(first17) != PERSON_LENGTH - 1 or not (first17.isascii() and first17.isdigit()):
        raise ValueError(f"17 digits are needed, not {first17!r}")
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True)) % 11]


def has_valid_check(number: str) -> bool | None:
    """Whether the 18th character is the right one; None if the first 18 are not 17 digits and a digit or X.

    >>> has_valid_check("530199196304150090"), has_valid_check("530199196304150091"), has_valid_check("5301")
    (True, False, None)
    """
    key = person_key(number)
    if key is None or not re.fullmatch(r"[0-9]{17}[0-9X]", key):
        return None
    return check_character(key[:17]) == key[17]


def valid_checks(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """`has_valid_check` for many numbers that consist of 18 digits, as integers; same shape.

    >>> valid_checks(np.array([530199196304150090, 530199196304150091])).tolist()
    [True, False]
    """
    remainder = np.zeros(numbers.shape, dtype=np.int64)
    for place in range(PERSON_LENGTH):
        remainder += numbers // 10**place % 10 * pow(2, place, 11)
    valid: npt.NDArray[np.bool_] = remainder % 11 == 1
    return valid


def person_key(number: str) -> str | None:
    """The first 18 characters, which are the person whatever card was shown; None if there are fewer.

    >>> person_key("53019919630415009044") == person_key("530199196304150090")
    True
    """
    return number[:PERSON_LENGTH] if len(number) >= PERSON_LENGTH else None


def birth_date(number: str) -> date | None:
    """The date in characters 7 to 14; None if they are no date of the calendar or the number is too short.

    >>> birth_date("530199196304150090")
    datetime.date(1963, 4, 15)
    >>> birth_date("530199196302300090") is None
    True
    """
    digits = number[6:14]
    if len(number) < PERSON_LENGTH or not re.fullmatch(r"[0-9]{8}", digits):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex(number: str) -> str | None:
    """男 if the 17th character is odd, 女 if it is even, None if it is no digit.

    >>> sex("530199196304150090"), sex("530199196010134482")
    ('男', '女')
    """
    digit = number[16:17]
    if len(number) < PERSON_LENGTH or not re.fullmatch(r"[0-9]", digit):
        return None
    return "男" if int(digit) % 2 else "女"


def disability_category(number: str) -> int | None:
    """Category digit (1 视力 ... 7 多重) of a certificate; None for any other length or digit.

    >>> disability_category("53019919750811543553"), disability_category("530199197508115435")
    (5, None)
    """
    return _certificate_digit(number, PERSON_LENGTH, DISABILITY_CATEGORIES)


def disability_grade(number: str) -> int | None:
    """Grade digit (1 the most severe ... 4) of a certificate; None for any other length or digit.

    >>> disability_grade("53019919750811543553"), disability_grade("53019919750811543553B1")
    (3, 3)
    """
    return _certificate_digit(number, PERSON_LENGTH + 1, DISABILITY_GRADES)


def _certificate_digit(number: str, place: int, known: dict[int, str]) -> int | None:
    if len(number) not in CERTIFICATE_LENGTHS or not re.fullmatch(r"[0-9]", number[place]):
        return None
    digit = int(number[place])
    return digit if digit in known else None
