"""The view of visits: what inspectors found at the door, beside what the register says of the household."""

from povkit.register.schema import load_tables
from povkit.views.fragments import place_of_village
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.vocab import Level

_REGISTER = Part(
    "household",
    "household_id",
    "b.household_id",
    (
        Col("register_name", "head_name", "户主姓名", "household head"),
        Col("register_net_income_pc", "net_income_pc", "系统人均纯收入", "income per head on the register"),
        Col("register_left", "has_left_poverty", "系统标注已脱贫", "has left poverty on the register"),
        Col(
            "register_house_safe",
            "NOT (unsafe_house OR coalesce(house_grade IN :house_grades_not_secured, FALSE))",
            "系统住房安全",
            "house is safe on the register",
        ),
        Col("register_moved_in", "moved_in", "系统已入住", "has moved in on the register"),
        Col(
            "register_water_safe",
            "water_safe AND NOT coalesce(water_difficult, FALSE)",
            "系统饮水安全",
            "water is safe on the register",
        ),
        Col("register_schooled", "NOT any_out_of_school", "系统无适龄儿童失学", "nobody out of school on the register"),
        Col("register_insured", "NOT any_uninsured", "系统全户参医保", "everybody insured on the register"),
    ),
    first=True,
)

_FOUND_ON_REGISTER = Part(
    "raw_household",
    "household_id",
    "b.household_id",
    (Col("visited_on_register", "TRUE", "在册户", "household is on the register", default="FALSE"),),
    first=True,
)

VISIT = ViewSpec(
    "visit",
    Level.VISIT,
    "raw_visit",
    (place_of_village(), _FOUND_ON_REGISTER, _REGISTER),
    (
        (
            Col(
                "marked_left",
                "CASE WHEN visited_on_register THEN register_left ELSE FALSE END",
                "核查户系统标注已脱贫",
                "the visited household has left poverty on the register",
            ),
            Col(
                "guarantee_lacking",
                "NOT (house_safe AND coalesce(moved_in, TRUE) AND water_safe AND education_ok AND medical_ok "
                "AND coalesce(food_clothing_ok, TRUE))",
                "实测缺项（两不愁三保障）",
                "a guarantee is lacking at the door",
            ),
        ),
    ),
    {
        "object_id": "visit_id",
        "township": "place_township",
        "village_code": "village_code",
        "village": "place_village",
        "household_id": "household_id",
        "subject": "coalesce(register_name, household_id, visit_id)",
    },
    base_columns=take("visit", *load_tables()["visit"].columns),
)
"""Visits, one row a visit. `moved_in` and food and clothing may be left blank: they are not asked of everybody."""
