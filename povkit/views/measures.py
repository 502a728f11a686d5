"""Assistance measures: what a household, a village and the county have on record, and one row a measure."""

from povkit.register.schema import load_tables
from povkit.views.fragments import any_of, place_of_household, place_of_village
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.vocab import Level


def _kinds(name: str, limit: str, zh: str, en: str) -> Col:
    return Col(name, f"count(*) FILTER (WHERE kind IN :{limit})", zh, en, default="0")


def _named(name: str, limit: str, zh: str, en: str) -> Col:
    return Col(name, f"count(*) FILTER (WHERE regexp_matches(content, :{limit}))", zh, en, default="0")


MEASURES = Part(
    "raw_measure",
    "household_id",
    "b.household_id",
    (
        Col("measures", "count(*)", "帮扶措施条数", "assistance measures", default="0"),
        _kinds("measures_illness", "measure_kinds_illness", "因病帮扶措施条数", "measures for illness"),
        _kinds("measures_schooling", "measure_kinds_schooling", "因学帮扶措施条数", "measures for schooling"),
        _kinds("measures_disability", "measure_kinds_disability", "因残帮扶措施条数", "measures for disability"),
        _kinds("measures_housing", "measure_kinds_rehousing", "住房帮扶措施条数", "measures for housing"),
        _kinds("measures_water", "measure_kinds_water", "饮水帮扶措施条数", "measures for water"),
        Col(
            "given_a_job",
            "CASE WHEN count(*) FILTER (WHERE kind IN :measure_kinds_work "
            "AND regexp_matches(content, :measure_words_job)) > 0 THEN TRUE "
            "WHEN count(*) FILTER (WHERE kind IN :measure_kinds_work AND coalesce(content = kind, TRUE)) "
            "> 0 THEN NULL ELSE FALSE END",
            "就业帮扶措施为转移就业或公益性岗位",
            "a measure for work is a job, not only training",
        ),
        _kinds("measures_industry", "measure_kinds_industry", "产业帮扶措施条数", "measures for business"),
        Col(
            "measures_relocation",
            "count(*) FILTER (WHERE kind = :measure_kind_relocation)",
            "易地搬迁措施条数",
            "relocation measures",
            default="0",
        ),
        Col(
            "relocation_overdue",
            "min(starts) FILTER (WHERE kind = :measure_kind_relocation) < make_date(:data_year, 1, 1)",
            "搬迁措施早于本年",
            "relocation began before this year",
        ),
        Col(
            "measures_loan",
            "count(*) FILTER (WHERE kind IN :measure_kinds_loan OR regexp_matches(content, :measure_words_loan))",
            "小额信贷措施条数",
            "loan measures",
            default="0",
        ),
        _named("measures_rainplan", "measure_words_rainplan", "雨露计划措施条数", "vocational grants (Yulu plan)"),
        _named("measures_dibao", "measure_words_dibao", "低保措施条数", "low-income guarantee measures"),
        _named("measures_tekun", "measure_words_tekun", "特困供养措施条数", "five-guarantee measures"),
        _named("measures_disabled_grant", "measure_words_disabled", "残疾人补贴措施条数", "disability grants"),
    ),
)
"""Measures of a household."""

WATER_WORKS = Part(
    "raw_measure",
    "village_code",
    "b.village_code",
    (_kinds("village_measures_water", "measure_kinds_water", "村饮水措施条数", "village's measures for water"),),
    where="household_id IS NULL",
)


_GRANTS = (
    ("rainplan", "measure_words_rainplan", "雨露计划", "the Yulu plan", "school IN :schools_vocational"),
    ("dibao", "measure_words_dibao", "低保", "the guarantee", "dibao"),
    ("tekun", "measure_words_tekun", "特困供养", "five-guarantee support", "tekun"),
    (
        "disabled_grant",
        "measure_words_disabled",
        "残疾人补贴",
        "a disability grant",
        "length(id_number) IN :id_lengths_disability AND substr(id_number, 20, 1) IN :disability_severe_grades",
    ),
)
"""Grants that a list of measures may name: name, words, zh, en, and who must have it, in SQL over people."""

GIVEN_IN_COUNTY = Part(
    "raw_measure",
    "TRUE",
    "TRUE",
    tuple(
        Col(
            f"county_given_{name}",
            f"count(DISTINCT household_id) FILTER (WHERE regexp_matches(content, :{words}))",
            f"本县措施有{zh}的户数",
            f"households of the county with {en} among the measures",
            default="0",
        )
        for name, words, zh, en, _ in _GRANTS
    ),
)

OWED_IN_COUNTY = Part(
    "raw_person",
    "TRUE",
    "TRUE",
    tuple(
        Col(
            f"county_owed_{name}",
            f"count(DISTINCT household_id) FILTER (WHERE {owed})",
            f"本县应有{zh}的户数",
            f"households of the county with somebody who must have {en}",
            default="0",
        )
        for name, _, zh, en, owed in _GRANTS
    ),
)

NAMED_IN_COUNTY = tuple(
    Col(
        f"county_names_{name}",
        f"county_given_{name} > 0 AND county_given_{name} >= :grant_recorded_share_min * county_owed_{name}",
        f"本县措施记有{zh}",
        f"the county's measures name {en}",
    )
    for name, _, zh, en, _ in _GRANTS
)
"""Whether the county's list records a grant at all: where it hardly does, a missing name says nothing."""

RECIPIENTS = Part(
    "person",
    "household_id",
    "b.household_id",
    (
        Col(
            "any_ill_member",
            any_of("regexp_matches(health, '长期慢性病|患有大病')"),
            "有成员患慢性病或大病",
            "a member is chronically or seriously ill",
        ),
        Col(
            "any_vocational_student",
            any_of("coalesce(school, '') IN :schools_vocational"),
            "有成员就读中高职",
            "a member is at a vocational school",
        ),
        Col(
            "severely_disabled_members",
            "count(*) FILTER (WHERE disability_grade IN :disability_severe_grades)",
            "一、二级残疾人数",
            "severely disabled members",
            default="0",
        ),
        Col(
            "any_member_of_loan_age",
            any_of("age BETWEEN :adult_age AND :loan_age_max"),
            "有成员在贷款年龄内",
            "a member is of an age for loans",
        ),
    ),
)
"""For whom measures are meant."""

MEASURE_PARTS = (MEASURES, WATER_WORKS, GIVEN_IN_COUNTY, OWED_IN_COUNTY, RECIPIENTS)
"""What the household view takes from here."""

VILLAGE_MEASURES = Part(
    "raw_measure",
    "village_code",
    "b.village_code",
    (Col("village_measures", "count(*)", "村级帮扶措施条数", "village's measures", default="0"),),
    where="household_id IS NULL",
)
"""Measures of a village: rows without a household."""

_COLUMNS = take("measure", *load_tables()["measure"].columns)
_DATED = (Col("started_year", "date_part('year', starts)", "实施年度", "year in which it began"),)

MEASURE = ViewSpec(
    "measure",
    Level.HOUSEHOLD,
    "(SELECT * FROM raw_measure WHERE household_id IS NOT NULL)",
    (place_of_village(), place_of_household("identified_year", "head_name")),
    (_DATED,),
    {
        "object_id": "household_id",
        "township": "coalesce(home_township, place_township)",
        "village_code": "coalesce(home_village_code, village_code)",
        "village": "coalesce(home_village, place_village)",
        "household_id": "household_id",
        "subject": "home_head_name",
    },
    base_columns=_COLUMNS,
)
"""Measures of households, one row a measure."""

VILLAGE_MEASURE = ViewSpec(
    "village_measure",
    Level.VILLAGE,
    "(SELECT * FROM raw_measure WHERE household_id IS NULL AND village_code IS NOT NULL)",
    (place_of_village(),),
    (_DATED,),
    {
        "object_id": "village_code",
        "township": "place_township",
        "village_code": "village_code",
        "village": "place_village",
        "subject": "place_village",
    },
    base_columns=_COLUMNS,
)
"""Measures of villages, one row a measure."""
