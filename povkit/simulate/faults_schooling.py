"""C and D: people whose grade, education, ability to work or work contradicts their age or each other."""

import numpy as np

from povkit.simulate.arrays import Array
from povkit.simulate.cells import Cell, people_cells
from povkit.simulate.plot import Plot

_WORK = {"work_months": 1.0, "work_place": "乡（镇）外县内", "employer": "物流公司", "monthly_pay": 1500.0}
_NO_WORK = {"work_months": np.nan, "work_place": None, "employer": None, "monthly_pay": np.nan}
_JOB = {"public_job": "护林员", "public_job_months": 12.0}


def _exited(plot: Plot) -> Array:
    calm: Array = (plot.exited & plot.ordinary)[plot.home_of]
    return calm


def _pupil(plot: Plot, *schools: str, low: int = 0, high: int = 99) -> Array:
    """Healthy pupils of a school (by the start of its name) and of ages, of households that are not poor any more."""
    at = np.array([school.startswith(schools) for school in plot.school])
    return np.asarray(at & _exited(plot) & plot.healthy & (plot.age >= low) & (plot.age <= high))


def _rich(plot: Plot) -> Array:
    """Whose household has wages that carry another worker."""
    rich: Array = (plot.homes["wage_income"].to_numpy() > 6000)[plot.home_of]
    return rich & _exited(plot)


def _before_autumn(plot: Plot) -> Array:
    early: Array = plot.people["birth_date"].dt.month.to_numpy() <= 8
    return early


def _elder(plot: Plot, low: int, high: int = 99) -> Array:
    return np.asarray(plot.steady & plot.ordinary[plot.home_of] & (plot.age >= low) & (plot.age <= high))


def _sole_worker(plot: Plot) -> Array:
    alone = (plot.workers == 1) & (plot.count(plot.people["public_job"].notna().to_numpy()) == 0)
    return np.asarray(_exited(plot) & ~plot.idle & alone[plot.home_of])


def _grown(plot: Plot, low: int, high: int = 58) -> Array:
    return np.asarray(plot.plain & plot.idle & (plot.age >= low) & (plot.age <= high))


def _chronic(plot: Plot) -> Array:
    return np.asarray(plot.chronic & _exited(plot) & ~plot.at_school & (plot.age >= 19) & (plot.age <= 58))


def _jobless(plot: Plot) -> Array:
    none: Array = plot.people["public_job"].isna().to_numpy()
    return np.asarray(plot.plain & none)


people_cells(
    Cell("A18", lambda p: p.plain, {"ethnicity": "汉人"}, {"ethnicity": "汉人"}),
    Cell("C04", lambda p: p.plain, {"education": None, "dropout_reason": "厌学"}, also=("C03",)),
    Cell("C05", lambda p: p.plain, {"education": None}, also=("C03", "C04")),
    Cell("C07", lambda p: _pupil(p, "小学", low=8, high=9), {"school": "学前教育"}, {"school": "学前教育"}, rank=1),
    Cell(
        "C08",
        lambda p: _pupil(p, "八", "九", "普通", low=15, high=15) & _before_autumn(p),
        {"school": "小学"},
        {"school": "小学"},
        rank=0,
    ),
    Cell("C09", lambda p: _pupil(p, "本科", low=19), {"school": "九年级"}, {"school": "八年级"}, rank=0),
    Cell(
        "C10",
        lambda p: _pupil(p, "七", "八", "九", low=14, high=14),
        {"school": "普通高中一年级"},
        {"school": "九年级"},
        rank=1,
    ),
    Cell("C11", lambda p: _pupil(p, "普通", high=17), {"school": "本科一年级"}, {"school": "普通高中三年级"}, rank=1),
    Cell(
        "C12",
        lambda p: _pupil(p, "普通", "本科", high=19),
        {"school": "硕士研究生及以上"},
        {"school": "本科四年级"},
        rank=1,
    ),
    Cell(
        "C13",
        lambda p: _pupil(p, "七", "八", "小学", low=12, high=13),
        {"school": "普通高中一年级"},
        {"school": "九年级"},
        also=("C10",),
        rank=1,
    ),
    Cell("C14", lambda p: _pupil(p, "普通", low=16), {"school": "小学"}, {"school": "小学"}, also=("C08",), rank=1),
    Cell(
        "C15",
        lambda p: _grown(p, 31, 50) & _exited(p) & (p.able >= 2)[p.home_of],
        {"school": "本科四年级", "education": None, "labour": "无劳动力"},
        {"school": "本科三年级", "education": None, "labour": "无劳动力"},
        rank=3,
    ),
    Cell("C16", lambda p: p.plain & (p.age <= 22), {"education": "小学"}, {"education": "小学"}, rank=0),
    Cell("C17", lambda p: p.plain & (p.age >= 24), {"education": "学龄前儿童"}),
    Cell("C18", lambda p: _pupil(p, "小学"), {"education": "大专"}, also=("C03",), rank=2),
    Cell("C19", lambda p: p.plain, {"dropout_reason": "因病"}),
    Cell("C20", lambda p: _pupil(p, "小学", "七", "八"), {"dropout_reason": "厌学"}, rank=2),
    Cell("D08", lambda p: _pupil(p, "普通", low=16), {"labour": "弱劳动力或半劳动力"}, rank=2),
    Cell("D09", lambda p: _grown(p, 19) & (p.able >= 2)[p.home_of], {"labour": "弱劳动力或半劳动力"}, rank=3),
    Cell("D10", _chronic, {"labour": "无劳动力"}, rank=1),
    Cell("D12", lambda p: _elder(p, 61, 64) & _exited(p) & p.healthy, {"labour": "普通劳动力"}, rank=2),
    Cell("D14", _chronic, {"labour": "普通劳动力"}, rank=1),
    Cell("D17", lambda p: p.steady & ~p.idle, {"work_place": None}),
    Cell("D18", lambda p: p.steady & ~p.idle, {"employer": None}),
    Cell("D20", _sole_worker, _NO_WORK, of_home=("D20",), mark_person=False, rank=3),
    Cell("D21", lambda p: _pupil(p, "普通", low=16) & _rich(p), _WORK, also=("D15",), rank=1),
    Cell("D22", lambda p: _pupil(p, "七", "八", high=15), _JOB, rank=2),
    Cell("D23", lambda p: _elder(p, 70), _JOB, rank=2),
    Cell("D25", _jobless, {"public_job": "护林员"}),
    Cell("D26", lambda p: p.steady & ~p.idle, {"monthly_pay": 50.0}),
    Cell("D27", lambda p: p.plain, {"soldier": None}),
    Cell("F07", lambda p: p.plain, {}, {"health": "患有大病"}),
    Cell("H07", lambda p: p.plain, {"dibao": None}),
    Cell("H08", lambda p: p.plain, {"employee_medical_insurance": True}),
    Cell(
        "H09",
        lambda p: p.steady & p.poor[p.home_of] & (p.age >= 10),
        {"medical_insurance": False, "medical_aid": True},
        also=("H08",),
        rank=3,
    ),
    Cell("H10", lambda p: p.plain, {"serious_illness_insurance": False}),
    Cell("H11", lambda p: p.plain, {"pension_insurance": False}),
    Cell("H18", lambda p: p.plain, {"political": "党员"}),
)
