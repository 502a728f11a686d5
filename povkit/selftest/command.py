"""What `povkit selftest` does, apart from printing."""

from pathlib import Path

from povkit.patterns import PATTERNS
from povkit.policy import Calibration
from povkit.selftest.plan import Plan, Told, measure, shelf
from povkit.selftest.record import certify, write_record
from povkit.selftest.settings import SETTINGS
from povkit.vocab import Fault, InputError


def run_selftest(plan: Plan, into: Path | None, told: Told) -> tuple[Calibration, tuple[Path, ...]]:
    """Measure, and write the record and the page below `into` where it is given; the new rates and the files written.

    Raises InputError with everything that is wrong with the plan before any work.
    """
    faults = [
        Fault((code,), f"is no pattern; write one of {' '.join(sorted(PATTERNS))}")
        for code in plan.only
        if code not in PATTERNS
    ]
    if not 0 < plan.effort <= 10:
        faults.append(Fault(("--effort", f"{plan.effort:g}"), "must be more than 0 and at most 10; 1 is the full mode"))
    if plan.setting not in SETTINGS:
        faults.append(Fault(("--worlds", plan.setting), f"is no kind of worlds; write one of {' '.join(SETTINGS)}"))
    if not any(name.startswith(plan.part) for name in shelf()):
        faults.append(Fault(("--part", plan.part), "no experiment begins so; write whole, honest, trap or the like"))
    if plan.processes < 1:
        faults.append(Fault(("--processes", str(plan.processes)), "must be 1 or more"))
    if into is not None and not (into / "parameters").is_dir():
        faults.append(Fault((str(into),), "holds no folder parameters; give the folder of a checkout of povkit"))
    if faults:
        raise InputError(faults)
    record = certify(measure(plan, told), plan)
    return record, write_record(record, into, bool(plan.part)) if into is not None else ()
