"""What a household's members, its neighbours and its own figures say about its circumstances."""

from povkit.views.fragments import all_of, any_of
from povkit.views.spec import Col, Part

_SEVERE = "coalesce(disability_grade IN :disability_severe_grades, FALSE)"


def _number(name: str, condition: str, zh: str, en: str) -> Col:
    return Col(name, f"count(*) FILTER (WHERE {condition})", zh, en, default="0")


CAPACITIES = Part(
    "person",
    "household_id",
    "b.household_id",
    (
        Col("all_healthy", all_of("healthy AND health_values = 1"), "全家健康", "every member is healthy"),
        Col(
            "any_disabled",
            any_of("disabled OR coalesce(is_certificate_number, FALSE)"),
            "有残疾成员",
            "a member is disabled",
        ),
        Col("any_seriously_ill", any_of("seriously_ill"), "有患大病成员", "a member is seriously ill"),
        Col(
            "any_costly_student",
            any_of("coalesce(school IN :schooling_costly, FALSE)"),
            "有高中以上在校生",
            "a member is at senior school or beyond",
        ),
        Col("all_able", all_of("able_bodied"), "全家均有劳动力", "every member is able to work"),
        Col(
            "all_frail",
            all_of(f"age < :adult_age OR age >= :retirement_age OR {_SEVERE}"),
            "全家为老、幼或重残",
            "every member is old, a child or severely disabled",
        ),
        Col(
            "any_worker",
            any_of("able_bodied AND age BETWEEN :adult_age AND :labour_age_max"),
            "有劳动年龄内劳动力",
            "a member of working age is able to work",
        ),
        Col(
            "any_supporter",
            any_of("relation IN :relations_child AND age >= :majority_age AND able_bodied"),
            "有成年且有劳动力的子女",
            "a grown child is able to work",
        ),
        Col("any_pension_age", any_of("age >= :retirement_age"), "有领养老金年龄成员", "a member is of pension age"),
        Col("any_tekun_member", any_of("tekun"), "有特困供养成员", "a member is on five-guarantee support"),
        Col("work_months_total", "sum(work_months)", "全家务工月数", "months of work of all members"),
        _number("children", "relation IN :relations_child", "户主子女数", "the head's children"),
        _number("sons", "relation = '之子'", "户主儿子数", "the head's sons"),
    ),
)

SAME_PHONE = Part(
    "raw_household",
    "phone",
    "b.phone",
    (Col("same_phone_households", "count(DISTINCT household_id)", "同一电话的户数", "households with this phone"),),
    where="phone IS NOT NULL",
    counts_itself=True,
)

SAME_ACCOUNT = Part(
    "raw_household",
    "bank_account",
    "b.bank_account",
    (
        Col(
            "same_account_households",
            "count(DISTINCT household_id)",
            "同一银行卡号的户数",
            "households with this bank account",
        ),
    ),
    where="bank_account IS NOT NULL",
    counts_itself=True,
)

VILLAGE_LAND = Part(
    "raw_household",
    "village_code",
    "b.village_code",
    (
        Col(
            "village_median_farmland_pc",
            "median(farmland / size)",
            "本村人均耕地中位数（亩）",
            "village's median farmland per head (mu)",
        ),
    ),
    where="size > 0",
)

_CONDITIONS = ("village_code", "farmland", "forest", "housing_area", "road_distance")


def _joined(prefix: str) -> str:
    return " || '|' || ".join(f"{prefix}{name}::VARCHAR" for name in _CONDITIONS)


SAME_CONDITIONS = Part(
    "raw_household",
    _joined(""),
    _joined("b."),
    (
        Col(
            "same_conditions_households",
            "count(DISTINCT household_id)",
            "同村耕地、林地、住房面积和距离完全相同的户数",
            "households of the village with the same farmland, forest, housing area and distance",
        ),
    ),
    where=" AND ".join(f"{name} IS NOT NULL" for name in _CONDITIONS),
    counts_itself=True,
)

DECREASE = Part(
    "raw_change",
    "household_id",
    "b.household_id",
    (
        Col(
            "decrease_recorded",
            "bool_or(kind = '自然减少')",
            "本年有自然减少记录（如有）",
            "a natural decrease is recorded this year, if handed in",
            default="FALSE",
        ),
    ),
    optional=True,
)

NEIGHBOURS = (SAME_PHONE, SAME_ACCOUNT, VILLAGE_LAND, SAME_CONDITIONS)

_DIGIT = "substr(reverse(bank_account), place, 1)::INTEGER * (1 + (place + 1) % 2)"
_DIGITS = f"list_transform(range(1, length(bank_account) + 1), lambda place: ({_DIGIT}) // 10 + ({_DIGIT}) % 10)"

FIGURES = (
    Col("works_away", "coalesce(work_months_total > 0, FALSE)", "有务工时间的户", "has months of work"),
    Col("farmland_pc", "farmland / nullif(size, 0)", "人均耕地（亩）", "farmland per head (mu)"),
    Col("housing_area_pc", "housing_area / nullif(size, 0)", "人均住房面积（平方米）", "housing area per head (m²)"),
    Col(
        "transfer_share",
        "transfer_income / nullif(wage_income + business_income + property_income + transfer_income, 0)",
        "转移性收入占总收入比例",
        "share of transfers in total income",
    ),
    Col(
        "transfer_share_of_net",
        "CASE WHEN net_income > 0 THEN transfer_income / net_income END",
        "转移性收入占纯收入比例",
        "share of transfers in net income",
    ),
    Col(
        "transfer_items",
        "family_planning_grant + dibao_grant + tekun_grant + pension + ecology_grant + other_transfer",
        "转移性收入子项合计",
        "sum of the kinds of transfers",
    ),
    Col(
        "bank_card_check_ok",
        "CASE WHEN :bank_card_check_digit AND regexp_matches(bank_account, '^[0-9]{16,19}$') THEN "
        f"list_sum({_DIGITS}) % 10 = 0 END",
        "银行卡号校验位正确",
        "check digit of the bank card is right",
    ),
)
