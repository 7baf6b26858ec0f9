"""The files that all pages share: Plotly, our style sheet and our script, beside the pages."""

import importlib.metadata
import importlib.util
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from clientlib.errors import RunError

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = ("page.css",)
_SCRIPT = tuple(  # in the order of their needs: one file of them all is fetched at once
    f"scripts/{name}.js"
    for name in ("words", "files", "csv", "xlsx", "charts", "tables", "index", "page")
)


@dataclass(frozen=True)
class Assets:
    """Where the shared files lie.

    Parameters
    ----------
    folder : Path
        The folder of them all.
    plotly, style, script : str
        File names in it; those of style and script name their content, so that an old page
        keeps the look it was made with.
    """

    folder: Path
    plotly: str
    style: str
    script: str

    def link_from(self, page: Path) -> dict[str, str]:
        """Write the links from a page to the files.

        Parameters
        ----------
        page : Path
            The page's own path.

        Returns
        -------
        dict of str to str
            Relative addresses for plotly, style and script.
        """
        base = Path(os.path.relpath(self.folder.resolve(), page.resolve().parent)).as_posix()
        names = {"plotly": self.plotly, "style": self.style, "script": self.script}
        return {use: f"{base}/{name}" for use, name in names.items()}


def place_assets(reports_folder: Path) -> Assets:
    """Put the shared files into ``assets`` in the reports folder, where they are not there yet.

    Parameters
    ----------
    reports_folder : Path
        Made where it does not exist. Safe to call from several workers at once.

    Returns
    -------
    Assets
        Their names.

    Raises
    ------
    RunError
        The installed plotly brings no script.
    """
    folder = Path(reports_folder) / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    names = [_place(folder, *_read_named(parts)) for parts in (_STYLE, _SCRIPT)]
    plotly_path = _find_plotly()
    plotly_name = f"plotly-{importlib.metadata.version('plotly')}.min.js"
    if not _is_placed(folder / plotly_name, plotly_path.stat().st_size):
        write_whole(folder / plotly_name, plotly_path.read_bytes())
    return Assets(folder, plotly_name, *names)


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that nobody ever sees half of it.

    Parameters
    ----------
    path : Path
        Its folder is made where it does not exist.
    content : bytes
        All of it.

    Returns
    -------
    Path
        The same path.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)  # on a full disk it would take the room of others
        raise
    return path


def _read_named(parts: tuple[str, ...]) -> tuple[str, bytes]:
    content = b"\n".join((_TEMPLATES / part).read_bytes() for part in parts)
    ending = Path(parts[0]).suffix
    return f"page-{sha256(content).hexdigest()[:10]}{ending}", content


def _place(folder: Path, name: str, content: bytes) -> str:
    if not _is_placed(folder / name, len(content)):
        write_whole(folder / name, content)
    return name


def _is_placed(path: Path, size: int) -> bool:
    return path.exists() and path.stat().st_size == size


def _find_plotly() -> Path:
    found = importlib.util.find_spec("plotly")
    folders = found.submodule_search_locations if found else None
    path = Path(next(iter(folders or []), "")) / "package_data" / "plotly.min.js"
    if not path.is_file():
        raise RunError("the installed plotly brings no plotly.min.js", hint="reinstall plotly")
    return path
