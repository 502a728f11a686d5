"""Names and identity numbers as SQL for whole lists: the same cleaning and arithmetic as `identity`, set by set."""

_CLEAN = "[0-9]{17}[0-9X][0-9A-Z]*"
_BLANKS = r"[\s\p{Z}\x{200b}-\x{200f}\x{2060}\x{feff}]+"
_WRAPPER = "^=?[\"''`\u2018\u2019\u201c\u201d]+|[\"''`\u2018\u2019\u201c\u201d]+$"
_WIDE = "０１２３４５６７８９Ｘｘ"
_HALF = "0123456789XX"
_DOTS = "•・‧∙⋅．.。"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def clean_number(number: str) -> str:
    """SQL of a number as printed on the card: half-width, no blanks, no spreadsheet wrapper, capital X."""
    bare = f"regexp_replace(regexp_replace({number}, '{_BLANKS}', '', 'g'), '{_WRAPPER}', '', 'g')"
    cleaned = f"nullif(upper(translate({bare}, '{_WIDE}', '{_HALF}')), '')"
    return f"CASE WHEN regexp_full_match({number}, '{_CLEAN}') THEN {number} ELSE {cleaned} END"


def clean_name(name: str) -> str:
    """SQL of a name for comparing: no blanks inside or around it, one kind of middle dot, capital letters."""
    dotted = f"translate({name}, '{_DOTS}', '{'·' * len(_DOTS)}')"
    cleaned = f"nullif(upper(regexp_replace({dotted}, '{_BLANKS}', '', 'g')), '')"
    return f"CASE WHEN regexp_full_match({name}, '[\\x{{4e00}}-\\x{{9fff}}]+') THEN {name} ELSE {cleaned} END"


def check_character(number: str) -> str:
    """SQL of the 18th character that belongs to 17 digits (GB 11643-1999, ISO 7064 MOD 11-2).

    number: SQL of a BIGINT made of the first 17 digits.
    """
    total = " + ".join(f"({number} // {10 ** (16 - place)}) % 10 * {w}" for place, w in enumerate(_WEIGHTS))
    return f"substr('10X98765432', ((({total}) % 11) + 1)::INTEGER, 1)"


def person_number(cleaned: str) -> str:
    """SQL of the 18 characters that are the person; a card of 15 digits is lifted to them, blank if there are fewer.

    cleaned: SQL of a cleaned number. The 15 digits of the first cards are area, yymmdd of the 1900s and sequence; 15
    characters that hold no such date are no card.
    """
    body = f"left({cleaned}, 6) || '19' || substr({cleaned}, 7)"
    digits = f"regexp_full_match({cleaned}, '[0-9]{{15}}')"
    born = date_of(f"'19' || substr({cleaned}, 7, 6)")
    check = check_character(f"TRY_CAST({body} AS BIGINT)")
    return (
        f"CASE WHEN length({cleaned}) >= 18 THEN left({cleaned}, 18) "
        f"WHEN {digits} AND {born} IS NOT NULL THEN {body} || {check} END"
    )


def date_of(digits: str) -> str:
    """SQL of the date that eight digits are; blank where there is no such day."""
    return f"TRY_CAST(try_strptime({digits}, '%Y%m%d') AS DATE)"


def body_of(number: str) -> str:
    """SQL of the first 17 digits as a BIGINT; blank if they are no digits."""
    return f"TRY_CAST(left({number}, 17) AS BIGINT)"


def has_valid_check(number: str, body: str = "") -> str:
    """SQL: 18 characters whose last is the right check character; never blank.

    body: SQL of `body_of(number)` where it is at hand. To work it out once for many rows is ten times as fast.
    """
    body = body or body_of(number)
    whole = f"length({number}) = 18 AND {body} >= 10000000000000000"
    return f"coalesce({whole} AND {check_character(body)} = right({number}, 1), FALSE)"
