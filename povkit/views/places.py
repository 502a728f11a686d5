"""The village and county views."""

from povkit.views.fragments import POOR
from povkit.views.household import _count
from povkit.views.measures import VILLAGE_MEASURES
from povkit.views.shares import SHARES, shares
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.views.village_form import FORM, FORM_DERIVED, HOUSEHOLD_SUMS
from povkit.vocab import Level

_VILLAGE = (
    "township",
    "village",
    "poor_village",
    "exited",
    "exit_year",
    "households",
    "population",
    "poor_households",
    "poor_population",
    "dibao_households",
    "tekun_population",
    "disabled_population",
    "unsafe_water_households",
    "unsafe_house_households",
    "collective_income",
    "first_secretary",
    "longitude",
    "latitude",
)

REGISTERED = Part(
    "household",
    "village_code",
    "b.village_code",
    (
        Col("registered_households", "count(*)", "户表户数", "households on the register", default="0"),
        Col("registered_people", "sum(members)::BIGINT", "人表人数", "people on the register", default="0"),
        _count("registered_poor_households", POOR, "户表未脱贫户数", "registered households still poor"),
        Col(
            "registered_poor_people",
            f"(sum(members) FILTER (WHERE {POOR}))::BIGINT",
            "户表未脱贫人数",
            "registered people still poor",
            default="0",
        ),
        _count("exits_this_year", "leaves_this_year", "本年脱贫户数", "households leaving this year"),
        Col("farmland_values", "count(DISTINCT farmland)", "户表耕地面积不同值个数", "different areas of farmland"),
        Col("housing_values", "count(DISTINCT housing_area)", "户表住房面积不同值个数", "different housing areas"),
        Col("distance_values", "count(DISTINCT road_distance)", "户表距离不同值个数", "different road distances"),
        Col("any_township", "min(township)", "户表乡镇", "township on the household table"),
        Col("any_village", "min(village)", "户表行政村", "village on the household table"),
    ),
)

STANDARDS = Part(
    "raw_village_standard",
    "village_code",
    "b.village_code",
    (
        Col("standards_listed", "count(DISTINCT item)", "出列标准已列项数", "standards listed", default="0"),
        Col(
            "standards_met",
            "count(DISTINCT item) FILTER (WHERE met AND item BETWEEN 1 AND :village_standard_count)",
            "出列标准达标项数",
            "standards met",
            default="0",
        ),
        Col(
            "standards_certified",
            "count(DISTINCT item) FILTER (WHERE met AND department IS NOT NULL AND certified_on IS NOT NULL "
            "AND item BETWEEN 1 AND :village_standard_count)",
            "出列标准达标且已认定项数",
            "standards met and certified",
            default="0",
        ),
        _count("standards_failed", "NOT met", "出列标准未达标行数", "rows of standards not met"),
    ),
)

CHANGES = Part(
    "raw_change",
    "village_code",
    "b.village_code",
    (
        _count(
            "inclusions_this_year", "kind IN ('新识别', '返贫', '误删恢复')", "本年新纳入户数", "taken in this year"
        ),
        _count("removals_this_year", "kind = '剔除'", "本年剔除户数", "removed this year"),
    ),
)

PLAN = Part(
    "raw_plan",
    "code",
    "b.village_code",
    (
        Col("planned_exits", "max(exit_households)", "计划脱贫户数", "planned exits"),
        Col("planned_exit_people", "max(exit_people)", "计划脱贫人数", "planned exits, people"),
        Col("planned_inclusions", "max(new_households)", "计划新增户数", "planned inclusions"),
    ),
    where="level = '村'",
)

VILLAGE = ViewSpec(
    "village",
    Level.VILLAGE,
    "(SELECT village_code FROM raw_village WHERE village_code IS NOT NULL "
    "UNION SELECT village_code FROM raw_household WHERE village_code IS NOT NULL)",
    (
        Part(
            "raw_village",
            "village_code",
            "b.village_code",
            (
                *take("village", *_VILLAGE, *FORM),
                Col("in_village_table", "TRUE", "村表中有此村", "on the village table", default="FALSE"),
            ),
            first=True,
        ),
        Part(
            "raw_village_last",
            "village_code",
            "b.village_code",
            take("village", "exited", "poor_households", "poor_population", prefix="last_"),
            first=True,
        ),
        REGISTERED,
        HOUSEHOLD_SUMS,
        VILLAGE_MEASURES,
        STANDARDS,
        CHANGES,
        PLAN,
        *shares("village_code", "b.village_code"),
    ),
    (
        (
            *SHARES,
            *FORM_DERIVED,
            Col("code_length", "length(village_code)", "行政村代码位数", "length of the village code"),
            Col("code_county", "left(village_code, 6)", "行政村代码前六位", "county in the village code"),
            Col(
                "incidence_pct",
                "CASE WHEN population > 0 THEN 100.0 * poor_population / population END",
                "贫困发生率（%）",
                "poverty incidence (%)",
            ),
            Col("placed", "longitude IS NOT NULL AND latitude IS NOT NULL", "已采集坐标", "location collected"),
            Col("newly_exited", "exited AND NOT last_exited", "上年以来出列", "exited since last year"),
            Col(
                "standards_due",
                "exited AND (standards_listed > 0 OR coalesce(exit_year >= :data_year, TRUE))",
                "出列标准应逐项达标",
                "the exit standards must be shown (this year's exits, and earlier ones that hand them in)",
            ),
        ),
    ),
    {
        "object_id": "village_code",
        "township": "coalesce(township, any_township)",
        "village_code": "village_code",
        "village": "coalesce(village, any_village)",
        "subject": "coalesce(village, any_village)",
    },
    base_columns=(Col("village_code", "village_code", "行政村代码", "village code"),),
)

COUNTY = ViewSpec(
    "county",
    Level.COUNTY,
    "(SELECT :leaves_this_year AS leaving)",
    (
        Part(
            "raw_milestone",
            "TRUE",
            "TRUE",
            (
                Col(
                    "handed_to_city_on",
                    "min(\"on\") FILTER (WHERE step = '县报市')",
                    "县报市日期",
                    "handed to the city",
                ),
                Col(
                    "handed_to_province_on",
                    "min(\"on\") FILTER (WHERE step = '市报省')",
                    "市报省日期",
                    "handed to the province",
                ),
            ),
        ),
        *shares("TRUE", "TRUE"),
    ),
    (SHARES,),
    {"object_id": ":county_code", "subject": ":county_code"},
    base_columns=(Col("county_leaves", "leaving", "本年退出县", "county leaves this year"),),
)
