"""The record of a self-test: aims set beside the rates, written to and merged into `parameters/calibration`."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from povkit import __version__
from povkit.patterns import text_version
from povkit.policy import Calibration, Certified, Rate, load_calibration
from povkit.policy.calibration import FILE, POOLED
from povkit.policy.strict_yaml import read_yaml
from povkit.selftest.page import page
from povkit.selftest.plan import Plan
from povkit.selftest.settings import world_limits
from povkit.selftest.versions import used_limits
from povkit.vocab import Fault, InputError, PolicyError, resource

QUICK_EFFORT = 0.0
"""What the record says of the quick mode."""


def certify(rates: Mapping[str, Iterable[Rate]], plan: Plan) -> Calibration:
    """Rates by code with the aims beside them, the effort, the seed and the versions measured."""
    aims = _aims()
    limits = used_limits(rates, world_limits())
    effort = QUICK_EFFORT if plan.quick else plan.effort
    return Calibration(
        {
            code: Certified(
                code,
                text_version(code),
                effort,
                plan.seed,
                __version__,
                tuple(_aimed(code, rate, aims) for rate in own),
                limits[code],
            )
            for code, own in rates.items()
        }
    )


def _aims() -> list[dict[str, Any]]:
    aims, faults = read_yaml(resource("parameters", "calibration", "targets.yaml"))
    if faults:
        raise PolicyError(faults)
    return list(aims)


def _aimed(code: str, rate: Rate, aims: list[dict[str, Any]]) -> Rate:
    for aim in aims:
        if aim["measure"] != rate.measure or aim.get("code", code) != code:
            continue
        if re.match(aim.get("case", ""), rate.case):
            good, best = ((float(a), float(b)) for a, b in (aim["good"], aim["excellent"]))
            return replace(rate, good=good, excellent=best)
    return rate


def write_record(new: Calibration, root: Path, part: bool = False) -> tuple[Path, Path]:
    """Merge into `root/parameters/calibration` code by code, and write `root/docs/calibration.md` anew; both paths.

    part: the new rates are some of a code's, and stand beside those on record, which may be of less effort; rates over
    all honest worlds stay as they are. Raises InputError if those on record are of another text, other limits, another
    seed or more effort.
    """
    old = load_calibration(root / "parameters")
    fresh = _beside(old, new) if part else new.codes
    merged = Calibration(dict(sorted({**old.codes, **fresh}.items())))
    record, written = root / "parameters" / "calibration" / FILE, root / "docs" / "calibration.md"
    for path, text in ((record, _text(merged)), (written, page(merged))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return record, written


def _beside(old: Calibration, new: Calibration) -> dict[str, Certified]:
    """Codes on record with these rates in place of their own of the same kind, and beside the others."""
    faults, found = [], {}
    for code, each in new.codes.items():
        known = old.codes.get(code)
        made = known is not None and _made(known) == _made(each) and known.effort <= each.effort
        if known is None or not made or known.other_limits(each.limits):
            what = "is on record with another text, limits, seed or more effort, or not at all; measure all of it"
            faults.append(Fault((code,), what))
            continue
        new_rates = [rate for rate in each.rates if rate.case != POOLED[0]]
        keys = {_kind(rate) for rate in new_rates}
        kept = (rate for rate in known.rates if _kind(rate) not in keys)
        found[code] = replace(known, rates=(*kept, *new_rates))
    if faults:
        raise InputError(faults)
    return found


def _made(each: Certified) -> tuple[str, int]:
    return each.version, each.seed


def _kind(rate: Rate) -> tuple[str, str, str]:
    return rate.measure, rate.case, rate.level


def _text(record: Calibration) -> str:
    """JSON with one line a rate, so that changes can be read."""
    parts = []
    for code, each in record.codes.items():
        head = {name: getattr(each, name) for name in ("version", "effort", "seed", "povkit", "limits")}
        rows = ",\n".join(
            "   " + json.dumps({k: v for k, v in asdict(rate).items() if v is not None}, ensure_ascii=False)
            for rate in each.rates
        )
        top = json.dumps(head, ensure_ascii=False)[:-1]
        parts.append(f'  "{code}": {top}, "rates": [\n{rows}\n  ]}}')
    return '{"codes": {\n' + ",\n".join(parts) + "\n}}\n"
