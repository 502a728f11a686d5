"""How long the dead lived, as far as the death list tells."""

from povkit.views.fragments import ID18
from povkit.views.spec import Col, Part

DEATHS = Part(
    "raw_sector",
    ID18,
    "left(b.id_number, 18)",
    (Col("died_on", 'min("on")', "死亡日期（如有）", "date of death, if handed in"),),
    where="list = '死亡' AND id_number IS NOT NULL",
    optional=True,
)


def months_lived(name: str, year: str, zh: str, en: str) -> Col:
    """Months of a year that a dead person lived at least in part; none where the list gives no date."""
    sql = (
        f"CASE WHEN died_on IS NULL OR date_part('year', died_on) < {year} THEN 0 "
        f"WHEN date_part('year', died_on) > {year} THEN 12 ELSE date_part('month', died_on) END"
    )
    return Col(name, sql, zh, en)


MONTHS_LIVED = months_lived("months_lived", ":data_year", "本年在世月数", "months lived this year")
