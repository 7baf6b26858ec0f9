"""Charts, tables and sentences for notebooks: drawn alike, harmless, with their own numbers.

A chart is a Plotly figure whose ``layout.meta`` holds its texts and every number drawn, so that
pages and decks made from the executed notebook need nothing else. Charts know no statistics.
"""

from clientlib.figures.bars import draw_bars, draw_intervals
from clientlib.figures.bridges import draw_bridge
from clientlib.figures.charts import Description, describe, message_of, note_of, setting_of
from clientlib.figures.columns import Column, count, date, money, number, percent, text, words
from clientlib.figures.curves import draw_reliability_curve
from clientlib.figures.funnels import draw_funnel
from clientlib.figures.lines import draw_lines
from clientlib.figures.matrix import draw_matrix
from clientlib.figures.messages import Message
from clientlib.figures.multiples import draw_multiples
from clientlib.figures.periods import draw_periods
from clientlib.figures.points import draw_points
from clientlib.figures.sentences import (
    NOTE_MIME,
    SENTENCES_MIME,
    Note,
    Sentences,
    say,
    say_missing,
    sentences_from_json,
    unless_missing,
)
from clientlib.figures.structures import draw_structure
from clientlib.figures.tables import TABLE_MIME, Table, show_table, table_from_json
from clientlib.figures.timelines import draw_timeline

__all__ = [
    "NOTE_MIME",
    "SENTENCES_MIME",
    "TABLE_MIME",
    "Column",
    "Description",
    "Message",
    "Note",
    "Sentences",
    "Table",
    "count",
    "date",
    "describe",
    "draw_bars",
    "draw_bridge",
    "draw_funnel",
    "draw_intervals",
    "draw_lines",
    "draw_matrix",
    "draw_multiples",
    "draw_periods",
    "draw_points",
    "draw_reliability_curve",
    "draw_structure",
    "draw_timeline",
    "message_of",
    "money",
    "note_of",
    "number",
    "percent",
    "say",
    "say_missing",
    "sentences_from_json",
    "setting_of",
    "show_table",
    "table_from_json",
    "text",
    "unless_missing",
    "words",
]
