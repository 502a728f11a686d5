"""The two ways of reading YAML give the same, and what is not plain is left to the library's."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from povkit.policy.strict_yaml import _plain as plain
from povkit.policy.strict_yaml import _whole as whole
from povkit.policy.strict_yaml import load_yaml, read_yaml
from povkit.vocab import PolicyError, resource

OWN = sorted(
    (*resource("parameters").rglob("*.yaml"), *Path(resource("parameters").parent, "povkit").rglob("*.yaml")), key=str
)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_our_files_are_plain_and_read_alike_in_both_ways(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert repr(plain(text)) == repr(whole(path, text)[0])
    assert read_yaml(path)[1] == []


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a: yes\nb: true\nc: 010\nd: 10\ne: 1.5\nf: 2018-12-31\ng:\nh: '10'\n", None),
        ("- [a, {b: ~}]\n- {}\n- []\n- >\n  two\n  lines\n", None),
        ("a: &x {n: 1}\nb: *x\n", {"a": {"n": 1}, "b": {"n": 1}}),
        ("a: !!str 10\n", {"a": "10"}),
        ("", None),
        ("text", "text"),
    ],
)
def test_both_ways_agree(text: str, expected: Any, tmp_path: Path) -> None:
    path = tmp_path / "some.yaml"
    path.write_text(text, encoding="utf-8")
    data, faults = read_yaml(path)
    assert faults == []
    assert repr(data) == repr(whole(path, text)[0])
    assert expected is None or data == expected


def test_values_are_what_they_say(tmp_path: Path) -> None:
    path = tmp_path / "some.yaml"
    path.write_text(
        "a: yes\nb: true\nc: 010\nd: -10\ne: 1.5\nf: 2018-12-31\ng:\nh: '10'\n12:30: on\n", encoding="utf-8"
    )
    values = {"a": "yes", "b": True, "c": "010", "d": -10, "e": 1.5, "f": date(2018, 12, 31), "g": None, "h": "10"}
    assert load_yaml(path) == values | {"12:30": "on"}


@pytest.mark.parametrize(
    "text, where, what",
    [
        ("a: 1\nb: {a: 2, a: 3}\n", "line 2", "'a' is given twice"),
        ("1: a\n'1': b\n", "line 2", "'1' is given twice"),
        ("a: [1\n", "line 2, column 1", "is not YAML"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1", "is not YAML"),
        ("a: &x {n: 1}\nb: {<<: *x, m: 2}\n", "line 2, column 5", "is not YAML"),
        ("a: 2018-13-45\n", "", "no date or number"),
        ("? [a, b]\n: 1\n", "line 1, column 3", "is not YAML"),
    ],
)
def test_faults_are_told_with_their_place(text: str, where: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "some.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as raised:
        load_yaml(path)
    (fault,) = raised.value.faults
    assert fault.where == (path.name, where) if where else (path.name,)
    assert what in fault.what
