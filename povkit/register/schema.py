"""The input contract as data: tables, columns, headers, types and codes (`parameters/layouts/tables.yaml`)."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from povkit.policy.strict_yaml import load_yaml
from povkit.vocab import resource


class Kind(StrEnum):
    """Type of a column. `bool` is 是/否 with blank unknown; `code` is text out of a list."""

    TEXT = "text"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    DATE = "date"
    CODE = "code"


SQL_TYPE = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.INT: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.BOOL: "BOOLEAN",
    Kind.DATE: "DATE",
}


@dataclass(frozen=True)
class Column:
    """One column of the contract.

    zh: headers seen in exports, this year's first; aka: other years' labels of codes; checks: codes of the rules made
    from this column, under "blank" and "codes"; multiple: several codes may stand together, comma between;
    optional: beyond this year's export, asked for only by rules that use it.
    """

    name: str
    zh: tuple[str, ...]
    type: Kind
    required: bool = False
    codes: tuple[str, ...] = ()
    aka: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    note: str = ""
    checks: dict[str, str] = field(default_factory=dict)
    multiple: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the contract. `snapshot` tables come once per data year."""

    name: str
    zh: str
    key: tuple[str, ...]
    snapshot: bool
    columns: dict[str, Column]


@cache
def load_tables(path: Path | None = None) -> dict[str, Table]:
    """The contract's tables by name, in the file's order.

    >>> load_tables()["household"].columns["net_income_pc"].zh[0]
    '人均纯收入'
    """
    content = load_yaml(path or resource("parameters", "layouts", "tables.yaml"))
    return {name: _table(name, spec) for name, spec in content.items()}


def _table(name: str, spec: dict[str, Any]) -> Table:
    columns = {key: _column(key, value) for key, value in spec["columns"].items()}
    return Table(name, spec["zh"], tuple(spec["key"]), bool(spec.get("snapshot", False)), columns)


def _column(name: str, spec: dict[str, Any]) -> Column:
    return Column(
        name=name,
        zh=tuple(str(header) for header in spec["zh"]),
        type=Kind(spec["type"]),
        required=bool(spec.get("required", False)),
        codes=tuple(str(code) for code in spec.get("codes", ())),
        aka={str(key): str(value) for key, value in spec.get("aka", {}).items()},
        unit=spec.get("unit", ""),
        note=spec.get("note", ""),
        checks=dict(spec.get("checks", {})),
        multiple=bool(spec.get("multiple", False)),
        optional=bool(spec.get("optional", False)),
    )
