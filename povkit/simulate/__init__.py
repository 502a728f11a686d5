"""A made-up register with planted faults and its truth: for demonstrations, tests and the self-test.

Nobody in it exists: identity numbers carry an area code that is assigned to nobody.
"""

from povkit.simulate.faults import plantable
from povkit.simulate.simulation import simulate
from povkit.simulate.truth import TRUTH_COLUMNS, Truth

__all__ = ["TRUTH_COLUMNS", "Truth", "plantable", "simulate"]
