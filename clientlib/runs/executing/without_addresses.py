"""Spares runs the second that one optional library takes to be imported.

The library of notebooks imports one for schemas, which compiles a grammar of web addresses if it
finds the library for them. Notebooks hold no such addresses. Import this first.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
