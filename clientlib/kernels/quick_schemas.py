"""Imports the library that checks notebooks, without the second that one of its checks takes.

``jsonschema`` imports ``rfc3987_syntax``, where it is installed, for addresses with letters beyond
ASCII; that compiles a grammar. Notebooks hold no such addresses. Importing this module first puts
the grammar off until an address is checked; nothing else changes, and who imports
``rfc3987_syntax`` gets all of it.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

GRAMMAR = "rfc3987_syntax"


class _PutOff(ModuleType):
    """Stands for the module while ``jsonschema`` is imported."""

    @staticmethod
    def is_valid_syntax(term: str, value: str) -> bool:
        """Import the module, and ask it."""
        return bool(import_module(GRAMMAR).is_valid_syntax(term, value))


if GRAMMAR not in sys.modules and find_spec(GRAMMAR):
    sys.modules[GRAMMAR] = _PutOff(GRAMMAR)
    try:
        import_module("jsonschema")
    finally:
        del sys.modules[GRAMMAR]
