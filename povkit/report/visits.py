"""Whom to visit first: households with the reasons of rules and patterns side by side, village by village."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from povkit.report.figures import short_village
from povkit.report.inspection import Inspection
from povkit.report.labels import clean
from povkit.report.masking import mask_name, mask_text
from povkit.report.rows import Row

FIRST, SECOND, THIRD = 1, 2, 3


@dataclass
class Visit:
    """One household to visit. rank: its place in the whole county, 1 first.

    rows: its findings of grades 1 and 2. patterns: texts of the patterns that list it. decides: what the visit would
    decide, a word a kind; desk: findings that a look into documents settles without a visit.
    """

    household: str
    township: str = ""
    village: str = ""
    village_code: str = ""
    head: str = ""
    rank: int = 0
    rows: list[Row] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    decides: list[str] = field(default_factory=list)

    @property
    def grade(self) -> int:
        """The gravest grade of what stands against the household."""
        return min((row.grade for row in self.rows), default=THIRD)

    def count(self, grade: int) -> int:
        """Findings of a grade; of grade 3 the patterns that list the household."""
        return len(self.patterns) if grade == THIRD else sum(row.grade == grade for row in self.rows)


def visits(inspection: Inspection) -> list[Visit]:
    """All households to visit: villages in order of their most urgent household, in a village the most urgent first.

    Urgent: gravest grade, then how many findings of grade 1 and 2 a visit would decide, then patterns that list the
    household, then findings of any kind.
    """
    found: dict[str, Visit] = {}
    decided: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in inspection.answered:
        if not row.household or row.grade >= THIRD:
            continue
        visit = found.setdefault(row.household, Visit(row.household))
        visit.rows.append(row)
        visit.township, visit.village = visit.township or row.township, visit.village or row.village
        visit.village_code = visit.village_code or row.village_code
        if _word(inspection, row.code):
            decided[row.household][row.grade - 1] += 1
    for number, text, code in _listed(inspection):
        visit = found.setdefault(number, Visit(number))
        visit.patterns.append(text)
        visit.decides.append(_word(inspection, code))
    _place(inspection, found)
    for visit in found.values():
        words = [*(_word(inspection, row.code) for row in visit.rows), *visit.decides]
        visit.decides = list(dict.fromkeys(word for word in words if word))

    def urgency(visit: Visit) -> tuple[int, ...]:
        first, second = decided[visit.household]
        return visit.grade, -first, -second, -len(visit.patterns), -len(visit.rows)

    ranked = sorted(found.values(), key=lambda visit: (*urgency(visit), visit.household))
    order: dict[tuple[str, str, str], int] = {}
    for rank, visit in enumerate(ranked, 1):
        visit.rank = rank
        order.setdefault((visit.township, visit.village_code, visit.village), rank)
    return sorted(ranked, key=lambda visit: (order[visit.township, visit.village_code, visit.village], visit.rank))


def _word(inspection: Inspection, code: str) -> str:
    """What a visit decides about a code: of the code, else of its family; "" where a visit decides nothing."""
    words = inspection.words
    return next((words(key) for key in (f"visit.{code}", f"visit.{code[0]}") if key in words), "")


def _listed(inspection: Inspection) -> Iterator[tuple[str, str, str]]:
    """(household, what the pattern says, code) for every flagged unit and household that it lists."""
    if inspection.shapes is None:
        return
    tests = inspection.shapes.tests
    for unit in tests[tests["flagged"].astype(bool)].to_dict("records"):
        named = inspection.words("visits.pattern", code=unit["code"], title=inspection.title(unit["code"]))
        text = inspection.words("visits.where", what=named, where=inspection.style.name(unit))
        for number in unit["households"]:
            yield str(number), text, unit["code"]


def _place(inspection: Inspection, found: dict[str, Visit]) -> None:
    """Places and heads out of the register's households, where they were handed to the report."""
    homes = inspection.shapes.homes if inspection.shapes is not None else None
    if homes is None:
        return
    known = homes[homes["household_id"].isin(list(found))].astype(object)
    for row in known.where(known.notna(), "").to_dict("records"):
        visit = found[str(row["household_id"])]
        visit.township, visit.village_code = str(row["township"]), str(row["village_code"])
        visit.village, head = str(row["village"]), str(row["head_name"])
        visit.head = head if inspection.options.show_identities else mask_name(mask_text(head)) if head else ""


def visit_cells(inspection: Inspection, visit: Visit) -> list[str]:
    """A visit as text, in the order of the sheet's columns: `VISIT_COLUMNS` without those to fill in."""
    words = inspection.words
    reasons = [
        words(
            "visits.reason", grade=words(f"grade.name.{row.grade}"), code=row.code, title=row.title, values=row.values
        )
        for row in sorted(visit.rows, key=lambda row: (row.grade, row.code, row.object_id))
    ]
    counts = [str(visit.count(grade)) for grade in (FIRST, SECOND, THIRD)]
    number = visit.household if inspection.options.show_identities else mask_text(visit.household)
    placed = [
        clean(visit.township),
        clean(short_village(visit.village)),
        str(visit.rank),
        clean(number),
        clean(visit.head),
    ]
    return [
        *placed, words(f"grade.{visit.grade}"), *counts, "\n".join(reasons), "\n".join(visit.patterns),
        "\n".join(visit.decides),
    ]  # fmt: skip


VISIT_COLUMNS = (
    ("township", 12), ("village", 14), ("rank", 7), ("household", 17), ("head", 9), ("grade", 7), ("first", 6),
    ("second", 6), ("third", 6), ("records", 58), ("patterns", 42), ("decides", 30), ("visited", 11), ("visitor", 10),
    ("remark", 24),
)  # fmt: skip
VISIT_TO_FILL = 3
