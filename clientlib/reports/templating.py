"""The templates of the pages, every value in them escaped."""

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from clientlib.figures.wording import clean
from clientlib.language import show_day, show_number, spoken, tell, translate
from clientlib.reports.links import list_links
from clientlib.reports.states import name_state, tell_failure
from clientlib.reports.words import script_words


def draw(name: str, **values: object) -> Markup:
    """Fill a template.

    Parameters
    ----------
    name : str
        Its path under ``templates`` without the ending.
    **values
        What it shows; text is escaped unless it is Markup.

    Returns
    -------
    Markup
        HTML.
    """
    return Markup(_ENVIRONMENT.get_template(f"{name}.html.j2").render(**values))  # noqa: S704


def compile_templates() -> None:
    """Compile all templates now, so that processes forked from this one need not."""
    for name in _ENVIRONMENT.list_templates(extensions=["j2"]):
        _ENVIRONMENT.get_template(name)


def show_time(moment: datetime) -> str:
    """Write a moment to the minute in UTC: ``1 July 2025, 06:12 UTC``.

    Parameters
    ----------
    moment : datetime
        With its zone.

    Returns
    -------
    str
        Day and time.
    """
    return tell("{moment} UTC", moment=show_minute(moment))


def show_minute(moment: datetime) -> str:
    """Write a moment to the minute where UTC is said elsewhere: ``1 July 2025, 06:12``.

    Parameters
    ----------
    moment : datetime
        With its zone.

    Returns
    -------
    str
        Day and time.
    """
    there = moment.astimezone(UTC)
    return f"{show_day(there)}, {there:%H:%M}"


def show_seconds(seconds: float) -> str:
    """Write how long something took: ``1.3 s``, ``4 min 10 s``.

    Parameters
    ----------
    seconds : float
        The time it took.

    Returns
    -------
    str
        In seconds, or minutes and seconds from one minute on.
    """
    if seconds < 60:
        return tell("{seconds:number1} s", seconds=seconds)
    minutes, rest = divmod(round(seconds), 60)
    return tell("{minutes:count} min {seconds:count} s", minutes=minutes, seconds=rest)


def show_megabytes(size: int) -> str:
    """Write how much memory something took: ``281 MB``.

    Parameters
    ----------
    size : int
        In bytes.

    Returns
    -------
    str
        In millions of bytes.
    """
    return tell("{size:count} MB", size=round(size / 1e6))


def _make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "clean": clean,
        "day": show_day,
        "time": show_time,
        "minute": show_minute,
        "seconds": show_seconds,
        "megabytes": show_megabytes,
        "thousands": show_number,
        "state": name_state,
        "failure": tell_failure,
        "others": list_links,
    }
    environment.globals |= {
        "_": translate,
        "tell": tell,
        "language": spoken,
        "script_words": script_words,
    }
    return environment


_ENVIRONMENT = _make_environment()
