"""Secrets of a notebook: it is given a reference, and what it shows of the value is masked."""

import base64
import html
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import quote, quote_plus

from clientlib.errors import InputError, RunError

MASK = "***"
SHORTEST = 4
SHORTEST_CODED = 8  # shorter pieces of base64 turn up by chance in pictures
REFERENCE = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")

FORMAT_WORDS = re.compile(  # of the notebook format itself; a masked one would spoil the file
    r"attachments|cell_type|cells|code|data|display_data|ename|error|evalue|execute_result"
    r"|execution_count|id|markdown|metadata|name|nbformat|nbformat_minor|output_type|outputs"
    r"|papermill|raw|source|stderr|stdout|stream|tags|text|traceback"
    r"|[a-z]+/[\w.+-]+"  # kinds of content, such as text/html
)

_QUOTED = re.compile(rf"""(["']){REFERENCE.pattern}\1""")


def secret(reference: str) -> str:
    """Give the secret that a parameter refers to.

    A parameter such as ``token = "env:CRM_TOKEN"`` is kept in the notebook, the ledger and the
    report; the value itself stands in the environment only.

    Parameters
    ----------
    reference : str
        ``env:`` and the name of an environment variable.

    Returns
    -------
    str
        The variable's value; never show it.

    Raises
    ------
    InputError
        The text is no reference.
    RunError
        The variable is not set, or its value is too short to be masked.
    """
    named = REFERENCE.fullmatch(reference)
    if named is None:  # it may be the secret itself, so that it is not shown
        raise InputError(
            "a parameter is no reference to a secret", hint="such as env:CRM_TOKEN, not its value"
        )
    return read_secret(named[1], os.environ)


def read_secret(variable: str, environment: Mapping[str, str]) -> str:
    """Read a secret from an environment.

    Parameters
    ----------
    variable : str
        The variable's name.
    environment : mapping of str to str
        Where it stands.

    Returns
    -------
    str
        Its value, at least 4 characters.

    Raises
    ------
    RunError
        It is not set, or too short to be masked.
    """
    value = environment.get(variable)
    if not value:
        raise RunError(
            f"the environment variable {variable} is not set",
            hint="a parameter refers to it; set it where reports are run",
        )
    if len(value) < SHORTEST:
        raise RunError(
            f"the secret in {variable} is shorter than {SHORTEST} characters",
            hint="it could not be masked without masking half of the report",
        )
    return value


def referenced(parameters: object) -> list[str]:
    """Find the variables that parameters refer to.

    Parameters
    ----------
    parameters : object
        A value, or mappings and lists of values.

    Returns
    -------
    list of str
        Names of environment variables, each once.
    """
    found = (REFERENCE.fullmatch(text) for text in _texts(parameters))
    return list(dict.fromkeys(match[1] for match in found if match))


def referenced_in_source(source: str) -> list[str]:
    """Find the variables that the code of a parameters cell refers to.

    Parameters
    ----------
    source : str
        Python code.

    Returns
    -------
    list of str
        Names of environment variables, each once.
    """
    return list(dict.fromkeys(match[2] for match in _QUOTED.finditer(source)))


def _texts(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        for part in found.values():
            yield from _texts(part)
    elif isinstance(found, list | tuple):
        for part in found:
            yield from _texts(part)


class Mask:
    """Replaces secrets by three stars, in whatever form they stand.

    Parameters
    ----------
    values : iterable of str
        The secrets.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        forms = {form for value in values for form in _forms(value)}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """Mask a text.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        str
            The same without the secrets.
        """
        return self._pattern.sub(MASK, text) if self._pattern else text

    def within(self, found: Any) -> Any:  # noqa: ANN401
        """Mask every text within a notebook or a part of it, in place.

        Parameters
        ----------
        found : Any
            Mappings and lists of values, or a value.

        Returns
        -------
        Any
            The same object, or a masked text in the place of a text.
        """
        if self._pattern is None:
            return found
        if isinstance(found, str):
            return found if _belongs_to_format(found) else self.text(found)
        if isinstance(found, dict):
            for key in list(found):
                found[self.within(key)] = self.within(found.pop(key))
        elif isinstance(found, list):
            self._join_streams(found)
            found[:] = [self.within(part) for part in found]
        return found

    def _join_streams(self, parts: list[Any]) -> None:
        """Let a secret that was written in pieces be found: streams come in several outputs."""
        for name, run in groupby(parts, _stream_name):
            outputs = list(run)
            if name is None or len(outputs) < 2:
                continue
            text = "".join(output["text"] for output in outputs)
            if self.text(text) != "".join(self.text(output["text"]) for output in outputs):
                outputs[0]["text"] = text
                for output in outputs[1:]:  # not removed, as others are counted by their place
                    output["text"] = ""


def _belongs_to_format(word: str) -> bool:
    return FORMAT_WORDS.fullmatch(word) is not None


def _stream_name(output: object) -> str | None:
    is_stream = isinstance(output, dict) and output.get("output_type") == "stream"
    return str(output["name"]) if is_stream and isinstance(output, dict) else None


def _forms(value: str) -> Iterator[str]:
    """List the ways in which programs write a text, from the plain one to base64."""
    for ascii_only in (True, False):
        once = json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        yield from (once, json.dumps(once, ensure_ascii=ascii_only)[1:-1])
    yield from (value, repr(value)[1:-1], html.escape(value), html.escape(value, quote=False))
    yield from (quote(value), quote(value, safe=""), quote_plus(value))
    yield from (form for form in _base64_forms(value) if len(form) >= SHORTEST_CODED)


def _base64_forms(value: str) -> Iterator[str]:
    """Write a value in base64, alone and as it looks within a longer text."""
    plain = value.encode()
    for code in (base64.b64encode, base64.urlsafe_b64encode):
        alone = code(plain).decode()
        yield from (alone, alone.rstrip("="))
        for before in range(3):  # the letters depend on the place among groups of three bytes
            first = (before * 8 + 5) // 6
            last = (before + len(plain)) * 8 // 6
            yield code(b"\0" * before + plain).decode()[first:last]
