"""Method and limits, and where everything comes from."""

from collections.abc import Iterator, Mapping
from typing import Any

from povkit.report.blocks import Block, column, heading, table, text
from povkit.report.inspection import Inspection
from povkit.report.labels import clean
from povkit.report.sections.tests import statistical_tests

_HALF = 32
_MANY = 6


def method(inspection: Inspection) -> list[Block]:
    """How the checks work, what they cannot say, what the grades and verdicts mean."""
    words, policy = inspection.words, inspection.summary["policy"]
    blocks = [text(words(f"method.{key}")) for key in ("intro", "leads", "scope")]
    if not inspection.options.show_identities:
        blocks.append(text(words("method.privacy")))
    blocks.append(text(words("method.limits", policy=clean(str(policy["name"])))))
    blocks += _overrides(inspection, policy.get("overrides") or [])
    grades = [
        [words(f"grade.name.{grade}"), words(f"grade.rests.{grade}"), words(f"grade.handled.{grade}")]
        for grade in range(1, 5)
    ]
    columns = [
        column(words("col.grade"), "5.5em", "center"),
        column(words("col.meaning"), "1fr"),
        column(words("col.wording"), "1fr"),
    ]
    blocks += [heading(words("method.grades")), table(columns, grades)]
    verdicts = [
        [words(f"verdict.{key}"), words(f"verdict.means.{key}")]
        for key in ("found", "signs", "no_sign", "cannot_judge")
    ]
    columns = [column(words("summary.col.verdict"), "10em"), column(words("col.meaning"), "1fr")]
    return [*blocks, heading(words("method.verdicts")), table(columns, verdicts), *statistical_tests(inspection)]


def _overrides(inspection: Inspection, overrides: Any) -> list[Block]:
    words = inspection.words
    if not overrides:
        return [text(words("method.no_overrides"))]
    columns = [column(words("col.item"), "1fr"), column(words("col.value"), "1.6fr")]
    return [heading(words("method.overrides")), table(columns, _flat(inspection, overrides))]


def provenance(inspection: Inspection) -> list[Block]:
    """Input files with hashes, then everything else the manifest holds."""
    words = inspection.words
    blocks = [text(words("section.provenance.intro"), "intro"), heading(words("section.provenance.files"))]
    files = inspection.provenance.get("files") or []
    if files:
        columns = [
            column(words("col.file"), "1.5fr"),
            column(words("col.table"), "1fr"),
            column(words("col.year"), "3.2em", "center"),
            column(words("col.rows"), "4.6em", "right"),
            column(words("col.sha256"), "19.6em"),
        ]
        blocks.append(table(columns, [_file(inspection, item) for item in files]))
    else:
        blocks.append(text(words("section.provenance.no_files")))
    rest = {key: value for key, value in inspection.provenance.items() if key not in {"files", "unrecognised"}}
    rows = list(_flat(inspection, rest))
    if rows:
        columns = [column(words("col.item"), "1fr"), column(words("col.value"), "1.6fr")]
        blocks += [heading(words("section.provenance.rest")), table(columns, rows)]
    return blocks


def _file(inspection: Inspection, item: Mapping[str, Any]) -> list[str]:
    name = clean(str(item["file"])) + (f"\n{clean(str(item['sheet']))}" if item.get("sheet") else "")
    title = inspection.labels.table(str(item.get("table") or ""))
    rows = inspection.words.number(item.get("rows"))
    return [name, title, str(item.get("year") or ""), rows, _hash(str(item.get("sha256") or ""))]


def _hash(value: str) -> str:
    """A hash that may break in the middle."""
    return value[:_HALF] + (" " + value[_HALF:] if len(value) > _HALF else "")


def _flat(inspection: Inspection, node: Any, name: str = "") -> Iterator[list[str]]:
    """A nest of mappings and lists as (name, value) rows."""
    if isinstance(node, Mapping) and name and len(node) > _MANY and not any(_nested(value) for value in node.values()):
        yield [clean(name), inspection.words("mark.pairs").join(f"{key} {value}" for key, value in node.items())]
    elif isinstance(node, Mapping):
        for key, inner in node.items():
            word = _word(inspection, str(key))
            yield from _flat(inspection, inner, f"{name} / {word}" if name else word)
    elif isinstance(node, list | tuple):
        for place, inner in enumerate(node, 1):
            yield from _flat(inspection, inspection.labels.value(inner), f"{name} {place}".strip())
    else:
        value = inspection.labels.value(node)
        yield [clean(name), _hash(value) if len(value) == 2 * _HALF and value.isalnum() else value]


def _nested(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple) or len(str(value)) == 2 * _HALF


def _word(inspection: Inspection, key: str) -> str:
    named = f"provenance.{key}"
    return inspection.words(named) if named in inspection.words else clean(key.replace("_", " "))
