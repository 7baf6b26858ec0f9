"""Markdown as blocks that are translated one by one: headings, items, cells, paragraphs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^\s*(```|~~~)")
_MARK = re.compile(r"^(\s*(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|>\s?))(.*)$")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")


@dataclass
class _Block:
    """Lines that belong together: what stands before their text, and the text."""

    mark: str
    lines: list[str]
    is_text: bool = True

    @property
    def is_quote(self) -> bool:
        return self.mark.lstrip().startswith(">")

    @property
    def key(self) -> str:
        return " ".join(line.strip() for line in self.lines).strip()


def translate_blocks(markdown: str, translate: Callable[[str], str]) -> str:
    """Translate Markdown block by block.

    Parameters
    ----------
    markdown : str
        Headings, lists, quotes, tables and paragraphs; code stays as it is. Emphasis and links
        are part of a block's text.
    translate : callable
        Gives a text in another language, or the same where it knows none.

    Returns
    -------
    str
        The same structure; a block that was not translated keeps its lines.
    """
    return "\n".join(line for block in _split(markdown) for line in _write(block, translate))


def list_blocks(markdown: str) -> list[str]:
    """List the texts of Markdown that are translated, as keys of a catalogue.

    Parameters
    ----------
    markdown : str
        As for ``translate_blocks``.

    Returns
    -------
    list of str
        One line each, in order; those without a letter are left out.
    """
    seen: list[str] = []

    def note(text: str) -> str:
        """Note a text and leave it as it is."""
        seen.append(text)
        return text

    translate_blocks(markdown, note)
    return [text for text in seen if any(letter.isalpha() for letter in text)]


def _split(markdown: str) -> Iterator[_Block]:
    block: _Block | None = None
    in_code = False
    for line in markdown.split("\n"):
        is_fence = bool(_FENCE.match(line))
        is_plain = in_code or is_fence or not line.strip() or bool(_RULE.match(line))
        marked = None if is_plain else _MARK.match(line)
        if block and marked and marked[1] == block.mark and block.is_quote:
            block.lines.append(marked[2])
            continue
        is_new = is_plain or marked or _is_row(line) or block is None or block.mark.startswith("#")
        if is_new and block:
            yield block
            block = None
        if is_plain:
            yield _Block("", [line], is_text=False)
        elif marked:
            block = _Block(marked[1], [marked[2]])
        elif block is None:
            block = _Block("", [line])
        else:
            block.lines.append(line)
        in_code = in_code != is_fence
    if block:
        yield block


def _write(block: _Block, translate: Callable[[str], str]) -> list[str]:
    if not block.is_text:
        return block.lines
    if _is_row(block.lines[0]):
        return [_write_row(block.lines[0], translate), *block.lines[1:]]
    said = translate(block.key)
    if said == block.key:
        first, *rest = block.lines
        before = block.mark if block.is_quote else ""
        return [block.mark + first, *(before + line for line in rest)]
    return [block.mark + said]


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _write_row(row: str, translate: Callable[[str], str]) -> str:
    if _TABLE_RULE.match(row):
        return row
    cells = (cell.strip() for cell in row.strip().strip("|").split("|"))
    return f"| {' | '.join(translate(cell) if cell else '' for cell in cells)} |"
