"""Does each pattern keep what it promises? Made-up registers, honest and faulty, and the rates counted on them.

Nothing that is judged can see this room: patterns get frames, and what is true of a world stays here.
"""

from povkit.selftest.command import run_selftest
from povkit.selftest.page import lines, missed, page
from povkit.selftest.plan import Plan, measure
from povkit.selftest.record import certify, write_record

__all__ = [
    "Plan",
    "certify",
    "lines",
    "measure",
    "missed",
    "page",
    "run_selftest",
    "write_record",
]
