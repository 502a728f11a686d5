"""D: health, disability, ability to work, and months of work of people."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("D02", "person", zh="“健康”与其他健康状况并列")
def healthy_and_something_else(p: Columns, limits: Any) -> nw.Expr:
    """Health says healthy beside something else.

    Why: nobody is healthy and ill at once; one of the values is left over.
    Basis: the register's form, state of health; S4.1.
    Flags: healthy is among several values; blank cannot be judged.
    """
    return p.healthy & (p.health_values > 1)


@rule("D03", "person", zh="残疾但无残疾人证号码", within="disabled")
def disabled_without_certificate(p: Columns, limits: Any) -> nw.Expr:
    """Disabled, but the number is not a disability certificate's.

    Why: without the certificate's number the grade is unknown and grants cannot be checked.
    Basis: the register's form asks for the certificate's number; S4.1.
    Flags: health includes disabled and the number has not a certificate's length; blank number cannot be judged.
    """
    return ~p.is_certificate_number


@rule("D04", "person", zh="有残疾人证而健康状况无“残疾”", within="is_certificate_number")
def certificate_without_disability(p: Columns, limits: Any) -> nw.Expr:
    """Number is a disability certificate's, but health does not say disabled.

    Why: the certificate proves the disability, so the state of health was not brought up to date.
    Basis: the register's form, state of health; S4.1.
    Flags: health without disabled, whatever else it says; blank health cannot be judged.
    """
    return ~p.disabled


@rule("D05", "person", zh="一、二级肢体残疾为普通劳动力", within="is_certificate_number")
def severe_limb_disability_at_work(p: Columns, limits: Any) -> nw.Expr:
    """Severe disability of the limbs, but ordinary ability to work.

    Why: grades one and two rarely leave the full ability to work; the help would miss the person.
    Basis: digits of the disability certificate; practice; S4.1.
    Flags: category limbs, a severe grade, and ordinary labour; blank labour cannot be judged.
    """
    limbs: nw.Expr = p.disability_category == limits.disability_limb_category
    severe = limbs & p.disability_grade.is_in(limits.disability_severe_grades)
    ordinary: nw.Expr = p.labour == limits.labour_ordinary
    return severe & ordinary


@rule("D07", "person", zh="未满劳动年龄而不是“无劳动力”")
def child_able_to_work(p: Columns, limits: Any) -> nw.Expr:
    """Child below working age is not marked as without labour.

    Why: a child is no labour; the household's labour would be overstated.
    Basis: Labour Law, article 15; the register's form, labour; S4.1.
    Flags: below the age at the date of the check and any other value; blank labour or birth date cannot be judged.
    """
    child: nw.Expr = p.age < limits.adult_age
    labour: nw.Expr = p.labour != limits.labour_none
    return child & labour


@rule("D11", "person", zh="健康而丧失劳动力")
def healthy_but_lost_labour(p: Columns, limits: Any) -> nw.Expr:
    """Healthy, but the ability to work is lost.

    Why: ability is lost by illness or disability; one of the two fields is wrong.
    Basis: the register's form, state of health and labour; S4.1.
    Flags: healthy alone and labour lost; healthy beside other values is D02's; blank cannot be judged.
    """
    healthy: nw.Expr = p.health == limits.health_healthy
    lost: nw.Expr = p.labour == limits.labour_lost
    return healthy & lost


@rule("D15", "person", zh="无劳动能力却有务工时间", within="has_work_months")
def months_of_work_without_labour(p: Columns, limits: Any) -> nw.Expr:
    """Unable to work, but months of work.

    Why: who cannot work has not been away to work; ability or months were mistyped.
    Basis: the register's form, labour and months of work; S4.1.
    Flags: no labour or labour lost, and more than zero months; blank labour cannot be judged, blank months are no work.
    """
    return p.labour.is_in(limits.labour_without) & (p.work_months > 0)


@rule("D16", "person", zh="务工时间超出一年或为负数", within="has_work_months")
def months_of_work_in_a_year(p: Columns, limits: Any) -> nw.Expr:
    """Months of work are negative or more than a year has.

    Why: the field counts months of this year; wages per month are worked out from it.
    Basis: the register's form, months of work; S4.1.
    Flags: below zero or above the months of a year; a cell that is no number is reported when files are read in.
    """
    too_many: nw.Expr = p.work_months > limits.work_months_max
    return (p.work_months < 0) | too_many


@rule("D08", "person", zh="在校生不是“无劳动力”")
def pupil_able_to_work(p: Columns, limits: Any) -> nw.Expr:
    """Pupil or student is not marked as without labour.

    Why: who is at school does not earn; the household's labour would be overstated.
    Basis: a local reading of the form that one list ran; other places count students of working age as labour, hence a
    hint; S4.1.
    Flags: at school and any other value; a child below working age is D07's too; blank labour cannot be judged.
    """
    labour: nw.Expr = p.labour != limits.labour_none
    return p.at_school & labour


@rule("D09", "person", zh="劳动年龄内健康非在校而无、弱或丧失劳动力")
def healthy_adult_without_full_labour(p: Columns, limits: Any) -> nw.Expr:
    """Healthy and of working age, not at school, but without full ability to work.

    Why: the label makes a household look like one that must live on welfare.
    Basis: rule lists that offices ran; S4.1. The ages are policy.
    Flags: within the ages, healthy alone, not at school, and weak, lost or no labour; a blank among them cannot be
    judged.
    """
    of_age = p.age.is_between(limits.adult_age, limits.labour_age_max)
    healthy: nw.Expr = p.health == limits.health_healthy
    return of_age & healthy & ~p.at_school & p.labour.is_in(limits.labour_reduced)


@rule("D10", "person", zh="劳动年龄内非在校而无劳动力")
def adult_without_labour(p: Columns, limits: Any) -> nw.Expr:
    """Of working age, not at school, but marked as having no labour.

    Why: "no labour" is for children, pupils and the old; who lost the ability by illness or disability is marked so.
    Basis: rule lists that offices ran, up to 59 or to 65 years; S4.1. The ages are policy.
    Flags: within the ages, not at school, and no labour; a blank among them cannot be judged.
    """
    of_age = p.age.is_between(limits.adult_age, limits.labour_age_max)
    none: nw.Expr = p.labour == limits.labour_none
    return of_age & ~p.at_school & none


@rule("D12", "person", zh="已过劳动年龄而为普通或技能劳动力")
def pensioner_with_full_labour(p: Columns, limits: Any) -> nw.Expr:
    """Of pension age, but fully able to work.

    Why: the label was not brought up to date; the household looks stronger than it is.
    Basis: rule lists that offices ran; S4.1. The age is policy.
    Flags: at the age or older, and ordinary or skilled labour; who farms on is to be evidenced; blank cannot be judged.
    """
    old: nw.Expr = p.age >= limits.retirement_age
    return old & p.able_bodied


@rule("D13", "person", zh="高龄有劳动力而既无务工又无经营收入")
def idle_labour_of_the_old(p: Columns, limits: Any) -> nw.Expr:
    """Old and fully able to work, but neither works away nor lives in a household with a business.

    Why: nothing in the record shows this labour at work, so the label is likely out of date.
    Basis: rule lists that offices ran; S4.1. The age is policy.
    Flags: at the age or older, ordinary or skilled labour, no months of work, and no business income of the household;
    business income blank cannot be judged.
    """
    old: nw.Expr = p.age >= limits.idle_labour_age
    return old & p.able_bodied & ~p.worked_away & (p.home_business_income <= 0)


@rule("D14", "person", zh="大病、重残、慢性病而为普通或技能劳动力")
def ill_with_full_labour(p: Columns, limits: Any) -> nw.Expr:
    """Ill or severely disabled, but fully able to work.

    Why: health or labour is out of date; the help would miss the person.
    Basis: rule lists that offices ran; S4.1. The states of health and the grades are policy.
    Flags: a weakening illness, or a severe grade on the disability certificate, and ordinary or skilled labour; blank
    labour, or blank health without such a grade, cannot be judged.
    """
    severe = p.is_certificate_number & p.disability_grade.is_in(limits.disability_severe_grades)
    return (p.weakened_by_illness | severe) & p.able_bodied
