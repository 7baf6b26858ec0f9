"""Review decks: slides from the same document as the page, with native charts to be edited."""

from clientlib.reports.decks.masters import check_template, write_house_template
from clientlib.reports.decks.storyboard import Slide, list_storyline, plan_slides
from clientlib.reports.decks.writing import write_deck

__all__ = [
    "Slide",
    "check_template",
    "list_storyline",
    "plan_slides",
    "write_deck",
    "write_house_template",
]
