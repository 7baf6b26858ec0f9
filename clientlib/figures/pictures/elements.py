"""SVG as text."""

from html import escape
from typing import Any


def element(name: str, inner: str = "", /, **attributes: Any) -> str:  # noqa: ANN401 - text and numbers
    """Write one element.

    Parameters
    ----------
    name : str
        Of the element.
    inner : str
        SVG within it; already harmless.
    **attributes : object
        Numbers are rounded to hundredths of a pixel; None is left out.

    Returns
    -------
    str
        The element.
    """
    said = "".join(
        f' {key}="{escape(_say(value))}"' for key, value in attributes.items() if value is not None
    )
    return f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"


def _say(value: object) -> str:
    return f"{round(value, 2):g}" if isinstance(value, float) else str(value)
