"""What the script of a page says, in the language of the page."""

from clientlib.language import show_number, tell, translate

_FORMS = (1, 2, 10)  # a number of each form that counted words take in our languages

Words = dict[str, str | dict[str, str]]


def script_words() -> Words:
    """Give what the page's script says, in the language that is spoken.

    Returns
    -------
    dict
        Texts by name; a text that goes with a number by the forms of CLDR that it takes.
        Places such as ``{count}`` are filled by the script.
    """
    return {
        "csv": translate("Download as CSV"),
        "xlsx": translate("Download as Excel"),
        "searchTable": translate("Search in this table"),
        "rowsFound": _count("{found} of {total:count} {total:~row}", found="{found}"),
        "showAll": _count("Show all {count:count} {count:~row}"),
        "showFirst": _count("Show the first {count:count} {count:~row}"),
        "showRuns": _count("Show all {count:count} {count:run|runs}"),
        "runsTotal": _count("{count:count} {count:run|runs}"),
        "runsFound": _count("{found} of {total:count} {total:run|runs}", found="{found}"),
    }


def _count(template: str, **open_places: str) -> dict[str, str]:
    """Tell a sentence once for each form of its number, with the places left open."""
    forms = {}
    for form, number in zip(("one", "few", "other"), _FORMS, strict=True):
        name = "total" if "{total:" in template else "count"
        told = tell(template, **{name: number}, **open_places)
        forms[form] = told.replace(show_number(number), f"{{{name}}}", 1)
    return forms
