"""The people of the families: numbers, health, schooling, ability to work, in both data years."""

import numpy as np

from povkit.simulate.arrays import Array, Columns, count_by, filled, known, pick
from povkit.simulate.assumptions import LAST, THIS
from povkit.simulate.families import HEAD, INLAW, SON, SPOUSE, birth_dates
from povkit.simulate.names import full_names, surnames
from povkit.simulate.numbers import Numbers
from povkit.simulate.schooling import draw_tracks, educations, schools

ORDINARY, SKILLED, WEAK, LOST, NONE = "普通劳动力", "技能劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力"
ADULT, OLD, VERY_OLD = 16, 60, 66
_MARRIED_IN = (SPOUSE, INLAW)


def complete_people(rng: np.random.Generator, people: Columns, homes: int, numbers: Numbers) -> None:
    """Add names, numbers, health, schooling and labour to the people of `homes` families, in place."""
    n = len(people["home"])
    people["birth"] = birth_dates(rng, people["age"])
    people["id18"] = numbers.draw(rng, people["birth"], people["male"])
    people["name"] = full_names(rng, _family_names(rng, people, homes), people["male"])
    people["ethnicity"] = pick(rng, {"汉族": 0.72, "彝族": 0.16, "回族": 0.07, "苗族": 0.05}, homes)[people["home"]]
    _health(rng, people)
    track = draw_tracks(rng, ~np.isin(people["role"], (HEAD, *_MARRIED_IN, SON)))
    for year in (LAST, THIS):
        people[f"school{year}"] = schools(people["birth"], track, year)
    settled = rng.bit_generator.random_raw()
    for year in (LAST, THIS):
        married_in = np.isin(people["role"], (*_MARRIED_IN, SON))
        same = np.random.default_rng(settled)
        people[f"education{year}"] = educations(same, people["age"], track, people[f"school{year}"], married_in)
    people["political"] = np.where((people["age"] >= 24) & (rng.random(n) < 0.04), "中共党员", "群众").astype(object)
    _labour(rng, people)


def _family_names(rng: np.random.Generator, people: Columns, homes: int) -> Array:
    """The head's surname for his or her blood relations, another for those who married in."""
    own = surnames(rng, homes)[people["home"]]
    return np.where(np.isin(people["role"], _MARRIED_IN), surnames(rng, len(own)), own)


def _health(rng: np.random.Generator, people: Columns) -> None:
    age, n = people["age"], len(people["age"])
    band = np.digitize(age, (ADULT, OLD))
    chance = rng.random(n)
    disabled = chance < np.array([0.008, 0.032, 0.06])[band]
    chronic = ~disabled & (chance < np.array([0.012, 0.085, 0.26])[band])
    category = rng.integers(1, 8, n)
    grade = rng.choice((1, 2, 3, 4), n, p=(0.1, 0.2, 0.35, 0.35))
    people["disabled"], people["chronic"] = disabled, chronic
    people["severe"] = disabled & (grade <= 2)
    digits = category.astype(str).astype(object) + grade.astype(str).astype(object)
    people["grade"] = filled(disabled, np.array(["", "一级", "二级", "三级", "四级"], dtype=object)[grade])
    people["id_number"] = np.where(disabled, people["id18"] + digits, people["id18"])
    people["health"] = np.where(disabled, "残疾", np.where(chronic, "长期慢性病", "健康")).astype(object)


def _labour(rng: np.random.Generator, people: Columns) -> None:
    skilled = rng.random(len(people["age"])) < 0.15
    spry = rng.random(len(people["age"])) < 0.35
    for year in (LAST, THIS):
        age = people["age"] - (THIS - year)
        frail = people["disabled"] | people["chronic"]
        labour = np.where(skilled, SKILLED, ORDINARY).astype(object)
        labour[frail] = WEAK
        labour[age >= OLD] = WEAK
        labour[(age >= VERY_OLD) & (frail | ~spry | (age >= 75))] = NONE
        labour[people["severe"]] = LOST
        labour[(age < ADULT) | known(people[f"school{year}"])] = NONE
        people[f"labour{year}"] = labour


def able(people: Columns, year: int) -> Array:
    """Ordinary or skilled labour."""
    return np.isin(people[f"labour{year}"].astype(str), (ORDINARY, SKILLED))


def with_labour(people: Columns, year: int) -> Array:
    """Ordinary, skilled or weak labour: not wholly without."""
    some: Array = able(people, year) | (people[f"labour{year}"] == WEAK)
    return some


def present(people: Columns, year: int) -> Array:
    """Whether a person is alive and born at the end of a year."""
    return ~people["born"] if year == LAST else ~people["died"]


def sizes(people: Columns, homes: int, year: int) -> Array:
    """Members of each home in a year."""
    return count_by(people["home"], homes, present(people, year))


def assign_work(rng: np.random.Generator, people: Columns) -> None:
    """Who goes out to work, where, and for how many months; at most those who can be paid keep it later."""
    n = len(people["age"])
    place = pick(rng, {"乡（镇）内": 0.1, "乡（镇）外县内": 0.35, "县外省内": 0.3, "省外": 0.25}, n)
    months = rng.integers(3, 11, n)
    goes = (rng.random(n) < 0.55) & (people["age"] < OLD)
    for year in (LAST, THIS):
        shift = rng.integers(-1, 2, n)
        working = goes & able(people, year) & present(people, year)
        people[f"months{year}"] = np.where(working, months + shift, 0)
        people[f"work_place{year}"] = filled(working, place)


def give_serious_illness(rng: np.random.Generator, people: Columns, where: Array) -> None:
    """Turn half of the chronic illnesses of the people at `where` into serious ones, in both years."""
    ill = where & people["chronic"] & (rng.random(len(where)) < 0.5)
    people["health"][ill] = "患有大病"
    people["serious"] = ill
