"""200 names as no client should have them: markup, formulas, directions, paths, length, signs."""

from itertools import product

SEEDS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</script><svg onload=alert(1)>",
    "&lt;b&gt; &amp; &#60;", "]]>", "<!-- -->", "{{ 7*7 }}{% raw %}", "${7*7} #{7*7}",
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1:A9)", "\\tTab", "=HYPERLINK(\"http://x\",\"y\")",
    "\u202egnp.exe", "\u2066isolate\u2069", "\u200fعربي اسم", "עברית", "名前株式会社", "Ελληνικά ΑΕ",
    "😀🏭👩‍🔧", "e\u0301\u0302\u0303\u0304", "\ufeffBOM", "\x00NUL\x07BEL", "line\nbreak\r\nreturn",
    "../../etc/passwd", "C:\\con\\aux.txt", "a/b\\c:d*e?f\"g<h>i|j", "..", "NUL",
    "javascript:alert(1)", "[x](javascript:alert(1))", "`code` *b* _i_ # h", "| a | b |",
    "$x^2$ \\(y\\) #import \"z\"", "'; drop table clients; --", "\"quoted\" 'single'", "%s %d %n",
    "Ąžuolas & Šermukšnis, UAB", " ",
)  # fmt: skip
SHAPES = ("{}", "UAB {}", "{} " * 12, "{}" + "W" * 300, "„{}“ — 1")


def list_names():
    """List the names.

    Returns
    -------
    list of str
        200 of them, each once.
    """
    return [shape.format(*[seed] * 12) for seed, shape in product(SEEDS, SHAPES)]
