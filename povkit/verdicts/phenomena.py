"""The six phenomena of S5: one of four verdicts each, by the policy's minima. Never "clean", never an accusation."""

from typing import Any

from povkit.policy import Phenomenon
from povkit.verdicts.evidence import Evidence, Words
from povkit.verdicts.figures import figures_of
from povkit.verdicts.hindrance import hindrances, lacking_inputs
from povkit.verdicts.support import supported
from povkit.vocab import Verdict

ZERO_INCLUSION = {"S5.1": ("K14", "K16")}
"""Codes that speak for a phenomenon only in villages that took nobody in this year."""


def judge(evidence: Evidence) -> list[dict[str, Any]]:
    """Verdicts of all phenomena in the policy, as the summary holds them."""
    return [_judge_one(name, line, evidence) for name, line in evidence.policy.verdicts.items()]


def _judge_one(name: str, line: Phenomenon, evidence: Evidence) -> dict[str, Any]:
    objects = _objects(name, line, evidence)
    units = evidence.facts.get(line.of)
    grade1 = len(set().union(*(objects[code] for code in line.grade1))) if line.grade1 else 0
    others = dict.fromkeys(code for code in (*line.grade2, *line.grade3) if code not in line.grade1)
    lower = sum(len(objects[code]) for code in others)
    enough = grade1 >= line.minimum_count and grade1 >= line.minimum_share * (units or 0)
    ran = [code for code in line.codes if code in evidence.ran]
    lacking, also = lacking_inputs(line, evidence.views)
    reasons = hindrances(line, evidence, units)
    small = units is not None and units < line.minimum_units
    if (enough or supported(line, evidence, objects)) and not small:
        verdict = Verdict.FOUND
    elif (grade1 or lower) and not small:
        verdict = Verdict.SIGNS
    elif lacking or reasons:
        verdict = Verdict.CANNOT_JUDGE
    else:
        verdict = Verdict.NO_SIGN
    return {
        "id": name,
        "title_zh": line.zh,
        "title_en": line.en,
        "verdict": str(verdict),
        "codes": list(line.codes),
        "codes_run": ran,
        "units": units,
        "figures": figures_of(name, objects, ran, line.grade1, evidence.facts),
        "reasons": [*reasons, *_basis(grade1, lower, line, units)],
        "ask": [*lacking, *also],
    }


def _objects(name: str, line: Phenomenon, evidence: Evidence) -> dict[str, set[str]]:
    """Flagged objects by code, with the phenomenon's own conditions applied."""
    objects: dict[str, set[str]] = {code: set() for code in line.codes}
    columns = (evidence.findings[c].to_pylist() for c in ("code", "object_id", "village_code"))
    narrowed = ZERO_INCLUSION.get(name, ())
    for code, object_id, village in zip(*columns, strict=True):
        if code not in objects:
            continue
        if code in narrowed and evidence.without_inclusion is not None and village not in evidence.without_inclusion:
            continue
        objects[code].add(object_id)
    return objects


def _basis(grade1: int, lower: int, line: Phenomenon, units: int | None) -> list[Words]:
    share = f"{line.minimum_share:.0%}" if line.minimum_share else ""
    of_zh, of_en = (f"且占{share}" if share else ""), (f" and {share}" if share else "")
    if units is not None and share:
        of_zh, of_en = f"{of_zh}，分母{units}", f"{of_en} of {units}"
    return [
        {
            "zh": f"一级线索{grade1}个对象，二、三级线索{lower}条（下限{line.minimum_count}个{of_zh}）",
            "en": f"grade 1: {grade1} objects; grades 2 and 3: {lower} findings (minimum {line.minimum_count}{of_en})",
        }
    ]
