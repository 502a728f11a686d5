"""People of one year's register who are not on the other's: who left, and who came in."""

from povkit.register.schema import load_tables
from povkit.views.deaths import DEATHS, months_lived
from povkit.views.fragments import BIRTH_IN_NUMBER, HOME, any_of, place_of_household
from povkit.views.links import in_doubt, person_key
from povkit.views.person import sector_flags
from povkit.views.spec import Col, Part, ViewSpec, take
from povkit.vocab import Level


def _absent(here: str, there: str) -> str:
    """Rows of people who are in one relation and, by number and by person number, not in the other."""
    return (
        f"(SELECT here.* FROM {here} here "
        f"ANTI JOIN {there} other ON left(other.id_number, 18) = left(here.id_number, 18) "
        f"ANTI JOIN {there} same ON same.person_id = here.person_id)"
    )


def _recorded(kind: str, *columns: Col) -> Part:
    return Part("raw_change", "household_id", "b.household_id", columns, where=f"kind = '{kind}'")


_COLUMNS = take("person", *(name for name in load_tables()["person"].columns if name not in ("township", "village")))
_IDENTITY = {**HOME, "object_id": "person_id", "person_id": "person_id", "subject": "name"}

LEAVER = ViewSpec(
    "leaver",
    Level.PERSON,
    _absent("raw_person_last", "raw_person"),
    (
        place_of_household(),
        _recorded(
            "自然减少",
            Col("decrease_recorded", "TRUE", "户有自然减少记录", "a natural decrease is recorded", default="FALSE"),
            Col(
                "stays_on_roll",
                any_of("regexp_matches(reason, :decrease_stays_words)"),
                "减少原因不注销户籍",
                "the cause of the decrease leaves the person on the police register",
            ),
        ),
        sector_flags("left(b.id_number, 18)"),
        in_doubt("person_last", "entry_key", person_key("b.")),
        DEATHS,
    ),
    (
        (
            Col(
                "left_naturally",
                "decrease_recorded AND on_household_table",
                "自然减少人员",
                "left a household that stays on the register, by a recorded natural decrease",
            ),
            months_lived("months_lived_last", ":last_year", "上年在世月数", "months lived last year"),
        ),
    ),
    _IDENTITY,
    base_columns=_COLUMNS,
)
"""People of last year's register who are not on this year's."""

NEWCOMER = ViewSpec(
    "newcomer",
    Level.PERSON,
    _absent("raw_person", "raw_person_last"),
    (
        place_of_household(),
        Part(
            "raw_household_last",
            "household_id",
            "b.household_id",
            (Col("household_last", "TRUE", "户上年在册", "household was on last year's register", default="FALSE"),),
            first=True,
        ),
        _recorded(
            "自然增加",
            Col("increase_recorded", "TRUE", "户有自然增加记录", "a natural increase is recorded", default="FALSE"),
            Col(
                "moved_in_by_record",
                any_of("regexp_matches(reason, :increase_moved_words)"),
                "增加原因为嫁入、转入等",
                "the recorded cause is marriage or a move",
            ),
        ),
    ),
    (
        (
            Col("birth", f"coalesce(birth_date, {BIRTH_IN_NUMBER})", "出生日期（无则取证件）", "birth date"),
            Col(
                "joined_naturally",
                "increase_recorded AND household_last",
                "自然增加人员",
                "joined a household that was on the register, by a recorded natural increase",
            ),
        ),
        (Col("age", "date_sub('year', birth, :as_of)", "年龄（周岁）", "age in whole years"),),
    ),
    _IDENTITY,
    base_columns=_COLUMNS,
)
"""People of this year's register who are not on last year's."""
