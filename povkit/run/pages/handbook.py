"""docs/handbook.md: every rule and pattern with its titles, why, basis, what it flags, its limits and its inputs."""

import re
from collections.abc import Iterable
from itertools import groupby

from povkit.policy import Limit, Policy
from povkit.run.pages.entries import ANOMALY, PATTERN, Entry, Face
from povkit.run.pages.text import MADE, paragraph, table, value
from povkit.run.summary import need_words
from povkit.run.words import StoryWords
from povkit.views import Need, column_labels

_ZH, _EN = StoryWords("zh"), StoryWords("en")
_PARTS = {"Why": "为何 Why", "Basis": "依据 Basis", "Flags": "判定 Flags"}
_PART = re.compile(r"^(Why|Basis|Flags):\s*", re.MULTILINE)
_INTRO = """\
# 规则手册 · Handbook of checks

Every code that povkit checks: what it looks for, why, what it rests on, when it flags, the limits it reads and the
inputs it needs. {codes} codes ({rules} by row rules, {patterns} by patterns of groups{anomalies}); policy `{policy}`.
Findings are leads, never verdicts: a line here says what the records show, not what somebody did.

- 程度 Severity: 错误 error is to be corrected, 疑似 suspect to be verified at the door, 缺失 missing to be filled in,
  提示 hint to be looked at. 级别 Grade: 1 a contradiction in the records or with a list, 2 a suspicion, 3 a statistical
  pattern, 4 an anomaly score.
- Several checks may share a code: one a list or a column. Where they differ, each has its own paragraph.
- 限值 Limits stand in `parameters/policy/{policy}.yaml`, with all values, basis and reason in the
  [table at the end](#limits). *Of the run* are the date, the year and the county's own facts.
- 所需数据 Inputs: where one was not handed in, the check is *not run* and the report asks for it. For patterns it is
  what their code can read; some of it is optional.
"""


def handbook_page(entries: list[Entry], policy: Policy) -> str:
    """The page: families in order, codes in order, and the policy's limits."""
    kinds = [entry.kind for entry in entries]
    anomalies = f", {kinds.count(ANOMALY)} by anomaly models" if ANOMALY in kinds else ""
    intro = _INTRO.format(
        codes=len(entries),
        rules=len(entries) - kinds.count(PATTERN) - kinds.count(ANOMALY),
        patterns=kinds.count(PATTERN),
        anomalies=anomalies,
        policy=policy.name,
    )
    lines = [MADE, "", intro]
    families = [(letter, list(group)) for letter, group in groupby(entries, key=lambda entry: entry.code[0])]
    lines += [f"- [{_family(letter)}](#family-{letter.lower()}): {len(group)}" for letter, group in families]
    lines.append("")
    for letter, group in families:
        lines += [f'<a id="family-{letter.lower()}"></a>', "", f"## {_family(letter)}", ""]
        for entry in group:
            lines += _entry(entry, policy)
    return "\n".join([*lines, *_limits(policy)]).rstrip() + "\n"


def _family(letter: str) -> str:
    return f"{letter} {_ZH(f'family.{letter}')} · {_EN(f'family.{letter}')}"


def _entry(entry: Entry, policy: Policy) -> list[str]:
    line, clause = entry.line, policy.clause(entry.line.clause)
    severity = f"{_ZH(f'severity.{line.severity}')} {line.severity}, {_ZH('col.grade')} grade {line.effective_grade}"
    levels = "、".join(dict.fromkeys(_level(face) for face in entry.faces))
    head = [
        f"### {entry.code} {paragraph(entry.zh)}",
        "",
        f"**{paragraph(entry.en)}** · {levels} · {severity} · {line.clause} {clause.document}",
        "",
    ]
    for text, faces in _texts(entry.faces):
        named = [f"*{paragraph(face.name or face.zh)}*" for face in faces] if len(entry.faces) > 1 else []
        head += ["、".join(dict.fromkeys(named)), ""] if named and len(faces) < len(entry.faces) else []
        head += [*(f"- {part}" for part in _parts(text)), *([""] if len(faces) < len(entry.faces) else [])]
    head += [f"- 限值 Limits: {listed}" for listed in [_limits_read(entry, policy)] if listed]
    head += [f"- 所需数据 Inputs: {listed}" for listed in [_inputs(entry.faces)] if listed]
    return [*head, ""]


def _level(face: Face) -> str:
    return face.view if face.view == face.level else f"{face.view} ({face.level})"


def _texts(faces: Iterable[Face]) -> list[tuple[str, list[Face]]]:
    """Faces by what their docstrings say after the title."""
    by_text: dict[str, list[Face]] = {}
    for face in faces:
        by_text.setdefault(face.text.partition("\n")[2].strip() or face.text, []).append(face)
    return list(by_text.items())


def _parts(text: str) -> list[str]:
    """Why, Basis and Flags, each on a line; a text without them as it is."""
    pieces = _PART.split(text)
    pairs = zip(pieces[1::2], pieces[2::2], strict=True)
    before = [paragraph(pieces[0])] if pieces[0].strip() else []
    return before + [f"{_PARTS[name]}: {paragraph(said)}" for name, said in pairs]


def _limits_read(entry: Entry, policy: Policy) -> str:
    names = list(dict.fromkeys(name for face in entry.faces for name in face.limits))
    own = [
        f"`{name}` {_value(policy.limits[name])} ({policy.limits[name].basis})"
        for name in names
        if name in policy.limits
    ]
    run = [f"`{name}`" for name in names if name not in policy.limits]
    return "; ".join([*own, *(["of the run: " + ", ".join(run)] if run else [])])


def _value(limit: Limit) -> str:
    unit = "" if limit.unit in {"代码", "格式", "名单", "是否", "日期", "月日"} else f" {limit.unit}"
    shown = value(limit.value)
    return (f"`{shown}`" if limit.unit == "格式" else shown) + unit


def _inputs(faces: Iterable[Face]) -> str:
    """Columns by table in words, last year's apart; derived columns are told by what they are made of."""
    needs = sorted({need for face in faces for need in face.needs}, key=lambda n: (n.table, n.last, n.column))
    grouped = groupby(needs, key=lambda need: (need.table, need.last))
    return "; ".join(_table_of(list(group)) for _, group in grouped)


def _table_of(needs: list[Need]) -> str:
    zh, en = need_words(Need(needs[0].table, "*", needs[0].last))
    labels = column_labels()
    columns = [
        f"{labels[need.column][0] if need.column in labels else need.column}" for need in needs if need.column != "*"
    ]
    return f"{zh} {en.replace('table ', '')}" + (f" ({'、'.join(columns)})" if columns else "")


def _limits(policy: Policy) -> list[str]:
    rows = [
        (f"`{name}`", limit.zh, _whole(limit), limit.unit, limit.clause, limit.basis, paragraph(limit.why))
        for name, limit in policy.limits.items()
    ]
    head = ("limit", "名称", "value", "unit", "clause", "basis", "why")
    return ['<a id="limits"></a>', "", "## 限值 · Limits", "", *table(head, rows)]


def _whole(limit: Limit) -> str:
    shown = value(limit.value, all_of_it=True)
    if limit.by_year:
        shown += f" ({', '.join(f'{year}: {value(own)}' for year, own in limit.by_year.items())})"
    return f"`{shown}`" if limit.unit == "格式" else shown
