"""Markdown is translated block by block, by a project's catalogue before the library's."""

from pathlib import Path

import pytest

from clientlib.language import load_catalogue, speaking, translate, translate_prose
from clientlib.language.compiling import compile_folder
from clientlib.language.prose import list_blocks, translate_blocks

PROSE = """# Which clients?

**Who decides.** The head of
sales, see [the rules](rules.md).

1. first
2. second
   goes on
- item

> said
> by others

| Word | Meaning |
|------|---------|
| late | 3 |

```python
# not prose
x = 1
```
---
End"""


def test_blocks_are_the_texts_without_their_marks():
    assert list_blocks(PROSE) == [
        "Which clients?",
        "**Who decides.** The head of sales, see [the rules](rules.md).",
        "first",
        "second goes on",
        "item",
        "said by others",
        "Word",
        "Meaning",
        "late",
        "End",
    ]


def test_what_is_not_translated_keeps_its_lines():
    assert translate_blocks(PROSE, lambda text: text) == PROSE


def test_structure_stays_around_what_is_translated():
    assert (
        translate_blocks(PROSE, str.upper)
        == """# WHICH CLIENTS?

**WHO DECIDES.** THE HEAD OF SALES, SEE [THE RULES](RULES.MD).

1. FIRST
2. SECOND GOES ON
- ITEM

> SAID BY OTHERS

| WORD | MEANING |
|------|---------|
| LATE | 3 |

```python
# not prose
x = 1
```
---
END"""
    )


@pytest.fixture
def folder(tmp_path) -> Path:
    """Give a project's catalogue: one text of its own, and one that the library knows too."""
    place = tmp_path / "lt/LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "notebooks.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Which clients?"\nmsgstr "Kurie klientai?"\n\n'
        'msgid "Clients"\nmsgstr "Pirkėjai"\n',
        encoding="utf-8",
    )
    compile_folder(tmp_path)
    return tmp_path


def test_catalogue_of_a_project_goes_before_the_librarys(folder):
    catalogue = load_catalogue(folder, "lt")
    assert (
        catalogue.prose("# Which clients?\n\nUnknown here.") == "# Kurie klientai?\n\nUnknown here."
    )
    assert catalogue.text("Clients") == "Pirkėjai"
    assert catalogue.text("Products") == "Products"
    assert catalogue.text("Core accounts") == "Pagrindiniai klientai"
    assert translate_prose("## Clients", catalogue) == "## Pirkėjai"


def test_english_and_absent_catalogues_change_nothing(folder, tmp_path):
    assert load_catalogue(folder, "en").prose("# Which clients?") == "# Which clients?"
    assert load_catalogue(tmp_path / "none", "lt").text("Which clients?") == "Which clients?"


def test_kernels_find_the_catalogue_of_their_notebooks(folder, monkeypatch):
    with speaking("lt"):
        assert translate("Clients") == "Klientai"
        monkeypatch.setenv("CLIENTLIB_CATALOGUE", str(folder))
        assert translate("Clients") == "Pirkėjai"
