"""The notebook's lists of findings, masked: by phenomenon, by village, by household."""

import pandas as pd

from povkit.report.figures import short_village
from povkit.report.inspection import Inspection as Gathered
from povkit.report.masking import mask_name, mask_text
from povkit.report.rows import ANALYST_GRADE
from povkit.report.sections.analyst import analyst
from povkit.run.sheets import Sheet, sheet
from povkit.run.words import StoryWords

_GRADES = (1, 2, 3)


def findings_of(gathered: Gathered, codes: list[str], words: StoryWords) -> Sheet:
    """Findings of these codes, gravest first: rule, place, household, object, the values and limits that decided."""
    wanted = set(codes)
    rows = [
        {
            "grade": words(f"grade.{row.grade}"),
            "code": row.code,
            "title": row.title,
            "place": " / ".join(filter(None, (row.township, short_village(row.village)))),
            "household": row.household,
            "subject": row.subject,
            "object_id": "" if row.object_id in {row.household, row.village_code} else row.object_id,
            "values": row.values,
            "limits": row.limits,
        }
        for row in gathered.answered
        if row.code in wanted
    ]
    keys = ("grade", "code", "title", "place", "household", "subject", "object_id", "values", "limits")
    filled = [key for key in keys if not rows or any(row[key] for row in rows)]
    return sheet(words, "findings", {key: f"col.{key}" for key in filled}, rows, note="sheet.shown")


def worst_villages(gathered: Gathered, households: pd.DataFrame) -> pd.DataFrame:
    """Villages by share of registered households with findings, then by findings of grade 1.

    Columns: village_code, village, township, households (registered), touched (of these with findings), share
    (percent), grade1, findings. Villages without findings are left out.
    """
    frame = gathered.frame[
        (gathered.frame["grade"] < ANALYST_GRADE) & (gathered.frame["village_code"].fillna("") != "")
    ]
    by_village = frame.groupby("village_code", sort=True)
    registered = households.groupby("village_code")["household_id"].nunique()
    known = frame[frame["household_id"].isin(households["household_id"])]
    table = pd.DataFrame(
        {
            "village": by_village["village"].first().fillna(""),
            "township": by_village["township"].first().fillna(""),
            "grade1": by_village["grade"].agg(lambda grades: int((grades == _GRADES[0]).sum())),
            "findings": by_village.size(),
        }
    )
    table["households"] = registered.reindex(table.index).fillna(0).astype(int)
    table["touched"] = (
        known.groupby("village_code")["household_id"].nunique().reindex(table.index).fillna(0).astype(int)
    )
    table["share"] = (100 * table["touched"] / table["households"].where(table["households"] > 0)).round(1)
    table = table.reset_index()
    return table.sort_values(["share", "grade1", "village_code"], ascending=[False, False, True], na_position="last")


def village_sheet(worst: pd.DataFrame, words: StoryWords) -> Sheet:
    """`worst_villages` as people read it."""
    rows = [
        {
            **{str(key): value for key, value in row.items()},
            "village": short_village(row["village"] or row["village_code"]),
        }
        for row in worst.astype(object).where(worst.notna(), None).to_dict("records")
    ]
    columns = {
        "township": "sheet.township", "village": "sheet.village", "households": "sheet.households",
        "touched": "sheet.touched", "share": "sheet.share", "grade1": "grade.name.1", "findings": "key.findings",
    }  # fmt: skip
    return sheet(words, "villages", columns, rows)


def first_households(gathered: Gathered, households: pd.DataFrame, words: StoryWords, show_identities: bool) -> Sheet:
    """Households by findings of grade 1, then 2, then 3: where a visit would settle most."""
    counts: dict[str, list[int]] = {}
    codes: dict[str, set[str]] = {}
    for row in gathered.answered:
        if row.household:
            counts.setdefault(row.household, [0, 0, 0])[row.grade - 1] += 1
            codes.setdefault(row.household, set()).add(row.code)
    home = households.drop_duplicates("household_id").set_index("household_id")[["township", "village", "head_name"]]
    home = home.astype(object).where(home.notna(), "")
    rows = []
    for number in sorted(counts, key=lambda number: ([-count for count in counts[number]], number)):
        township, village, head = home.loc[number] if number in home.index else ("", "", "")
        rows.append(
            {
                "township": township,
                "village": short_village(str(village)),
                "household": number,
                "head": head if show_identities else mask_name(mask_text(str(head))),
                **{f"grade{grade}": count for grade, count in zip(_GRADES, counts[number], strict=True)},
                "codes": words("mark.list").join(sorted(codes[number])),
            }
        )
    columns = {
        "township": "sheet.township", "village": "sheet.village", "household": "col.household", "head": "sheet.head",
        "grade1": "grade.name.1", "grade2": "grade.name.2", "grade3": "grade.name.3", "codes": "sheet.codes",
    }  # fmt: skip
    if not any(row["grade3"] for row in rows):
        columns.pop("grade3")
    return sheet(words, "households", columns, rows, note="sheet.shown")


def analyst_leads(gathered: Gathered, words: StoryWords) -> Sheet:
    """Leads of grade 4 as the report's section lists them: household, codes of grade 1 and 2, patterns, the reason."""
    block = next((each for each in reversed(analyst(gathered)) if each["type"] == "table"), None)
    listed = any(row.grade == ANALYST_GRADE for row in gathered.rows)
    cells = block["rows"] if block and listed else []
    rows = [{str(place): cell for place, cell in enumerate(row)} for row in cells]
    heads = ("analyst.household", "grade.name.1", "grade.name.2", "grade.name.3", "analyst.why")
    return sheet(words, "analyst_leads", {str(place): head for place, head in enumerate(heads)}, rows)
