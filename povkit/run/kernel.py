"""The kernel that runs a notebook: always this very Python, whatever kernels the user has set up.

Nothing is installed or read in the user's home, so that a run does not depend on it. Where the system can, kernel and
runner talk through sockets in a private folder, not over the network.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

KERNEL = "python3"
_QUIET = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}


class OwnPython(AsyncKernelManager):
    """Starts `python3` as ipykernel of the running interpreter, with an empty IPython profile."""

    @default("kernel_spec_manager")
    def _own_specs(self) -> KernelSpecManager:
        """No folder of kernels is searched: then jupyter_client gives ipykernel of sys.executable."""
        return KernelSpecManager(kernel_dirs=[])

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
        """Start it. options: as of jupyter_client; `env` is added to."""
        self._place = tempfile.TemporaryDirectory(prefix="povkit-", ignore_cleanup_errors=True)
        place = Path(self._place.name)
        if sys.platform != "win32":
            self.transport = "ipc"
            self.ip = str(place / "socket")
        self.connection_file = str(place / "kernel.json")
        given = options.get("env") or os.environ
        options["env"] = {**given, **_QUIET, "IPYTHONDIR": str(place / "ipython")}
        await super().start_kernel(**options)

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        """What jupyter_client cleans up, and the private folder."""
        await super().cleanup_resources(restart)
        if not restart and hasattr(self, "_place"):
            self._place.cleanup()
