"""A: identity numbers and certificates of people."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("A02", "person", zh="证件号码长度异常")
def length_of_number(p: Columns, limits: Any) -> nw.Expr:
    """Number has an unlawful length.

    Why: a number that lost or gained a character names nobody, so no department's list can be matched.
    Basis: the register's form; GB 11643; S4.1.
    Flags: any length but those of identity cards and disability certificates; blank is A01's and cannot be judged.
    """
    return ~p.id_length.is_in(limits.id_lengths)


@rule("A03", "person", zh="身份证号码校验位错误", within="is_card_number")
def check_character_of_card(p: Columns, limits: Any) -> nw.Expr:
    """Check character of the identity card number is wrong.

    Why: the last character is worked out from the other 17, so at least one of the 18 was mistyped.
    Basis: GB 11643 (ISO 7064 MOD 11-2); S4.1.
    Flags: numbers as long as an identity card's whose 18th character is not the expected one, or with other characters
    than digits before it. Other lengths are for A02 and A04.
    """
    return ~p.id_check_ok


@rule("A04", "person", zh="残疾人证号码前18位校验错误", within="is_certificate_number")
def check_character_of_certificate(p: Columns, limits: Any) -> nw.Expr:
    """Check character within the disability certificate number is wrong.

    Why: the certificate's first 18 characters are the identity number, so at least one of them was mistyped.
    Basis: GB 11643 for the first 18 characters; S4.1.
    Flags: numbers as long as a disability certificate's whose 18th character is not the expected one.
    """
    return ~p.id_check_ok


@rule("A05", "person", zh="残疾类别或等级码非法", within="is_certificate_number")
def digits_of_certificate(p: Columns, limits: Any) -> nw.Expr:
    """Category or grade digit of the disability certificate does not exist.

    Why: the two digits after the identity number say what the help is for; these say nothing.
    Basis: numbering of the disability certificate; S4.1.
    Flags: 19th character not a category, or 20th not a grade.
    """
    return ~(
        p.disability_category.is_in(limits.disability_categories) & p.disability_grade.is_in(limits.disability_grades)
    )


@rule("A06", "person", zh="证件类型与号码长度不匹配")
def type_against_length(p: Columns, limits: Any) -> nw.Expr:
    """Kind of document does not fit the number's length.

    Why: a certificate number under "identity card", or the reverse, hides who is disabled.
    Basis: the register's form; S4.1.
    Flags: identity card with a certificate's length, or certificate with a card's; a length that fits neither is A02's;
    blank type cannot be judged.
    """
    called_card: nw.Expr = (p.id_type == limits.id_type_identity_card) & p.is_certificate_number
    called_certificate: nw.Expr = (p.id_type == limits.id_type_disability) & p.is_card_number
    return called_card | called_certificate


@rule("A07", "person", zh="证件号码重复（库内）")
def number_used_twice(p: Columns, limits: Any) -> nw.Expr:
    """Number stands in several rows.

    Why: a person can be registered once only; either one row is too many or one number is another's.
    Basis: the register's form; first 18 characters; S4.1.
    Flags: several rows with the same first 18 characters, unless it is one person under identity card and disability
    certificate (one name, each length once), which is A08.
    """
    one_each = (p.same_number_rows == p.same_number_lengths) & (p.same_number_names == 1)
    return (p.same_number_rows > 1) & ~one_each


@rule("A08", "person", zh="同一人同时有身份证和残疾人证两条记录")
def card_and_certificate(p: Columns, limits: Any) -> nw.Expr:
    """One person is registered by identity card and again by disability certificate.

    Why: the person is counted twice; the certificate's first 18 characters are the identity number.
    Basis: first 18 characters and name; S4.1.
    Flags: several rows with the same first 18 characters and one name, of different lengths. Different names are A07's.
    """
    return (p.same_number_lengths > 1) & (p.same_number_names == 1)


@rule("A09", "person", zh="证件号码中的出生日期非法或超范围", within="number_whole")
def birth_date_in_number(p: Columns, limits: Any) -> nw.Expr:
    """Birth date in the number is impossible.

    Why: no such day, a day too long ago or one yet to come means that the number was mistyped or made up.
    Basis: GB 11643, characters 7 to 14; S4.1.
    Flags: not a day of the calendar, before the earliest birth year, or after the date of the check.
    """
    day = p.id_birth_date
    too_early: nw.Expr = day.dt.year() < limits.earliest_birth_year
    too_late: nw.Expr = day > limits.as_of
    return day.is_null() | too_early | too_late


@rule("A10", "person", zh="出生日期与证件号码不符")
def birth_date_against_number(p: Columns, limits: Any) -> nw.Expr:
    """Birth date differs from the one in the number.

    Why: one of the two is wrong, and ages decide on schooling, labour and pensions.
    Basis: GB 11643, characters 7 to 14; S4.1.
    Flags: both dates known and different; blank, or no date in the number (A09), cannot be judged.
    """
    return p.birth_date != p.id_birth_date


@rule("A11", "person", zh="性别与证件号码不符")
def sex_against_number(p: Columns, limits: Any) -> nw.Expr:
    """Sex differs from the one in the number.

    Why: one of the two is wrong.
    Basis: GB 11643, 17th character: odd is male; S4.1.
    Flags: both known and different; blank, or a number that is too short, cannot be judged.
    """
    return p.sex != p.id_sex


@rule("A12", "person", zh="虚拟或占位证件号码")
def made_up_number(p: Columns, limits: Any) -> nw.Expr:
    """Number is a placeholder.

    Why: a row of nines was typed in to get past the form; the person cannot be matched with any list.
    Basis: rule lists that offices ran; S4.1. The digits are policy.
    Flags: the number contains one of the parts, or starts with one of the starts; blank is A01's.
    """
    patterns = [*limits.id_placeholder_parts, *(f"^{start}" for start in limits.id_placeholder_starts)]
    return p.id_number.str.contains("|".join(patterns))


@rule("A14", "person", zh="证件号码前两位不是省级行政区划代码")
def area_of_number(p: Columns, limits: Any) -> nw.Expr:
    """First two digits of the number are no province.

    Why: numbers are issued by counties; one that begins elsewhere was mistyped or made up.
    Basis: GB 11643, characters 1 and 2; GB/T 2260; known practice without a source, hence a hint; S4.1.
    Flags: not one of the province codes. The other four digits are not held against a list, since county codes of
    former years stay valid; a number that is too short cannot be judged.
    """
    return ~p.id_province.is_in(limits.province_codes)


@rule("A19", "person", zh="证件号码疑似被电子表格改坏")
def number_damaged_by_spreadsheet(p: Columns, limits: Any) -> nw.Expr:
    """Number ends in zeros or stands in scientific notation, as a spreadsheet leaves it.

    Why: a spreadsheet keeps 15 digits of a number; the last ones are lost and must be asked for again.
    Basis: known practice; offices wrote numbers as text to avoid it; S4.1. The pattern is policy.
    Flags: the number fits the pattern. A number in scientific notation is already reported when files are read in. An
    honest number may end so; its card is the evidence.
    """
    return p.id_number.str.contains(limits.id_spreadsheet_pattern)
