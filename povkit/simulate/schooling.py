"""At school or not, and in which grade: everyone stays until the end of upper secondary school, some go on."""

import numpy as np

from povkit.simulate.arrays import Array, filled, known, pick, texts

_JUNIOR = ("七年级", "八年级", "九年级")
_SENIOR = ("普通高中一年级", "普通高中二年级", "普通高中三年级")
_VOCATIONAL = ("中职一年级", "中职二年级", "中职三年级")
_COLLEGE = ("高职高专一年级", "高职高专二年级", "高职高专三年级", "")
_UNIVERSITY = ("本科一年级", "本科二年级", "本科三年级", "本科四年级")
GRADED = _JUNIOR + _SENIOR + _VOCATIONAL + _COLLEGE[:3] + _UNIVERSITY
"""Grades that must move on from year to year."""
SENIOR_UP = GRADED[3:]
"""Schooling that a household pays for: upper secondary and above."""

_TRACKS = (
    (*_SENIOR, "", "", "", ""),
    (*_VOCATIONAL, "", "", "", ""),
    _SENIOR + _COLLEGE,
    _VOCATIONAL + _COLLEGE,
    _SENIOR + _UNIVERSITY,
)
_FIRST_COLLEGE_TRACK, _UNIVERSITY_TRACK = 2, 4
_GRADES = np.array([("小学",) * 6 + _JUNIOR + track for track in _TRACKS], dtype=object)
_LATE_MONTH = 9
"""Children born from September on start a year later: the school year begins in that month."""


def draw_tracks(rng: np.random.Generator, may_study: Array) -> Array:
    """Which way each person goes after junior school; only those who may study go on to college or university."""
    track = rng.choice(len(_TRACKS), len(may_study), p=(0.3, 0.3, 0.15, 0.15, 0.10))
    return np.where(may_study, track, track % _FIRST_COLLEGE_TRACK)


def school_year(birth: Array, year: int) -> Array:
    """The year of school in autumn of `year`: 1 is the first of primary school, below 1 not yet."""
    months = birth.astype("datetime64[M]").astype(int)
    start = months // 12 + 1970 + 6 + (months % 12 + 1 >= _LATE_MONTH)
    count: Array = year - start + 1
    return count


def schools(birth: Array, track: Array, year: int) -> Array:
    """The form's 在校生状况 at the end of `year`; None for those who are not at school."""
    n = school_year(birth, year)
    age = year - (birth.astype("datetime64[Y]").astype(int) + 1970)
    grade = _GRADES[track, np.clip(n - 1, 0, _GRADES.shape[1] - 1)]
    result = filled((n >= 1) & (n <= _GRADES.shape[1]) & (grade != ""), grade)
    result[n < 1] = "学前教育"
    result[age <= 3] = "学龄前儿童"
    return result


def educations(rng: np.random.Generator, age: Array, track: Array, school: Array, married_in: Array) -> Array:
    """The form's 文化程度: blank for those at school (or too young), by age for the others."""
    n = len(age)
    result = texts(n)
    for low, high, shares in (
        (60, 200, {"文盲或半文盲": 0.30, "小学": 0.60, "初中": 0.10}),
        (40, 60, {"文盲或半文盲": 0.06, "小学": 0.45, "初中": 0.42, "高中": 0.07}),
        (25, 40, {"小学": 0.15, "初中": 0.62, "高中": 0.17, "大专": 0.05, "本科及以上": 0.01}),
    ):
        drawn = pick(rng, shares, n)
        result = np.where((age >= low) & (age < high), drawn, result)
    young = pick(rng, {"初中": 0.6, "高中": 0.4}, n)
    finished = np.where(track >= _FIRST_COLLEGE_TRACK, "大专", "高中")
    finished = np.where(track == _UNIVERSITY_TRACK, "本科及以上", finished)
    result = np.where(age < 25, np.where(married_in, young, finished), result)
    return filled(~known(school), result)
