from pathlib import Path

import pytest

from clientlib.errors import ConfigError, InputError
from clientlib.sources.encoding import BLOCK_BYTES, as_utf8

LINE = "C-1;Šiaulių baldai;2025-06-01\n"


@pytest.fixture
def export(tmp_path) -> Path:
    return tmp_path / "clients.csv"


def copied(export: Path, encoding: str) -> str:
    scratch = export.parent / "scratch"
    scratch.mkdir()
    return as_utf8(export, encoding, scratch).read_bytes().decode("utf-8")


def test_utf8_with_one_kind_of_line_end_is_read_in_place(export):
    export.write_bytes(LINE.encode() * 3)
    assert as_utf8(export, "utf-8", export.parent) == export


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_bad_byte_far_behind_the_first_block_is_found_in_its_line(export, line_end):
    good = LINE.replace("\n", line_end).encode()
    lines = BLOCK_BYTES // len(good) * 2
    export.write_bytes(good * lines + b"C-2;\xd0iauliai" + line_end.encode())
    with pytest.raises(InputError, match=rf"0xD0 after 'C-2;' in line {lines + 1:,}"):
        as_utf8(export, "utf-8", export.parent)


def test_line_of_a_bad_unit_is_found_in_utf16_though_its_bytes_hold_line_ends(export):
    text = "Ċ;1\nĊ;2\nĊ;3"  # the letter U+010A is written with the byte of a line end
    export.write_bytes(text.encode("utf-16") + b"\x00\xdc" + "\n".encode("utf-16-le"))
    with pytest.raises(InputError, match=r"not written in utf-16[\s\S]*after 'Ċ;3' in line 3"):
        as_utf8(export, "utf-16", export.parent)


def test_file_that_ends_within_a_character_is_told_with_what_stands_before_it(export):
    export.write_bytes("C-1;Š".encode()[:-1])
    with pytest.raises(InputError, match="0xC5 after 'C-1;' in line 1"):
        as_utf8(export, "utf-8", export.parent)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1257"])
def test_character_cut_by_the_border_of_a_block_is_read_whole(export, encoding):
    width = len("x".encode(encoding)) if encoding != "utf-16" else 2
    head = "x" * (BLOCK_BYTES // width - 1)
    export.write_bytes((head + "šž\r\nend\n").encode(encoding))
    assert copied(export, encoding).replace("\r\n", "\n") == head + "šž\nend\n"


def test_bad_byte_after_a_character_cut_by_the_border_is_named(export):
    export.write_bytes(b"x" * (BLOCK_BYTES - 1) + b"\xc5;\n")
    with pytest.raises(InputError, match="0xC5 after 'x+' in line 1"):
        as_utf8(export, "utf-8", export.parent)


@pytest.mark.parametrize("encoding", ["windows-1257", "utf-16", "utf-16-le", "utf-8-sig"])
def test_other_encodings_become_utf8_without_a_mark(export, encoding):
    export.write_bytes((LINE * 2).encode(encoding))
    assert copied(export, encoding) == LINE * 2


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1257"])
def test_mixed_line_ends_become_one(export, encoding):
    export.write_bytes("a\r\nš\nc\rd".encode(encoding))
    assert copied(export, encoding) == "a\nš\nc\nd"


def test_line_end_cut_by_the_border_of_a_block_is_one_line_end(export):
    export.write_bytes(b"x" * (BLOCK_BYTES - 1) + b"\r\ny\nz")
    assert copied(export, "utf-8")[BLOCK_BYTES - 1 :] == "\ny\nz"


@pytest.mark.parametrize("encoding", ["utf8-with-hats", "hex", "rot13"])
def test_encoding_that_is_none_is_an_error_of_the_configuration(export, encoding):
    export.write_bytes(b"61")
    with pytest.raises(ConfigError, match=f"there is no encoding '{encoding}'"):
        as_utf8(export, encoding, export.parent)
