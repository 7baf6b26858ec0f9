"""What a template process imports before it forks kernels, and what it must not.

Two base lists are known; the rest is learned: a kernel reports at its end what it has imported
beyond the template process, a forked trial imports that under watch, and what behaves is
imported for the kernels to come. Refused is what asks for the notebook's shell while it is
imported (it would decide for a world without one), what starts threads (they do not survive a
fork), and what prints or warns (the notebook would lack it).
"""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
KERNEL = (  # what every kernel imports before its first cell
    "clientlib.kernels.quick_schemas",
    "IPython.core.completer",
    "IPython.core.magics",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "comm",
)
LIBRARIES = (
    "numpy",
    "pandas",
    "duckdb",
    "plotly.graph_objects",
    "plotly.io",
    "scipy.optimize",
    "scipy.special",
    "sklearn.cluster",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.preprocessing",
    "clientlib.warehouse",
    "clientlib.figures",
    "clientlib.segments",
    "clientlib.competitors",
    "clientlib.reliability",
    "clientlib.quality",
    "clientlib.runs",
    "clientlib.runs.first_uses",
)
CELL = compile("__import__(name)", "<preload>", "exec")


@dataclass
class Preload:
    """What is known of modules beyond the base lists, for one state of the environment.

    Attributes
    ----------
    learned : list of str
        Modules that kernels imported and that behave, in the order of their import.
    refused : dict of str to str
        Modules that must not be imported before a fork, and why.
    """

    learned: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """List the modules to import after those of a kernel itself, known ones first.

        Returns
        -------
        list of str
            Without refused ones.
        """
        return self.allowed((*LIBRARIES, *self.learned))

    def allowed(self, names: Iterable[str]) -> list[str]:
        """Leave out what is refused, and what lies in a refused package.

        Parameters
        ----------
        names : iterable of str
            Modules.

        Returns
        -------
        list of str
            The rest, in the same order.
        """
        return [name for name in names if self.refused.keys().isdisjoint(_with_packages(name))]


def import_modules(names: Iterable[str]) -> list[str]:
    """Import modules as a notebook's cell would.

    Parameters
    ----------
    names : iterable of str
        Modules, by full names.

    Returns
    -------
    list of str
        Those that could be imported, in the same order.
    """
    return [name for name in names if _import(name)]


def count_threads() -> int:
    """Count the threads of this process, also those that Python does not know of.

    Returns
    -------
    int
        At least 1.
    """
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208


def list_imported(known: Iterable[str], folder: str) -> list[str]:
    """List the modules that this process has imported beyond others.

    Parameters
    ----------
    known : iterable of str
        What does not count.
    folder : str
        The notebook's working folder; modules in it belong to the notebook.

    Returns
    -------
    list of str
        Modules of installed libraries, of the standard library and of clientlib, in the order
        of their import.
    """
    before = set(known)
    return [
        name
        for name, module in list(sys.modules.items())
        if name not in before and is_library(getattr(module, "__file__", None), folder)
    ]


def is_library(file: str | None, folder: str) -> bool:
    """Tell whether a module belongs to a library, not to a notebook.

    Parameters
    ----------
    file : str or None
        Where the module lies; None for those that have no file.
    folder : str
        The notebook's working folder.

    Returns
    -------
    bool
        True where it lies in the environment or in clientlib, and not in the working folder
        (which may hold the environment).
    """
    if not file:
        return False
    roots = (Path(sys.prefix), Path(sys.base_prefix), PACKAGE)
    home = next((root for root in roots if Path(file).is_relative_to(root)), None)
    if home is None:
        return False
    return not (Path(file).is_relative_to(folder) and Path(folder).is_relative_to(home))


def read_preload() -> Preload:
    """Read what earlier template processes learned in an environment that was the same.

    Returns
    -------
    Preload
        Empty where nothing was learned yet, or the environment has changed.
    """
    try:
        kept: dict[str, Any] = json.loads(_cache_file().read_text(encoding="utf-8"))
        if kept["fingerprint"] == fingerprint():
            return Preload(list(kept["learned"]), dict(kept["refused"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return Preload()


def keep_preload(preload: Preload) -> None:
    """Keep what was learned for later template processes; without a place for it, nothing.

    Parameters
    ----------
    preload : Preload
        What was learned.
    """
    file = _cache_file()
    kept = {"fingerprint": fingerprint(), **vars(preload)}
    draft = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        sys.stderr.write(f"what kernels import cannot be kept: {error}\n")


def fingerprint() -> str:
    """Sum up the state of the environment: Python, installed libraries, clientlib's own files.

    Returns
    -------
    str
        Changes when a library is installed or removed, or a file of clientlib is changed.
    """
    installed = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    state = [
        sys.executable,
        sys.version,
        *(text for name, text in sorted(os.environ.items()) if name.startswith("PYTHON")),
        *(str(os.stat(folder).st_mtime_ns) for folder in sorted(installed)),  # noqa: PTH116
        str(max(os.stat(file).st_mtime_ns for file in PACKAGE.rglob("*.py"))),  # noqa: PTH116
        *KERNEL,
        *LIBRARIES,
    ]
    return hashlib.sha256("\0".join(state).encode("utf-8", "surrogateescape")).hexdigest()


def _import(name: str) -> bool:
    try:
        exec(CELL, {"__name__": "__main__", "name": name})  # noqa: S102 - our own line
    except Exception as error:
        sys.stderr.write(f"{name} cannot be imported before kernels: {error!r}\n")
        return False
    return True


def _with_packages(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _cache_file() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = hashlib.sha256(sys.prefix.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Path(home) / "clientlib" / f"preload-{place}.json"
