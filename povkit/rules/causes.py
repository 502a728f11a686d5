"""G: causes of poverty and of a return to it, held against what the record says of the household."""

from typing import Any

import narwhals as nw

from povkit.rules.rule import Columns, rule


@rule("G02", "household", zh="其他致贫原因过多")
def too_many_other_causes(h: Columns, limits: Any) -> nw.Expr:
    """More other causes of poverty than the form allows.

    Why: the form takes one main cause and a few others; a longer list hides what help is needed.
    Basis: note on the national form; S4.1.
    Flags: more entries than the limit; at the limit, and blank, are clear.
    """
    too_many: nw.Expr = h.other_cause_count > limits.other_causes_max
    return too_many


@rule("G03", "household", zh="其他致贫原因与主要致贫原因重复")
def other_cause_repeats_main(h: Columns, limits: Any) -> nw.Expr:
    """An other cause of poverty repeats the main one.

    Why: a repeated cause says nothing, so one of the two was chosen wrongly.
    Basis: rule lists that offices ran; S4.1.
    Flags: the main cause stands among the others; no others is clear; others without a main cause cannot be judged.
    """
    return h.cause_repeated


@rule("G15", "household", zh="返贫户返贫原因为空", within="has_returned")
def returned_without_cause(h: Columns, limits: Any) -> nw.Expr:
    """Returned to poverty without a cause.

    Why: only certain causes let a household return, so the cause must be there.
    Basis: the form's section on returns; S2.1b.
    Flags: blank; whether a cause that is there is allowed is G16's question.
    """
    return h.return_cause.is_null()


@rule("G16", "household", zh="返贫原因不在允许范围", within="has_returned")
def returned_for_other_cause(h: Columns, limits: Any) -> nw.Expr:
    """Returned to poverty for a cause that is not allowed.

    Why: only illness, disaster or schooling count as a return; for anything else the lack is made good instead.
    Basis: the source notice; S2.1b.
    Flags: a cause that names none of the allowed ones, also beside others or with a remark; blank cannot be judged.
    """
    return ~h.return_cause.str.contains("|".join(limits.return_causes_allowed))


@rule("G04", "household", zh="因病致贫而全家健康", within="not_yet_left")
def ill_cause_in_healthy_household(h: Columns, limits: Any) -> nw.Expr:
    """Poor because of illness, and everybody is healthy.

    Why: either the cause or a member's state of health is wrong. A household that left may have recovered: its cause
    is history, so this and the following checks speak only of those that have not.
    Basis: rule lists that offices ran; S4.1.
    Flags: illness as the main cause and every member healthy; a blank health and nobody ill cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_illness
    return because & h.all_healthy


@rule("G05", "household", zh="因残致贫而全家无残疾人", within="not_yet_left")
def disability_cause_without_disabled(h: Columns, limits: Any) -> nw.Expr:
    """Poor because of disability, and nobody is disabled.

    Why: either the cause or a member's state of health is wrong.
    Basis: rule lists that offices ran; S4.1.
    Flags: disability as the main cause and no member whose health says disabled or whose number is a certificate's;
    a blank health and nobody disabled cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_disability
    return because & ~h.any_disabled


@rule("G06", "household", zh="因学致贫而无高中以上在校生", within="not_yet_left")
def schooling_cause_without_student(h: Columns, limits: Any) -> nw.Expr:
    """Poor because of schooling, and nobody is at a school that costs much.

    Why: compulsory school is free, so either the cause or a member's school status is wrong.
    Basis: rule lists that offices ran; which schools count is policy; S4.1.
    Flags: schooling as the main cause and no member at senior school or beyond; blank cause cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_schooling
    return because & ~h.any_costly_student


@rule("G07", "household", zh="缺劳动力致贫而劳动力不少", within="not_yet_left")
def labour_cause_with_enough_labour(h: Columns, limits: Any) -> nw.Expr:
    """Poor for want of labour, and there are hands enough.

    Why: either the cause or the members' ability to work is wrong.
    Basis: rule lists that offices ran, which differ in how many are enough; S4.1.
    Flags: want of labour as the main cause and as many able members as the limit, or such a share of the household; a
    household without members cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_labour
    share = nw.when(h.members > 0).then(h.able_members / h.members)
    many: nw.Expr = h.able_members >= limits.labour_enough_members
    return because & (many | (share >= limits.labour_enough_share))


@rule("G08", "household", zh="缺劳动力致贫而全家均有劳动力", within="not_yet_left")
def labour_cause_with_everyone_able(h: Columns, limits: Any) -> nw.Expr:
    """Poor for want of labour, and everybody is able to work.

    Why: the cause contradicts every member's entry.
    Basis: rule lists of 2023; S4.1.
    Flags: want of labour as the main cause and every member able; a blank ability and nobody unable cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_labour
    return because & h.all_able


@rule("G09", "household", zh="缺土地致贫而人均耕地高于本村中位数", within="not_yet_left")
def land_cause_with_land(h: Columns, limits: Any) -> nw.Expr:
    """Poor for want of land, with more of it per head than half of the village's registered households.

    Why: where the neighbours live on less, land is not what is missing.
    Basis: inferred, hence a hint; S4.1.
    Flags: want of land as the main cause and farmland per head above the median of the village's households on the
    register; on the median is clear; blank land or size cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_land
    return because & (h.farmland_pc > h.village_median_farmland_pc)


@rule("G10", "household", zh="缺水致贫而饮水安全、不困难且有灌溉", within="not_yet_left")
def water_cause_with_water(h: Columns, limits: Any) -> nw.Expr:
    """Poor for want of water, with safe and easy water and irrigated land.

    Why: neither the house nor the fields lack water; the cause or these fields are wrong.
    Basis: inferred, hence a hint; S4.1.
    Flags: want of water as the main cause, water safe and not difficult, some land irrigated; a blank that decides
    cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_water
    return because & h.water_safe & ~h.water_difficult & (h.irrigated > 0)


@rule("G11", "household", zh="交通条件落后致贫而硬化路通到户且紧邻主干路", within="not_yet_left")
def transport_cause_at_paved_road(h: Columns, limits: Any) -> nw.Expr:
    """Poor for bad transport, with a paved road to the door beside the main road.

    Why: the way out is as good as a village has it; the cause or these fields are wrong.
    Basis: inferred, hence a hint; S4.1.
    Flags: transport as the main cause, a paved way in, and the main road no farther than the limit; a blank that
    decides cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_transport
    near: nw.Expr = h.road_distance <= limits.road_at_door_km
    return because & h.road_type.is_in(limits.road_types_paved) & near


@rule("G12", "household", zh="缺资金或缺技术致贫而整户无劳动力", within="not_yet_left")
def means_cause_without_labour(h: Columns, limits: Any) -> nw.Expr:
    """Poor for want of money or skills, and nobody is able to work.

    Why: neither loan nor training helps such a household; the cause is labour, illness or disability.
    Basis: known practice, hence a hint; S4.1.
    Flags: such a main cause and every member unable to work; a blank ability and nobody able cannot be judged.
    """
    return h.cause.is_in(limits.causes_of_the_able) & h.all_without_labour


@rule("G13", "household", zh="因灾致贫而无灾害说明")
def disaster_cause_without_note(h: Columns, limits: Any) -> nw.Expr:
    """Poor because of a disaster that nobody describes.

    Why: which disaster, and when, is what shows that the cause is right.
    Basis: inferred, hence a hint; the note is a column beyond the 2018 export; S4.1.
    Flags: disaster as the main cause and a blank note; a blank cause cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_disaster
    return because & h.disaster_note.is_null()


@rule("G14", "household", zh="自身发展动力不足用于特困、重残或老幼户", within="not_yet_left")
def motivation_cause_of_the_frail(h: Columns, limits: Any) -> nw.Expr:
    """Poor for want of motivation, in a household too old, young or disabled to work.

    Why: whoever cannot work does not lack the will to; the true cause is hidden.
    Basis: known practice, hence a hint; S4.1.
    Flags: motivation as the main cause and the five-guarantee attribute, or every member old, a child or severely
    disabled; a blank that decides cannot be judged.
    """
    because: nw.Expr = h.cause == limits.cause_motivation
    return because & (h.category.is_in(limits.categories_tekun) | h.all_frail)
