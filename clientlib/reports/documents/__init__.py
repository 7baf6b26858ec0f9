"""An executed notebook read once into typed parts, from which page, deck, PDF and data are made."""

from clientlib.reports.documents.parts import (
    Chart,
    Comment,
    Comments,
    Foreign,
    Item,
    Origin,
    Part,
    Picture,
    Prose,
    Text,
)
from clientlib.reports.documents.reading import Document, Section, read_document

__all__ = [
    "Chart",
    "Comment",
    "Comments",
    "Document",
    "Foreign",
    "Item",
    "Origin",
    "Part",
    "Picture",
    "Prose",
    "Section",
    "Text",
    "read_document",
]
