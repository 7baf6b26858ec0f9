"""CRMs as sources: every object of a resource, page by page, through dlt's REST client."""

import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from clientlib.config import CrmSettings, FileMapping, PagedApi
from clientlib.errors import ConfigError, InputError
from clientlib.sources.readers import Reading

ATTEMPTS = 5
BACKOFF_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
TIMEOUT_SECONDS = 60.0
LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")
REFUSED = (401, 403)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")
ENTRY = "row"  # how fields call an entry of the list that rows lie within


@dataclass(frozen=True)
class Objects:
    """The objects of one resource, as they were fetched."""

    mapping: FileMapping
    path: Path

    @property
    def name(self) -> str:
        """The name of its mapping."""
        return self.mapping.name

    @property
    def stored_path(self) -> None:
        """No file on disk says whether it has changed."""
        return

    @contextmanager
    def reading(self, scratch: Path) -> Iterator[Reading]:  # noqa: ARG002  (needs no copy)
        """Open the objects for scanning, all fields as text.

        Parameters
        ----------
        scratch : Path
            Folder for copies; none is made.

        Yields
        ------
        Reading
            What DuckDB scans.
        """
        columns = dict.fromkeys(self.mapping.fields, "VARCHAR")
        yield Reading(
            "read_json($path, format = 'newline_delimited', columns = $columns)",
            {"path": str(self.path), "columns": columns},
        )


@contextmanager
def open_crm(
    settings: CrmSettings, api: PagedApi, mappings: Sequence[FileMapping]
) -> Iterator[list[Objects]]:
    """Fetch all resources of a CRM, before anything of them is loaded.

    Parameters
    ----------
    settings : CrmSettings
        The environment variable that holds the token, and where the CRM is.
    api : PagedApi
        How it answers.
    mappings : sequence of FileMapping
        Each with a ``resource``.

    Yields
    ------
    list of Objects
        One for each mapping, kept on disk until the load has ended.

    Raises
    ------
    ConfigError
        The extra is not installed, the token is not set, or it would travel unprotected.
    InputError
        The CRM refuses the token, does not answer, or answers something else than rows.
    """
    client = _client(settings, api)
    with (
        closing(client.session),
        tempfile.TemporaryDirectory(prefix="clientlib-") as folder,
    ):
        fetched = []
        for number, mapping in enumerate(mappings):
            path = Path(folder) / f"{number}.jsonl"
            with path.open("w", encoding="utf-8") as sink:
                for row in _rows(client, api, mapping, settings):
                    sink.write(json.dumps(row, ensure_ascii=False) + "\n")
            fetched.append(Objects(mapping, path))
        yield fetched


def _client(settings: CrmSettings, api: PagedApi) -> Any:  # noqa: ANN401  (of dlt, an extra)
    try:
        from dlt.common.configuration.specs.runtime_configuration import RuntimeConfiguration
        from dlt.sources.helpers.requests.retry import Client
        from dlt.sources.helpers.rest_client.auth import APIKeyAuth
        from dlt.sources.helpers.rest_client.client import RESTClient
    except ImportError as error:
        raise ConfigError(
            "a source of a CRM needs dlt, which is not installed",
            hint="pip install 'clientlib[crm]'",
        ) from error
    token = os.environ.get(settings.token_env, "").strip()
    if not token:
        raise ConfigError(
            f"the environment variable {settings.token_env} is not set",
            hint="it holds the token that the CRM gave you for reading",
        )
    retrying = Client(
        request_timeout=TIMEOUT_SECONDS,
        raise_for_status=False,
        request_max_attempts=ATTEMPTS,
        request_backoff_factor=BACKOFF_SECONDS,
        request_max_retry_delay=LONGEST_WAIT_SECONDS,
    )
    return RESTClient(
        base_url=_base_url(settings, api),
        auth=APIKeyAuth(name=api.token_header, api_key=api.token_prefix + token),
        session=retrying.session,
        config=RuntimeConfiguration(dlthub_telemetry=False),
    )


def _base_url(settings: CrmSettings, api: PagedApi) -> str:
    url = settings.base_url or api.base_url
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:
        raise ConfigError(
            "the address of a CRM must begin with https, since a token travels to it",
            example=f"base_url = {url!r}",
            hint="write https://",
        )
    return url


def _rows(
    client: Any,  # noqa: ANN401
    api: PagedApi,
    mapping: FileMapping,
    settings: CrmSettings,
) -> Iterator[dict[str, str | None]]:
    from dlt.common import jsonpath

    zone = ZoneInfo(settings.time_zone)
    paths = {name: jsonpath.compile_path(path) for name, path in mapping.fields.items()}
    within = jsonpath.compile_path(mapping.rows_within) if mapping.rows_within else None
    for page in _pages(client, api, mapping, settings.token_env):
        for found in page:
            entries = _entries(found, within)
            for entry in entries:
                values = {name: jsonpath.find_values(path, entry) for name, path in paths.items()}
                yield {
                    name: _text(value[0], zone) if value else None for name, value in values.items()
                }


def _entries(found: dict[str, Any], within: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    from dlt.common import jsonpath

    if within is None:
        return [found]
    listed = jsonpath.find_values(within, found)
    return [{**found, ENTRY: entry} for entry in (listed[0] if listed else None) or []]


def _pages(
    client: Any,  # noqa: ANN401
    api: PagedApi,
    mapping: FileMapping,
    variable: str,
) -> Iterator[list[dict[str, Any]]]:
    from dlt.common import jsonpath
    from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
    from requests import HTTPError, RequestException

    resource = mapping.resource or ""
    paginator = JSONResponseCursorPaginator(
        cursor_path=api.cursor, cursor_param=api.cursor_parameter
    )
    pages = client.paginate(
        resource,
        params={**api.parameters, **mapping.parameters},
        paginator=paginator,
        data_selector=api.rows,
        hooks={"response": [_read_to_its_end]},
        allow_redirects=False,  # a token goes nowhere but where it was meant to
    )
    marks: set[str] = set()
    try:
        for page in pages:
            answer = page.response.json()
            mark = [str(value) for value in jsonpath.find_values(api.cursor, answer) if value]
            rows = [row for row in page if row is not None]
            has_rows = bool(jsonpath.find_values(api.rows, answer))
            if not has_rows or marks & set(mark) or not all(isinstance(r, dict) for r in rows):
                raise _no_rows(resource, api, page.response.text)
            marks |= set(mark)
            yield rows
    except HTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        raise _refusal(resource, status, variable) from None
    except (ValueError, AttributeError, TypeError) as error:
        raise _no_rows(resource, api, str(error)) from None
    except RequestException as error:
        raise InputError(
            f"{resource} cannot be fetched",
            example=type(error).__name__,
            hint="is the network there, and base_url right? nothing was loaded; load again",
        ) from None


def _read_to_its_end(response: Any, *_: object, **__: object) -> None:  # noqa: ANN401
    """Take in an answer, so that its connection is free again, before a fault is raised."""
    _ = response.content
    response.raise_for_status()


def _refusal(resource: str, status: int, variable: str) -> InputError:
    if status in REFUSED:
        return InputError(
            f"{resource} is refused to the token of {variable}",
            example=f"the CRM answers {status}",
            hint="has the token expired, and may it read these objects?",
        )
    return InputError(
        f"{resource} cannot be fetched",
        rows=f"{ATTEMPTS} attempts" if status >= 500 or status == 429 else None,
        example=f"the CRM answers {status}",
        hint="nothing was loaded; load again later",
    )


def _no_rows(resource: str, api: PagedApi, answer: str) -> InputError:
    return InputError(
        f"{resource} is answered by something else than pages of rows",
        example=answer[:80],
        hint=f"rows are looked for under {api.rows!r}; is base_url right?",
    )


def _text(value: object, zone: ZoneInfo) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return _tell_moment(value, zone) if MOMENT.fullmatch(value) else value


def _tell_moment(text: str, zone: ZoneInfo) -> str:
    """Tell a moment as clocks showed it; one that no calendar has is left to be judged."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(sep=" ")
