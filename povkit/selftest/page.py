"""What a self-test says, as a page (docs/calibration.md) and as lines for a terminal."""

from collections.abc import Iterable

from povkit.patterns import PATTERNS
from povkit.policy import Calibration, Certified, Rate
from povkit.policy.calibration import MEASURES

MARKS = {
    "excellent": "excellent", "good": "good", "unsure": "missed, within error", "missed": "**missed**",
    "beyond": "out of reach", "": "",
}  # fmt: skip
MISSED = {
    "missed": "Missed by more than two errors",
    "unsure": "Missed, but within two errors",
    "beyond": "Missed, and out of reach: the most powerful test there can be, which knows the planted strength and how "
    "need differs (Neyman & Pearson 1933), misses it too",
}
FULL_SIZE, FULL_POWER = 200, 100

HEAD = """# Calibration of the patterns

Written by `povkit selftest --into .`; do not edit by hand. Every rate was counted on made-up registers in which what is
true is known: honest ones with every trap that looks odd for a good reason, and ones with a fault planted at a given
strength. The worlds that certify differ from those that the patterns were developed on (other rounding, other spread,
other officials). Strengths are not estimates of what happens in real counties. Patterns show what is unusual, never
why.

- **size**: share of honest units (county, township, village, official) with p ≤ 0.05. Below 0.05 the test is stricter
  than it says.
- **false alarms**: share of honest registers in which the code flags anything at all (q ≤ 0.05 and the least effect).
- **power**: share of planted objects that are named at the right place, with q and effect.
- **false discovery**: share of the named objects in which nothing was planted.
- **coverage**: share of 95 % intervals of the effect that hold the true one.
- **accuracy**: precision and recall of the listed households, area under the curve, error of an estimate.

Errors are Monte-Carlo standard errors, registers being the clusters. Simple rules that others use were worked out on
the same registers and stand beside; for K13 and S01 also the best test possible, which knows what was planted and how
honest villages differ (Neyman & Pearson 1933). Aims: `parameters/calibration/targets.yaml`.

Most worlds are frames with what one code reads. *Whole registers* have every table, come from `povkit simulate` and go
through the real views: honest ones through exports and import too, planted ones with several patterns in different
places and faults in single rows beside them. Their power is that an object is named by its own code. A named object is
false there if no planted household lives in it or is of it, whatever was planted; of allotted numbers, which nearly
every village has, this says little.

What no test can do on *whole registers* (1,500 households, some 30 villages): a village planted for J16 has about a
dozen backstop households, of which four in ten would leave honestly, in some villages far more than in others. Of such
villages the most powerful test for that village alone, which knows the county's rate and how villages differ, finds
0.13, 0.46 and 1.00 at strengths 0.3, 0.6 and 1; where twelve villages are looked at, 0.01, 0.06 and 1.00. Of ten
exiting villages three parked ones (S02, strength 0.3) are hardly more than chance puts there where need stands at the
line: the best test finds 0.29 of such counties. An official planted for S06 has four poor households; that all four
leave is nothing unusual where two in three do. S05 is not planted there.

Not measured here, since no pattern answers for it: rates of field samples (错退率, 漏评率), capture-recapture, and
errors of single cells (see the anomaly models).

## Summary

Size and false alarms over all kinds of honest worlds together (of the level with most); then the kind of worlds where
the size was greatest, which among so many kinds is partly chance.

| code | pattern | size | false alarms | size, worst kind | least coverage | aims reached of those set | effort |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def page(record: Calibration) -> str:
    """The whole page, in Markdown."""
    parts = [HEAD, *(_summary(each) for each in record.codes.values()), _effort(record), _missed(record)]
    for code, each in record.codes.items():
        parts.append(f"\n## {code} {PATTERNS[code].zh}\n\n{PATTERNS[code].en}.\n")
        for what in MEASURES:
            parts.append(_table(what, each.of(what)))
    return "".join(parts)


def _summary(each: Certified) -> str:
    aimed = [rate for rate in each.rates if rate.mark]
    reached = sum(rate.mark in ("good", "excellent") for rate in aimed)
    least = min(each.of("coverage"), key=lambda rate: rate.value, default=None)
    cells = [_number(rate) if rate else "—" for rate in (each.size, each.alarms, each.worst, least)]
    code = each.code
    row = [code, PATTERNS[code].zh.partition("（")[0], *cells, f"{reached} of {len(aimed)}", f"{each.effort:g}"]
    return f"| {' | '.join(row)} |\n"


def _effort(record: Calibration) -> str:
    seeds = sorted({each.seed for each in record.codes.values()})
    return (
        f"\nEffort 1 is the full mode: {FULL_SIZE} registers for a size, {FULL_POWER} for a power (fewer of the very "
        "large ones); effort 0 is the quick mode, which says little. The number of registers stands in each row. "
        f"Seed {', '.join(map(str, seeds))}; the same seed and effort give the same table.\n"
    )


def _missed(record: Calibration) -> str:
    text = "\n## What is missed\n\n"
    for mark, word in MISSED.items():
        found = [(code, rate) for code, each in record.codes.items() for rate in each.rates if rate.mark == mark]
        text += f"{word}:" + ("\n\n" if found else " nothing.\n\n")
        for code, rate in found:
            most = f"; the best test possible reaches {rate.bound:.2f}" if mark == "beyond" else ""
            text += f"- {code} {rate.measure}, {rate.level}, {rate.case}: {_number(rate)}, aim {_aim(rate)}{most}\n"
        text += "\n" if found else ""
    return text.rstrip() + "\n"


def _table(what: str, rates: Iterable[Rate]) -> str:
    rows = list(rates)
    if not rows:
        return ""
    text = f"\n### {what}\n\n| worlds | level | rate | registers | aim | mark | simple rules |\n"
    text += "| --- | --- | --- | --- | --- | --- | --- |\n"
    for rate in rows:
        beside = "; ".join(f"{name}: {value:.2f}" for name, value in (rate.baseline or {}).items())
        cells = [rate.case, rate.level, _number(rate), str(rate.worlds), _aim(rate), MARKS[rate.mark], beside]
        text += f"| {' | '.join(cells)} |\n"
    return text


def _number(rate: Rate) -> str:
    return f"{rate.value:.3f} ± {rate.error:.3f}"


def _aim(rate: Rate) -> str:
    if rate.good is None:
        return ""
    if rate.measure in ("size", "false alarms", "false discovery"):
        return f"≤ {rate.good[1]:g}"
    return f"≥ {rate.good[0]:g}" if rate.good[1] == 1 else f"{rate.good[0]:g} to {rate.good[1]:g}"


def lines(record: Calibration) -> list[str]:
    """Every rate, one line each, for a terminal."""
    found = []
    for code, each in record.codes.items():
        for rate in each.rates:
            beside = "".join(f"  [{name} {value:.2f}]" for name, value in (rate.baseline or {}).items())
            mark = rate.mark.upper() if rate.mark == "missed" else rate.mark
            what = f"{rate.measure:16}{rate.level:10}{rate.value:7.3f} ± {rate.error:.3f} {rate.worlds:5} {mark:10}"
            found.append(f"{code:5}{what}{rate.case}{beside}")
    return found


def missed(record: Calibration, errors: float = 2.0, without: Iterable[str] = ()) -> list[str]:
    """Rates that miss what must be reached by more than so many errors. without: measures not looked at."""
    left_out = set(without)
    return [
        f"{code} {rate.measure} {rate.level} {rate.case}: {rate.value:.3f} ± {rate.error:.3f}"
        for code, each in record.codes.items()
        for rate in each.rates
        if rate.apart > errors * rate.error and rate.mark != "beyond" and rate.measure not in left_out
    ]
