"""Rules that a report's charts, sentences, pages and decks are held against, each with an id."""

from clientlib.reports.linting.findings import RULES, Finding
from clientlib.reports.linting.footers import lint_deck, lint_page
from clientlib.reports.linting.walking import lint_chart, lint_document

__all__ = ["RULES", "Finding", "lint_chart", "lint_deck", "lint_document", "lint_page"]
