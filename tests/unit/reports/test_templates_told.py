"""Every word of the templates can be told in another language."""

import re
from pathlib import Path

import pytest

import clientlib.reports

TEMPLATES = sorted((Path(clientlib.reports.__file__).parent / "templates").rglob("*.j2"))
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SPOKEN_ATTRIBUTES = re.compile(r"\b(?:aria-label|placeholder|alt|title)=\"([^\"]*)\"")
NAMES = {"clientlib"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_words_of_its_own(path):
    rest = JINJA.sub("", path.read_text("utf-8"))
    spoken = " ".join(SPOKEN_ATTRIBUTES.findall(rest))
    text = re.sub(r"<[^>]*>", " ", rest)
    words = re.findall(r"[^\W\d_]{2,}", f"{text} {spoken}")
    assert set(words) <= NAMES


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) >= 12
