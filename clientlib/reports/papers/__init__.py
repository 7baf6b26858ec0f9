"""PDFs of reports and decks, set without a browser, with fonts that hold Lithuanian letters."""

from clientlib.reports.papers.writing import write_deck_paper, write_paper

__all__ = ["write_deck_paper", "write_paper"]
