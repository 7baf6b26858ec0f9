"""What a kernel may use and see, by the variables of its environment."""

import os
import sys

from clientlib.errors import ConfigError
from clientlib.kernels.confinement import confine, read_confinement

MEGABYTE = 1 << 20
MEMORY_VARIABLE = "CLIENTLIB_MEMORY_LIMIT_MB"
CONFINEMENT_VARIABLE = "CLIENTLIB_CONFINEMENT"


def hold_to_limits() -> None:
    """Hold this process, and those that it starts, to the limits that its environment names.

    ``CLIENTLIB_MEMORY_LIMIT_MB`` limits the memory for data in MiB; what goes beyond it raises
    MemoryError. ``CLIENTLIB_CONFINEMENT`` names a file of folders that must not be seen.

    Raises
    ------
    ConfigError
        A variable, or the file that it names, says what cannot be.
    """
    limit = os.environ.get(MEMORY_VARIABLE)
    if limit:
        _limit_memory(limit)
    path = os.environ.get(CONFINEMENT_VARIABLE)
    if path:
        confine(read_confinement(path))


def _limit_memory(text: str) -> None:
    if not text.isdecimal() or int(text) == 0:
        raise ConfigError(
            f"{MEMORY_VARIABLE} is no number of megabytes",
            example=repr(text),
            hint="write a whole number above 0, such as 2000",
        )
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        asked = int(text) * MEGABYTE
        limit = asked if most == resource.RLIM_INFINITY else min(asked, most)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
