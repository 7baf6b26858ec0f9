"""The library that checks notebooks: as it is, but for the second that it takes."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

pytestmark = pytest.mark.skipif(
    find_spec("rfc3987_syntax") is None, reason="jsonschema imports no grammar here"
)
ASK = """
import sys
{first}
import jsonschema
late = "lark" not in sys.modules
checker = jsonschema.Draft7Validator.FORMAT_CHECKER
print([checker.conforms(text, name) for name in ("iri", "iri-reference", "uri")
       for text in ("http://žąsys.lt/ė", "ė", "no address", 5)])
import rfc3987_syntax
print(rfc3987_syntax.is_valid_syntax("iri", "a:b"), hasattr(rfc3987_syntax, "parse"))
print(late)
"""


def ask(first: str) -> list[str]:
    told = subprocess.run(
        [sys.executable, "-c", ASK.format(first=first)], check=True, capture_output=True, text=True
    )
    return told.stdout.splitlines()


def test_addresses_are_checked_as_ever_but_their_grammar_comes_late():
    usual, quick = ask(""), ask("import clientlib.kernels.quick_schemas")
    assert quick[:2] == usual[:2]
    assert (usual[2], quick[2]) == ("False", "True")
    assert {"True", "False"} <= set(usual[0][1:-1].split(", "))
