"""The view of the year's changes: one row a record of who came in, returned, left or was removed."""

from povkit.views.fragments import any_of, place_of_household, place_of_village
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.vocab import Level

_INCLUSION = "kind IN ('新识别', '返贫', '误删恢复')"

NEW_RECORD = Part(
    "raw_change",
    "household_id",
    "b.household_id",
    (
        Col(
            "new_recorded",
            "bool_or(kind IN ('新识别', '误删恢复'))",
            "本年有新纳入记录（如有）",
            "taken in this year by record, if handed in",
            default="FALSE",
        ),
    ),
    optional=True,
)

NATURAL_DATES = Part(
    "raw_change",
    "household_id",
    "b.household_id",
    (
        Col(
            "changed_in_window",
            any_of('"on" BETWEEN :adjustment_from AND :adjustment_until'),
            "有开放窗口内的人口增减记录",
            "a change of members is recorded within the window",
        ),
    ),
    where="kind IN ('自然增加', '自然减少')",
)
"""Blank where a household has no record at all: that is another question."""

NEWLY = Col(
    "newly_identified",
    "new_recorded OR identified_year = :data_year",
    "本年新识别",
    "newly identified this year",
)

_SAME_YEAR = Part(
    "raw_change",
    "household_id",
    "b.household_id",
    (
        Col(
            "taken_in_after_removal",
            f"count(*) FILTER (WHERE {_INCLUSION}) > 0 AND count(*) FILTER (WHERE kind = '剔除') > 0 "
            f'AND coalesce(max("on") FILTER (WHERE {_INCLUSION}) >= min("on") FILTER (WHERE kind = \'剔除\'), TRUE)',
            "本年剔除后又纳入",
            "removed and then taken in again this year",
            default="FALSE",
        ),
        Col(
            "also_marked_new",
            "bool_or(kind = '新识别')",
            "另有新识别记录",
            "a record as newly identified exists too",
            default="FALSE",
        ),
    ),
    optional=True,
)
"""What the list says of the same household elsewhere. Without dates the removal is taken to have come first."""

_BEFORE = Part(
    "raw_household_last",
    "household_id",
    "b.household_id",
    take("household", "unsafe_house", "house_grade", prefix="last_"),
    first=True,
)

_MEMBERS_BEFORE = Part(
    "raw_person_last",
    "household_id",
    "b.household_id",
    (
        Col("any_dibao_before", any_of("dibao"), "上年有成员享受低保", "a member was on low-income guarantee"),
        Col("any_disabled_before", any_of("contains(health, '残疾')"), "上年有残疾成员", "a member was disabled"),
    ),
)

_LISTED = (
    ("on_unsafe_house_list", "危房"),
    ("on_disability_list", "残疾"),
    ("on_dibao_list", "低保"),
)

_LISTED_BEFORE = Part(
    "leaver",
    "household_id",
    "b.household_id",
    tuple(
        Col(f"removed_{name}", any_of(name), f"被剔除人员在{code}名单", f"someone removed is on the list {code}")
        for name, code in _LISTED
    ),
)

CHANGE = ViewSpec(
    "change",
    Level.HOUSEHOLD,
    "raw_change",
    (
        place_of_village(),
        place_of_household("identified_year", "head_name"),
        Part(
            "raw_household_last",
            "household_id",
            "b.household_id",
            take("household", "head_name", prefix="last_"),
            first=True,
            optional=True,
        ),
        _SAME_YEAR,
        _BEFORE,
        _MEMBERS_BEFORE,
        _LISTED_BEFORE,
    ),
    (
        (
            Col("changed_on", '"on"', "变动日期", "date of the change"),
            Col("change_is_new", "kind = '新识别'", "新识别", "newly identified"),
            Col("change_is_inclusion", _INCLUSION, "纳入", "taken in"),
            Col("change_is_new_inclusion", "kind IN ('新识别', '误删恢复')", "新纳入", "newly taken in"),
            Col("change_is_return", "kind = '返贫'", "返贫", "returned to poverty"),
            Col("change_is_restored", "kind = '误删恢复'", "误删恢复", "restored after a mistake"),
            Col("change_is_removal", "kind = '剔除'", "剔除", "removed"),
            Col("change_is_exit", "kind = '脱贫'", "脱贫", "left poverty"),
        ),
    ),
    {
        "object_id": "household_id",
        "township": "coalesce(place_township, home_township)",
        "village_code": "coalesce(village_code, home_village_code)",
        "village": "coalesce(place_village, home_village)",
        "household_id": "household_id",
        "subject": "coalesce(home_head_name, last_head_name, household_id)",
    },
)
