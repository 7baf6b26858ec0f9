"""Our engine as papermill finds it by its entry point, while it is itself being imported."""

from typing import Any

from nbformat import NotebookNode
from papermill.engines import Engine


class EntryEngine(Engine):  # type: ignore[misc]
    """Hands on to the engine, which needs papermill to have been imported."""

    @classmethod
    def execute_notebook(cls, *said: Any, **named: Any) -> NotebookNode:  # noqa: ANN401
        """Execute a notebook, as ``ClientlibEngine`` does."""
        from clientlib.runs.executing.engine import ClientlibEngine

        return ClientlibEngine.execute_notebook(*said, **named)
