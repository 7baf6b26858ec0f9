"""Every text that a reader may see: found in the code, the templates and the notebooks."""

import ast
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import clientlib
from clientlib.figures.wording import humanise
from clientlib.language.prose import list_blocks

PACKAGE = Path(clientlib.__file__).parent
ROOT = PACKAGE.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TELLERS = {"tell", "jot", "translate", "_"}
SCRIPT_WORDS = "reports/words.py"  # where _count tells once for each form of a number
# Arguments of tellers that are no texts of their own module, and where their texts come from.
FROM_ELSEWHERE = {
    ("figures/charts.py", "frame.title"): "titles, from notebooks",
    ("figures/charts.py", "title"): "titles, from notebooks",
    ("figures/charts.py", "why"): "from the figures that find nothing to draw",
    ("figures/bars.py", "options.get('reference_label', '')"): "from notebooks",
    ("figures/tables.py", "caption"): "from notebooks",
    ("figures/tables.py", "none"): "from notebooks",
    ("figures/columns.py", "label"): "headings, from notebooks",
    ("figures/tables.py", "column.unit"): "units, from notebooks",
    ("figures/rows.py", "chart"): "KINDS_OF_CHARTS",
    ("figures/numbers.py", "self.unit"): "units, from notebooks",
    ("figures/numbers.py", "after_unit"): "_IN_WORDS",
    ("figures/numbers.py", "alone"): "_IN_WORDS",
    ("figures/sentences.py", "text"): "sentences, from notebooks",
    ("figures/sentences.py", "otherwise"): "NOTHING_SURE",
    ("figures/sentences.py", "subject"): "from notebooks",
    ("figures/sentences.py", "why"): "from notebooks",
    ("figures/wording.py", "label[:1].upper() + label[1:]"): "names of columns, from notebooks",
    ("segments/migration.py", "_choose_title(before, after)"): "_TITLES",
    ("segments/rfm.py", "template"): "_TIES",
    ("reliability/portfolio/departures.py", "words"): "TOLD",
    ("reliability/validation/cards.py", "FIGURES.get(each.name, each.name)"): "FIGURES",
    ("reliability/validation/tables.py", "card.name"): "reliability.validation.subjects.EVENTS",
    ("reliability/reasons.py", "_choose(str(name), row, part[name] > 0)"): "TEMPLATES",
    ("quality/reasons.py", "template"): "TEMPLATES",
    ("results/accounts.py", "str(name)"): "segments.rules.SEGMENTS",
    ("results/actions.py", "self.who"): "roles, and owners in segments.rules.SEGMENTS",
    ("results/book.py", "str(segment)"): "segments.rules.SEGMENTS",
    ("results/brief.py", "lane"): "LANES",
    ("results/brief.py", "str(row['grade'])"): "reliability.scores",
    ("results/findings.py", "str(worst['action'])"): "segments.rules.SEGMENTS",
    ("results/findings.py", "str(worst['segment'])"): "segments.rules.SEGMENTS",
    ("results/periods.py", "name"): "MONTH, YEAR_TO_DATE and TWELVE_MONTHS",
    ("reports/words.py", "template"): "literals given to _count",
    ("reports/record.py", "self.edition"): "all, or a reader's key",
    ("reports/tiles.py", "humanise(name)"): "names of key figures, from notebooks",
    ("competitors/prices.py", "template"): "_NET_TITLES and _ALL_TITLES",
    ("competitors/prices.py", "templates['nothing']"): "_NET_TITLES and _ALL_TITLES",
    ("competitors/prices.py", "templates[UNCLEAR]"): "_NET_TITLES and _ALL_TITLES",
    ("competitors/prices.py", "counted"): "_CLAUSES",
    ("competitors/prices.py", "several if names[1:] else one"): "_CLAUSES",
}
# Words of our own that stand in issued tables or in settings of charts, by their modules.
VOCABULARIES = {
    "clientlib.figures.bridges": ("KINDS",),
    "clientlib.figures.numbers": ("_IN_WORDS",),
    "clientlib.figures.sentences": ("NOTHING_SURE",),
    "clientlib.segments.rules": ("STATES", "TIERS", "SEGMENTS", "OTHERWISE"),
    "clientlib.segments.rfm": ("_TIES",),
    "clientlib.segments.migration": ("NOT_YET", "_TITLES"),
    "clientlib.segments.worth": ("LABELLINGS",),
    "clientlib.reliability.scores": ("BETTER", "AVERAGE", "WORSE", "TOO_LITTLE"),
    "clientlib.reliability.backtest": ("METHODS", "CHOICES"),
    "clientlib.reliability.reasons": ("TEMPLATES",),
    "clientlib.reliability.risks.wording": ("EVENT_WORDS", "SIGN_WORDS"),
    "clientlib.reliability.decisions.authority": ("APPROVALS",),
    "clientlib.reliability.decisions.conflicts": ("BETWEEN",),
    "clientlib.reliability.decisions.limits": ("BOUNDS",),
    "clientlib.reliability.decisions.overrides": ("DEPARTURES",),
    "clientlib.reliability.portfolio.departures": ("FINDINGS", "TOLD"),
    "clientlib.reliability.portfolio.issued": ("KIND_WORDS",),
    "clientlib.reliability.portfolio.promises": ("SIDES", "UNKNOWN_UNIT", "NO_TERMS"),
    "clientlib.reliability.portfolio.reasoning": ("BASE", "OTHERS"),
    "clientlib.reliability.portfolio.states": ("STATES",),
    "clientlib.reliability.portfolio.traces": ("SIGNS",),
    "clientlib.reliability.portfolio.watching": ("CAUSES",),
    "clientlib.reliability.warning.backtest": ("LABELS",),
    "clientlib.reliability.validation.cards": ("FIGURES", "REASONS"),
    "clientlib.reliability.validation.examining": ("WORDS",),
    "clientlib.reliability.validation.page": (
        "PURPOSES", "OWNERS", "WEAKER", "LEVEL_LIMITS", "ABOUT_INVOICES",
    ),
    "clientlib.reliability.validation.rivals": ("NOTES",),
    "clientlib.reliability.validation.selection": ("SELECTION_TEXT",),
    "clientlib.reliability.validation.subjects": ("EVENTS",),
    "clientlib.reliability.validation.tables": (
        "RULE_RIVAL", "EARLIER_RIVAL", "TAKES_OVER", "STAYS", "NO_CARD", "DIMENSIONS",
    ),
    "clientlib.reliability.prospects.terms": ("ADVICE",),
    "clientlib.reliability.prospects.wording": ("PART_WORDS", "YES", "NO"),
    "clientlib.reliability.prospects.depths": ("DEPTHS", "NOT_ENOUGH"),
    "clientlib.reliability.prospects.models": ("NEW", "EVERYBODY", "NOBODY"),
    "clientlib.competitors.prices": (
        "OK", "TOO_LITTLE", "DEARER", "CHEAPER", "UNCLEAR", "_NET_TITLES", "_ALL_TITLES", "_CLAUSES",
    ),
    "clientlib.competitors.win_rates": ("MORE", "LESS", "UNCLEAR"),
    "clientlib.results.actions": ("HEAD", "MANAGER", "KEY_ACCOUNTS", "CREDIT", "PRICING"),
    "clientlib.results.agenda": ("STATES", "ACTIONS"),
    "clientlib.results.book": ("WHYS", "KINDS_OF_CHANGE"),
    "clientlib.results.brief": ("LANES", "OUTCOMES", "CLAUSES", "URGENCIES"),
    "clientlib.results.client": ("COMPLAINT_STATES",),
    "clientlib.results.contacts": ("CHANNELS",),
    "clientlib.results.fairness": ("MEASURES", "VERDICTS"),
    "clientlib.results.periods": ("MONTH", "YEAR_TO_DATE", "TWELVE_MONTHS"),
    "clientlib.quality.balances": ("OVER", "UNDER", "EMPTY", "UNBILLED", "OVERPAID", "_MEND_IN"),
    "clientlib.quality.completeness": ("GAP", "OFTEN", "NEVER", "LATER"),
    "clientlib.quality.reasons": ("TEMPLATES",),
    "clientlib.quality.series": (
        "NOT_ENOUGH", "FRESH", "OVERDUE", "USUAL", "BELOW", "ABOVE", "SELDOM",
    ),
}  # fmt: skip
NAMES_OF_MATRICES = {"Label before", "Label after"}
KINDS_OF_CHARTS = {"Bar chart", "Points with intervals"}
DOCUMENTED = {"{late:client} of {total:count} {late:is|are} late, with {share:share} of revenue"}
DEFAULT_WORDS = {"and", "or", "all", "warm", "cold"}
NAMED_BY_COLUMNS = {"label", "value", "estimate", "x", "y", "series", "period", "actual", "amount"}
_TOLD = re.compile(r"""\b(?:_|tell|translate)\(\s*(["'])(.+?)\1""")
_TITLES = re.compile(r'^(?:title|question) = "(.+)"$', re.MULTILINE)
SHOWN_TEXTS = {"title", "caption", "reference_label", "otherwise", "unit", "none"}


def code_keys() -> set[str]:
    """Give the texts that the code tells or translates, and its closed vocabularies."""
    found = KINDS_OF_CHARTS | DEFAULT_WORDS | NAMES_OF_MATRICES | DOCUMENTED
    for path in _speaking_modules():
        found |= set(_told_in(path))
    for path in sorted((PACKAGE / "reports/templates").rglob("*.j2")):
        found |= {text for _, text in _TOLD.findall(path.read_text(encoding="utf-8"))}
    for module, names in VOCABULARIES.items():
        found |= {text for name in names for text in _flatten(getattr(import_module(module), name))}
    return found


def notebook_keys() -> set[str]:
    """Give the words that notebooks hand to charts, tables and the record of a run."""
    return {text for path in NOTEBOOKS for text in _shown_by(path)}


def prose_keys() -> set[str]:
    """Give the texts of notebooks, and the titles and questions of the configuration."""
    found = {
        text
        for path in NOTEBOOKS
        for cell in _cells(path, "markdown")
        for text in list_blocks(cell)
    }
    for name in (ROOT / "clientlib.toml", PACKAGE / "starter/clientlib.toml.txt"):
        found |= set(_TITLES.findall(name.read_text(encoding="utf-8")))
    return found


def unresolved() -> set[tuple[str, str]]:
    """Give the arguments of tellers that are neither literals nor constants of their module."""
    return {
        (path.relative_to(PACKAGE).as_posix(), ast.unparse(argument))
        for path in _speaking_modules()
        for argument, texts in _arguments(path)
        if not texts
    }


def _speaking_modules() -> list[Path]:
    """Give the modules that import what tells."""
    words = ("clientlib.language import", "clientlib.language.telling import")
    paths = sorted(PACKAGE.rglob("*.py"))
    return [
        path
        for path in paths
        if path.parent != PACKAGE / "language"
        and any(w in path.read_text(encoding="utf-8") for w in words)
    ]


def _told_in(path: Path) -> Iterator[str]:
    for _, texts in _arguments(path):
        yield from texts


def _arguments(path: Path) -> Iterator[tuple[ast.expr, list[str]]]:
    """Give the first argument of each call of a teller, with the texts that it may be."""
    tellers = TELLERS | ({"_count"} if path == PACKAGE / SCRIPT_WORDS else set())
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name_of(node.func) in tellers:
            yield node.args[0], _texts_of(node.args[0], path)


def _texts_of(argument: ast.expr, path: Path) -> list[str]:
    if isinstance(argument, ast.Constant):
        return [argument.value]
    if isinstance(argument, ast.Subscript):
        argument = argument.value
    if isinstance(argument, ast.Name) and argument.id.lstrip("_").isupper():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        return list(_flatten(getattr(import_module(name), argument.id)))
    return list(_assigned(argument.id, path)) if isinstance(argument, ast.Name) else []


def _assigned(variable: str, path: Path) -> Iterator[str]:
    """Give the texts that a variable of a module is assigned, one or the other."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == variable:
            choices = [node.value]
            if isinstance(node.value, ast.IfExp):
                choices = [node.value.body, node.value.orelse]
            elif isinstance(node.value, ast.Dict):
                choices = node.value.values
            texts = (choice.value for choice in choices if isinstance(choice, ast.Constant))
            yield from (text for text in texts if isinstance(text, str) and text)


def _flatten(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, dict):
        yield from _flatten(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _flatten(each)


def _shown_by(path: Path) -> Iterator[str]:
    for cell in _cells(path, "code"):
        for node in ast.walk(ast.parse(cell)):
            if isinstance(node, ast.Call):
                yield from _shown_by_call(node)


def _shown_by_call(call: ast.Call) -> Iterator[str]:
    name = _name_of(call.func)
    for keyword in call.keywords:
        given = keyword.value
        if name == "record":
            yield humanise(keyword.arg)
        elif keyword.arg == "columns":
            yield from (text.value for text in given.values if isinstance(text, ast.Constant))
        elif name.startswith(("draw_", "show_", "say")) and isinstance(given, ast.Constant):
            if keyword.arg in NAMED_BY_COLUMNS:
                yield humanise(given.value)
            elif keyword.arg in SHOWN_TEXTS and given.value != "%":
                yield given.value
    if name in {"text", "words", "count", "number", "money", "percent", "date"}:
        yield from (
            a.value
            for a in call.args
            if isinstance(a, ast.Constant)
            and a.value not in ("", None)
            and isinstance(a.value, str)
        )


def _cells(path: Path, kind: str) -> Iterator[str]:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == kind:
            yield "".join(cell["source"])


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
