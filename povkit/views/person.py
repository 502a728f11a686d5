"""The person view: one row a person on the register."""

from povkit.views.before import CHECK_BEFORE, NUMBER_BEFORE
from povkit.views.deaths import DEATHS, MONTHS_LIVED
from povkit.views.fragments import BIRTH_IN_NUMBER, HOME, ID18, check_character, place_of_household
from povkit.views.links import in_doubt, list_flags, person_key
from povkit.views.repeats import HEAD_OF_PERSON, PERSON_NUMBERS
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.vocab import Level

SECTOR_COLUMNS = {
    "危房": "on_unsafe_house_list",
    "大病": "on_serious_illness_list",
    "残疾": "on_disability_list",
    "特困供养": "on_tekun_list",
    "独居老人": "on_lone_elderly_list",
    "低保": "on_dibao_list",
    "学籍": "on_school_list",
    "死亡": "on_death_list",
    "机动车": "on_vehicle_list",
    "商品房": "on_bought_flat_list",
    "财政供养": "on_public_payroll_list",
    "工商登记": "on_company_list",
    "村干部": "on_village_cadre_list",
    "农业户籍": "on_agricultural_list",
}
"""Sector list (its code in the contract) -> the column that says whether the person is on it."""

CONTRADICTING = ("机动车", "商品房", "财政供养", "工商登记", "村干部")
"""Lists that speak against being poor."""


def sector_flags(key_on: str) -> Part:
    """Which departments' lists people beside the register are on, by nothing but the number's first 18 characters.

    key_on: SQL of those characters; fewer than 18 match nobody, so whether the person is listed stays unknown.
    """
    unlisted = f"CASE WHEN length({key_on}) >= 18 THEN FALSE END"
    return Part(
        "raw_sector",
        ID18,
        key_on,
        tuple(
            Col(name, f"bool_or(list = '{code}')", f"在{code}名单", f"on the list {code}", default=unlisted)
            for code, name in SECTOR_COLUMNS.items()
        ),
        where="id_number IS NOT NULL",
    )


_LAST = ("name", "sex", "birth_date", "ethnicity", "id_number", "school", "education", "health", "labour", "relation")

_NUMBER = (
    Col("id_length", "length(id_number)", "证件号码位数", "length of the number"),
    Col("id18", ID18, "证件号码前18位", "first 18 characters"),
    Col("last_id18", "left(last_id_number, 18)", "上年证件号码前18位", "last year's first 18 characters"),
    Col("number_whole", "length(id_number) >= 18", "证件号码不少于18位", "number has 18 characters or more"),
    Col(
        "is_card_number",
        "length(id_number) IN :id_lengths_identity_card",
        "证件号码为身份证号码位数",
        "number is as long as an identity card's",
    ),
    Col(
        "is_certificate_number",
        "length(id_number) IN :id_lengths_disability",
        "证件号码为残疾人证号码位数",
        "number is as long as a disability certificate's",
    ),
    Col(
        "id_body",
        "CASE WHEN regexp_matches(id_number, '^[0-9]{17}') THEN TRY_CAST(left(id_number, 17) AS BIGINT) END",
        "证件号码前17位",
        "first 17 digits",
    ),
    Col(
        "id_birth_date",
        BIRTH_IN_NUMBER,
        "证件号码中的出生日期",
        "birth date in the number",
    ),
    Col(
        "id_sex",
        "CASE WHEN length(id_number) >= 18 AND regexp_matches(substr(id_number, 17, 1), '[0-9]') "
        "THEN CASE substr(id_number, 17, 1)::INTEGER % 2 WHEN 1 THEN '男' ELSE '女' END END",
        "证件号码中的性别",
        "sex in the number",
    ),
    Col(
        "disability_category",
        "CASE WHEN length(id_number) IN :id_lengths_disability THEN substr(id_number, 19, 1) END",
        "残疾类别码",
        "disability category digit",
    ),
    Col(
        "disability_grade",
        "CASE WHEN length(id_number) IN :id_lengths_disability THEN substr(id_number, 20, 1) END",
        "残疾等级码",
        "disability grade digit",
    ),
    Col(
        "id_province",
        "CASE WHEN length(id_number) >= 18 THEN left(id_number, 2) END",
        "证件号码前两位",
        "first two digits of the number",
    ),
    Col("person_number_length", "length(person_id)", "人编号位数", "length of the person number"),
    Col("name_length", "length(name)", "姓名字数", "characters of the name"),
    Col("healthy", "list_contains(string_split(health, ','), '健康')", "健康状况含健康", "health includes healthy"),
    Col("disabled", "list_contains(string_split(health, ','), '残疾')", "健康状况含残疾", "health includes disabled"),
    Col(
        "seriously_ill",
        "list_contains(string_split(health, ','), '患有大病')",
        "健康状况含患有大病",
        "health includes serious illness",
    ),
    Col("health_values", "len(string_split(health, ','))", "健康状况项数", "number of health values"),
    Col("has_school_status", "school IS NOT NULL", "填有在校生状况", "a school status is filled in"),
    Col("at_school", "school IS NOT NULL AND school NOT IN :school_not_enrolled", "在校", "at school"),
    Col(
        "excused_from_school",
        "len(list_filter(string_split(health, ','), lambda one: one IN :compulsory_school_excused_health)) > 0",
        "健康状况可缓学、免学",
        "health may excuse from school",
    ),
    Col(
        "schooling_done",
        "coalesce(education IN :compulsory_school_done, FALSE)",
        "已完成义务教育",
        "has finished compulsory school",
    ),
    Col(
        "weakened_by_illness",
        "len(list_filter(string_split(health, ','), lambda one: one IN :health_weakening)) > 0",
        "患大病或慢性病",
        "has an illness that weakens",
    ),
    Col(
        "was_disabled",
        "list_contains(string_split(last_health, ','), '残疾')",
        "上年健康状况含残疾",
        "last year's health included disabled",
    ),
    Col(
        "was_seriously_ill",
        "list_contains(string_split(last_health, ','), '患有大病')",
        "上年健康状况含患有大病",
        "last year's health included serious illness",
    ),
    Col(
        "uninsured",
        "NOT medical_insurance AND NOT coalesce(employee_medical_insurance, FALSE)",
        "未参加基本医疗保险（居民、职工均无）",
        "in no basic medical insurance, the residents' or the employees'",
        spare=("employee_medical_insurance",),
    ),
    Col("own_village", "village", "人表行政村", "village on the people's table"),
    Col("has_work_months", "work_months IS NOT NULL", "填有务工时间", "months of work are filled in"),
    Col("able_bodied", "labour IN ('普通劳动力', '技能劳动力')", "有劳动力", "able to work"),
    Col("without_labour", "labour IN ('无劳动力', '丧失劳动力')", "无劳动能力", "unable to work"),
)

_WORK = (
    Col("worked_away", "coalesce(work_months > 0, FALSE)", "有务工时间", "worked away from home"),
    Col(
        "has_public_job",
        "public_job IS NOT NULL AND public_job NOT IN :words_for_none",
        "有公益性岗位",
        "has a public job",
    ),
    Col("has_public_job_months", "coalesce(public_job_months > 0, FALSE)", "有公益岗月数", "has months of public job"),
    Col(
        "has_employer",
        "employer IS NOT NULL AND employer NOT IN :words_for_none",
        "填有务工企业名称",
        "an employer is filled in",
    ),
    Col(
        "has_dropout_reason",
        "dropout_reason IS NOT NULL AND dropout_reason NOT IN :words_for_none",
        "填有失学或辍学原因",
        "a reason for leaving school is filled in",
    ),
    Col(
        "person_number_changed",
        "NOT list_contains(last_person_numbers, person_id)",
        "人编号与上年不同",
        "person number differs from last year's",
    ),
)

_DERIVED = (
    Col(
        "id_check_ok",
        "CASE WHEN length(id_number) >= 18 THEN "
        f"coalesce({check_character('id_body')} = substr(id_number, 18, 1), FALSE) END",
        "校验位正确",
        "check character is right",
    ),
    Col("birth", "coalesce(birth_date, id_birth_date)", "出生日期（无则取证件）", "birth date (else from the number)"),
    Col("sex_known", "coalesce(sex, id_sex)", "性别（无则取证件）", "sex (else from the number)"),
)

_KIN = (
    Col(
        "years_younger_than_head",
        "date_sub('year', head_birth, birth)",
        "比户主小的周岁数",
        "whole years younger than the head (below 0: older)",
    ),
)

AGES = (
    Col("age", "date_sub('year', birth, :as_of)", "年龄（周岁）", "age in whole years"),
    Col(
        "school_age",
        "date_sub('year', birth, CASE WHEN :as_of < :school_cutoff_on THEN :school_cutoff_last "
        "ELSE :school_cutoff_on END)",
        "入学年龄（周岁）",
        "age at the last school cut-off",
    ),
)

SCHOOLING = (
    Col(
        "out_of_school",
        "school_age BETWEEN :compulsory_school_age_min AND :compulsory_school_age_max "
        "AND NOT at_school AND NOT excused_from_school AND NOT schooling_done",
        "适龄健康儿童不在校",
        "healthy child of school age not at school",
    ),
)

PERSON = ViewSpec(
    "person",
    Level.PERSON,
    "raw_person",
    (
        place_of_household("status", "category", "cause", "exit_year", "head_name", "hamlet", "business_income"),
        Part("raw_person_last", "person_id", "b.person_id", take("person", *_LAST, prefix="last_"), first=True),
        Part(
            "raw_person",
            ID18,
            "left(b.id_number, 18)",
            (
                Col("same_number_rows", "count(*)", "前18位相同的行数", "rows with the same 18 characters"),
                Col(
                    "same_number_lengths",
                    "count(DISTINCT length(id_number))",
                    "前18位相同的号码种数",
                    "lengths among the same 18 characters",
                ),
                Col(
                    "same_number_townships",
                    "count(DISTINCT township)",
                    "前18位相同的乡镇数",
                    "townships among the same 18 characters",
                ),
                Col(
                    "same_number_names",
                    "count(DISTINCT name)",
                    "前18位相同的姓名数",
                    "names among the same 18 characters",
                ),
            ),
            where="id_number IS NOT NULL",
            counts_itself=True,
        ),
        list_flags(SECTOR_COLUMNS),
        in_doubt("sector", "person_key", person_key("b.")),
        DEATHS,
        HEAD_OF_PERSON,
        *PERSON_NUMBERS,
    ),
    (_NUMBER, (*NUMBER_BEFORE, *_WORK, *_DERIVED, MONTHS_LIVED), (CHECK_BEFORE, *_KIN, *AGES), SCHOOLING),
    {
        **HOME,
        "township": "coalesce(home_township, township)",
        "village": "coalesce(home_village, village)",
        "object_id": "person_id",
        "person_id": "person_id",
        "subject": "name",
    },
)
