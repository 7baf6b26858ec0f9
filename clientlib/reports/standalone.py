"""A page as one file: style, scripts and charts in it, to be opened anywhere without a network."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from clientlib.errors import InputError
from clientlib.reports.assets import write_whole

ENDING = "-alone.html"

_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)')
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]*)">')
_SCRIPT = re.compile(r'<script defer src="([^"]*)"></script>\n?')
_OTHERS = re.compile(r'<nav class="others".*?</nav>\n?', re.DOTALL)
_ENDS_SCRIPT = re.compile(r"</(?=script)", re.IGNORECASE)


def write_standalone(page: Path, target: Path | None = None) -> Path:
    """Write a run's page as one file that needs no other.

    The links to the deck, the data and the notebook are left out: they lie beside the page.

    Parameters
    ----------
    page : Path
        A run's page in the folder of reports, with the shared files where it looks for them.
    target : Path, optional
        Where to; by default beside the page, ``all.html`` as ``all-alone.html``.

    Returns
    -------
    Path
        The file. The same page gives the same bytes.

    Raises
    ------
    InputError
        It is no page of a run, a shared file is missing, or the target is the page itself.
    """
    target = target or page.with_name(f"{page.stem}{ENDING}")
    if target.resolve() == page.resolve():
        raise InputError(
            f"{page.name} would be written over itself", hint="name another file: -o FILE"
        )
    html = _read_page(page)
    scripts = [_read_shared(page, link) for link in _SCRIPT.findall(html)]
    html = _OTHERS.sub("", _SCRIPT.sub("", html))
    html = _STYLE.sub(lambda link: f"<style>\n{_read_shared(page, link[1])}</style>", html)
    return write_whole(target, _put_scripts(html, scripts).encode())


def _read_page(page: Path) -> str:
    if not page.is_file():
        raise InputError(f"there is no page {page}", hint="reports/index.html lists the pages")
    html = page.read_text("utf-8", errors="replace")
    if len(_POLICY.findall(html)) != 1 or 'class="bottom"' not in html:
        raise InputError(
            f"{page.name} is no page of a run",
            hint="name a page that `clientlib run` wrote; the index and batches are lists of links",
        )
    return html


def _read_shared(page: Path, link: str) -> str:
    path = page.parent / unquote(link)
    if not path.is_file():
        raise InputError(
            f"{page.name} lacks a file that it is shown with",
            example=link,
            hint="name the page in the folder of reports, or run the report again",
        )
    return path.read_text("utf-8")


def _put_scripts(html: str, scripts: list[str]) -> str:
    """Put the scripts at the end, where the page has been read, and allow these alone."""
    inner = [_ENDS_SCRIPT.sub(r"<\\/", script) for script in scripts]
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in inner)
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    html = _POLICY.sub(lambda meta: f"{meta[1]}{policy}{meta[2]}", html)
    before, end, after = html.rpartition("</body>")
    return before + "".join(f"<script>{script}</script>\n" for script in inner) + end + after


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()
