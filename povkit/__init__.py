"""povkit: reproducible inspection of registers of poor households.

The names below are what notebooks and scripts need; everything else is internal. They are loaded when first used, so
that `import povkit` is quick.
"""

from typing import TYPE_CHECKING

from povkit.vocab.late import late
from povkit.vocab.version import __version__

if TYPE_CHECKING:
    from povkit.policy import load_policy
    from povkit.register.importer import import_folders
    from povkit.register.store import Register
    from povkit.run.check import check_county
    from povkit.run.counties import inspect_counties
    from povkit.run.explore.exploration import Exploration
    from povkit.run.inspection import Inspection
    from povkit.simulate import simulate as simulate_county
    from povkit.vocab import PovkitError

__all__ = [
    "Exploration",
    "Inspection",
    "PovkitError",
    "Register",
    "__version__",
    "check_county",
    "import_folders",
    "inspect_counties",
    "load_policy",
    "simulate_county",
]

__getattr__ = late(
    __name__,
    {
        "Exploration": "povkit.run.explore.exploration:Exploration",
        "Inspection": "povkit.run.inspection:Inspection",
        "PovkitError": "povkit.vocab:PovkitError",
        "Register": "povkit.register.store:Register",
        "check_county": "povkit.run.check:check_county",
        "import_folders": "povkit.register.importer:import_folders",
        "inspect_counties": "povkit.run.counties:inspect_counties",
        "load_policy": "povkit.policy:load_policy",
        "simulate_county": "povkit.simulate:simulate",
    },
)
