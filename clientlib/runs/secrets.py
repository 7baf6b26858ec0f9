"""Secrets of notebooks: given as references, resolved where they are used, kept nowhere."""

import base64
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any, Self
from urllib.parse import quote, quote_plus

from clientlib.errors import RunError

PREFIX = "env:"
HIDDEN = "***"
SHORTEST = 4


def secret(reference: str) -> str:
    """Give the secret that a parameter refers to.

    Parameters
    ----------
    reference : str
        Such as ``env:CRM_TOKEN``: the name of an environment variable.

    Returns
    -------
    str
        Its value. Where a cell prints it, the kept notebook shows ``***``.

    Raises
    ------
    RunError
        It is no reference, the variable is not set, or its value is shorter than 4 characters.
    """
    if not reference.startswith(PREFIX):
        raise RunError("this is no reference to a secret", hint=f"write it as {PREFIX}CRM_TOKEN")
    name = reference.removeprefix(PREFIX)
    value = os.environ.get(name)
    if value is None:
        raise RunError(
            f"the environment variable {name} is not set", hint="set it where runs start"
        )
    if len(value) < SHORTEST:
        raise RunError(
            f"the secret in {name} is shorter than {SHORTEST} characters",
            hint="so short a text would be hidden wherever it stands by chance",
        )
    return value


class Secrets:
    """The values that must not be kept.

    Parameters
    ----------
    values : iterable of str
        As they are.
    """

    def __init__(self, values: Iterable[str]) -> None:
        forms = {form for value in values for form in _forms(value)}
        self._forms = sorted(forms, key=len, reverse=True)

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Self:
        """Find the secrets that parameters refer to.

        Parameters
        ----------
        parameters : mapping
            References within lists and mappings count too.

        Returns
        -------
        Secrets
            Of those variables that are set.
        """
        names = {
            text.removeprefix(PREFIX) for text in _texts(parameters) if text.startswith(PREFIX)
        }
        values = (os.environ.get(name, "") for name in names)
        return cls(value for value in values if len(value) >= SHORTEST)

    def hide(self, text: str) -> str:
        """Hide the secrets in a text.

        Parameters
        ----------
        text : str
            JSON or any other.

        Returns
        -------
        str
            With ``***`` in their place, also where they were quoted for JSON or an address, or
            encoded by base64.
        """
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return text


def _forms(value: str) -> Iterable[str]:
    encoded = value.encode()
    yield from (value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    yield from (repr(value)[1:-1], quote(value, safe=""), quote(value), quote_plus(value))
    for plain in (base64.b64encode(encoded), base64.urlsafe_b64encode(encoded)):
        yield plain.decode()
        yield plain.decode().rstrip("=")


def _texts(value: Any) -> Iterable[str]:  # noqa: ANN401
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
