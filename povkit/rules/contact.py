"""H: telephone and bank account of a household, held against other households'."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("H16", "household", zh="多户使用同一联系电话")
def phone_of_several_households(h: Columns, limits: Any) -> nw.Expr:
    """One telephone number for several households.

    Why: a helper's or an official's number stands in for the household's, which then cannot be reached.
    Basis: rule lists of 2023; S4.1.
    Flags: a mobile number that another household has too; numbers that are none are H15's; blank cannot be judged.
    """
    return h.phone.str.contains(limits.phone_pattern) & (h.same_phone_households > 1)


@rule("H17", "household", zh="多户使用同一银行卡号", face="重复")
def account_of_several_households(h: Columns, limits: Any) -> nw.Expr:
    """One bank account for several households.

    Why: grants of one household go to another.
    Basis: rule lists that offices ran; S3.3.
    Flags: an account that another household has too; blank cannot be judged here and is flagged as such.
    """
    return h.same_account_households > 1


@rule("H17", "household", zh="银行卡号校验位错误", face="校验位")
def card_number_fails_check(h: Columns, limits: Any) -> nw.Expr:
    """Bank card number fails its check digit.

    Why: a mistyped number sends the grant nowhere.
    Basis: known practice; the last digit of a card is worked out from the others (Luhn); S3.3.
    Flags: 16 to 19 digits with a wrong last one. Only where the policy says that the list holds cards and no passbooks;
    elsewhere every number is clear. Other lengths, and blank, cannot be judged.
    """
    return ~h.bank_card_check_ok & nw.lit(limits.bank_card_check_digit)
