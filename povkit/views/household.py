"""The household view: one row a household on the register."""

from povkit.views.changes import NATURAL_DATES, NEW_RECORD, NEWLY
from povkit.views.circumstances import CAPACITIES, DECREASE, FIGURES, NEIGHBOURS
from povkit.views.exits import (
    CERTIFICATES,
    EXIT_PROCEDURE,
    EXIT_RECORDED,
    REHOUSING,
    STATUS_BEFORE,
    WHEN_LEFT,
    WHETHER_LEFT,
)
from povkit.views.fragments import all_of, any_of
from povkit.views.helpers import HELPERS, HELPERS_LAST
from povkit.views.measures import MEASURE_PARTS, NAMED_IN_COUNTY
from povkit.views.person import CONTRADICTING, SECTOR_COLUMNS
from povkit.views.repeats import HOUSEHOLD_NUMBERS, SAME_FAMILY, SAME_POINT
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.vocab import Level

_LAST = (
    "status",
    "category",
    "exit_year",
    "cause",
    "size",
    "wage_income",
    "business_income",
    "property_income",
    "transfer_income",
    "business_cost",
    "net_income",
    "net_income_pc",
    "farmland",
    "irrigated",
    "hamlet",
    "moved_in",
    "housing_area",
)


def _count(name: str, condition: str, zh: str, en: str) -> Col:
    return Col(name, f"count(*) FILTER (WHERE {condition})", zh, en, default="0")


def _the_sex(name: str, relation: str, zh: str, en: str) -> Col:
    """Sex of those in a relation to the head; blank where they differ (two heads, two spouses)."""
    those = f"FILTER (WHERE relation = '{relation}')"
    return Col(
        name, f"CASE WHEN min(sex_known) {those} = max(sex_known) {those} THEN min(sex_known) {those} END", zh, en
    )


def _through(code: str, name: str) -> tuple[Col, Col]:
    """Through whom a list speaks of the household: members on it by their relation to the head, and possible ones."""
    return (
        Col(
            f"relations_{name}",
            f"array_to_string(list_sort(list_distinct(list(relation) "
            f"FILTER (WHERE relation IS NOT NULL AND {name}))), '、')",
            f"在{code}名单的成员与户主关系",
            f"relation to the head of members on the list {code}",
        ),
        _count(
            f"members_possibly_{name}",
            f"{name} IS NULL AND contains(match_lists, '{code}')",
            f"疑似在{code}名单的成员数",
            f"members possibly on the list {code}",
        ),
    )


MEMBERS = Part(
    "person",
    "household_id",
    "b.household_id",
    (
        Col("members", "count(coalesce(person_id, name))", "成员行数", "member rows", default="0"),
        _count("heads", "relation = '户主'", "户主人数", "heads"),
        _count("spouses", "relation = '配偶'", "配偶人数", "spouses"),
        _count("members_without_relation", "relation IS NULL", "与户主关系为空人数", "members whose relation is blank"),
        _the_sex("head_sex", "户主", "户主性别", "head's sex"),
        _the_sex("spouse_sex", "配偶", "配偶性别", "spouse's sex"),
        Col("head_age", "max(age) FILTER (WHERE relation = '户主')", "户主年龄", "head's age"),
        _count("dibao_members", "dibao", "享受低保人数", "members on low-income guarantee"),
        _count("tekun_members", "tekun", "特困供养人数", "members on five-guarantee support"),
        Col("any_dibao_member", any_of("dibao"), "有成员享受低保", "a member is on low-income guarantee"),
        Col("any_uninsured", any_of("uninsured"), "有成员未参医保", "a member is not insured"),
        _count("uninsured_members", "uninsured", "未参医保人数", "members not insured"),
        Col("any_out_of_school", any_of("out_of_school"), "有适龄儿童不在校", "a child of school age is not at school"),
        _count("out_of_school_children", "out_of_school", "适龄不在校人数", "children out of school"),
        _count("able_members", "able_bodied", "有劳动力人数", "members able to work"),
        _count("disabled_members", "disabled", "残疾人数", "disabled members"),
        _count("seriously_ill_members", "seriously_ill", "患大病人数", "seriously ill members"),
        Col(
            "any_adult_member", any_of("age >= :adult_age"), "有劳动年龄以上成员", "a member is of working age or older"
        ),
        Col("any_minor_member", any_of("age < :majority_age"), "有未成年成员", "a member is a minor"),
        Col("any_member_at_school", any_of("at_school"), "有成员在校", "a member is at school"),
        Col(
            "any_member_elsewhere",
            any_of("own_village <> home_village"),
            "有成员的行政村与户表不同",
            "a member's village differs from the household's",
        ),
        Col(
            "any_member_in_other_hamlet",
            any_of("hamlet <> home_hamlet"),
            "有成员的村组与户表不同",
            "a member's village group differs from the household's",
        ),
        _count("working_members", "worked_away", "有务工时间人数", "members who worked away"),
        _count("public_job_members", "has_public_job", "有公益性岗位人数", "members with a public job"),
        _count("old_members", "age >= :retirement_age", "领养老金年龄人数", "members of pension age"),
        _count("student_members", "at_school", "在校人数", "members at school"),
        Col("all_without_labour", all_of("without_labour"), "整户无劳动能力", "nobody is able to work"),
        *(
            _count(f"members_{name}", name, f"在{code}名单的成员数", f"members on the list {code}")
            for code, name in SECTOR_COLUMNS.items()
        ),
        *(column for code in CONTRADICTING for column in _through(code, SECTOR_COLUMNS[code])),
    ),
)

CHANGES = Part(
    "raw_change",
    "household_id",
    "b.household_id",
    tuple(
        Col(name, f"bool_or(kind = '{kind}')", f"本年有{kind}记录", f"this year's changes: {kind}", default="FALSE")
        for name, kind in (
            ("change_new", "新识别"),
            ("change_return", "返贫"),
            ("change_exit", "脱贫"),
            ("change_removed", "剔除"),
            ("change_restored", "误删恢复"),
            ("change_natural_increase", "自然增加"),
            ("change_natural_decrease", "自然减少"),
        )
    ),
)

VILLAGE = Part(
    "raw_village",
    "village_code",
    "b.village_code",
    (
        Col("village_exited", "exited", "所在村已出列", "village has exited"),
        Col("village_exit_year", "exit_year", "所在村出列年度", "village's exit year"),
        Col("village_is_poor_village", "poor_village", "所在村为贫困村", "village is a poor village"),
        Col("place_village", "village", "行政村", "village"),
        Col("place_township", "township", "乡镇", "township"),
    ),
    first=True,
)

_OTHER_CAUSES = "string_split(nullif(trim(regexp_replace(other_causes, '[,，、;；\\s]+', ',', 'g'), ','), ''), ',')"
"""The other causes as a list; blank gives a blank list."""

_DERIVED = (
    (
        *WHETHER_LEFT,
        NEWLY,
        *NAMED_IN_COUNTY,
        Col("size_changed", "size <> last_size", "家庭人口数与上年不同", "size differs from last year's"),
        *FIGURES,
        Col(
            "total_income",
            "wage_income + business_income + property_income + transfer_income",
            "四项收入合计",
            "sum of the four kinds of income",
        ),
        Col("other_cause_count", f"coalesce(len({_OTHER_CAUSES}), 0)", "其他致贫原因项数", "number of other causes"),
        Col(
            "cause_repeated",
            f"CASE WHEN {_OTHER_CAUSES} IS NULL THEN FALSE "
            f"WHEN cause IS NOT NULL THEN list_contains({_OTHER_CAUSES}, cause) END",
            "其他原因与主要原因重复",
            "an other cause repeats the main one",
        ),
        Col(
            "backstop",
            "category IN :categories_dibao OR category IN :categories_tekun OR all_without_labour",
            "兜底类户",
            "depends on welfare (low-income guarantee, five-guarantee, or nobody able to work)",
        ),
        Col("placed", "longitude IS NOT NULL AND latitude IS NOT NULL", "已采集坐标", "location collected"),
        Col("household_number_length", "length(household_id)", "户编号位数", "length of the household number"),
        Col(
            "household_number_changed",
            "NOT list_contains(last_household_numbers, household_id)",
            "户编号与上年不同",
            "household number differs from last year's",
        ),
    ),
    WHEN_LEFT,
)

HOUSEHOLD = ViewSpec(
    "household",
    Level.HOUSEHOLD,
    "raw_household",
    (
        VILLAGE,
        Part(
            "raw_household_last",
            "household_id",
            "b.household_id",
            (
                *take("household", *_LAST, prefix="last_"),
                Col("on_register_last", "TRUE", "上年在册", "on last year's register", default="FALSE"),
            ),
            first=True,
        ),
        MEMBERS,
        CAPACITIES,
        *NEIGHBOURS,
        DECREASE,
        HELPERS,
        HELPERS_LAST,
        *MEASURE_PARTS,
        SAME_POINT,
        NEW_RECORD,
        NATURAL_DATES,
        CHANGES,
        CERTIFICATES,
        EXIT_PROCEDURE,
        EXIT_RECORDED,
        STATUS_BEFORE,
        REHOUSING,
        *HOUSEHOLD_NUMBERS,
        SAME_FAMILY,
    ),
    _DERIVED,
    {
        "object_id": "household_id",
        "township": "coalesce(township, place_township)",
        "village_code": "village_code",
        "village": "coalesce(village, place_village)",
        "household_id": "household_id",
        "subject": "head_name",
    },
)
