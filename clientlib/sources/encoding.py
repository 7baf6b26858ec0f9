"""Text files on their way to the one form that the warehouse reads: UTF-8, one line end."""

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from clientlib.errors import ConfigError, InputError

BLOCK_BYTES = 1 << 22
SHOWN_CHARACTERS = 20


def as_utf8(path: Path, encoding: str, folder: Path, name: str | None = None) -> Path:
    """Give a file as UTF-8 with one kind of line end: itself, or a copy made so.

    Parameters
    ----------
    path : Path
        The text file.
    encoding : str
        The encoding that its source states, by its Python name.
    folder : Path
        Where a copy may be put.
    name : str, optional
        What messages call the file; else its own name.

    Returns
    -------
    Path
        A UTF-8 file of the same lines.

    Raises
    ------
    ConfigError
        There is no such encoding.
    InputError
        A byte of the file is none of that encoding; says in which line.
    """
    name = name or path.name
    codec = _codec(encoding)
    decoder = _decoder(codec)
    if codec.name == "utf-8":
        for _ in _decoded(path, decoder, codec.name, name):
            pass
        if not isinstance(decoder.newlines, tuple):
            return path
        decoder = _decoder(codec)
    copy = folder / f"{path.stem}.utf8{path.suffix}"
    with copy.open("w", encoding="utf-8", newline="") as sink:
        sink.writelines(_decoded(path, decoder, codec.name, name))
    return copy


def _codec(encoding: str) -> codecs.CodecInfo:
    try:
        "".encode(encoding)  # refuses codecs that turn no text into bytes, such as hex
        return codecs.lookup(encoding)
    except LookupError as error:
        raise ConfigError(
            f"there is no encoding {encoding!r}",
            hint="usual ones are utf-8, windows-1257 (Baltic), windows-1252, utf-16",
        ) from error


def _decoder(codec: codecs.CodecInfo) -> io.IncrementalNewlineDecoder:
    return io.IncrementalNewlineDecoder(codec.incrementaldecoder(), translate=True)


def _decoded(
    path: Path, decoder: io.IncrementalNewlineDecoder, encoding: str, name: str
) -> Iterator[str]:
    line, before = 1, ""
    with path.open("rb") as source:
        while True:
            block = source.read(BLOCK_BYTES)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                seen = _text_before(decoder, block, error)
                line += seen.count("\n")
                raise _wrong_encoding(name, encoding, error, line, before + seen) from error
            line += text.count("\n")
            before = text[-SHOWN_CHARACTERS:] or before
            yield text
            if not block:
                return


def _text_before(
    decoder: io.IncrementalNewlineDecoder, block: bytes, error: UnicodeDecodeError
) -> str:
    """Read the part of a block that is good: the decoder still stands where the block began."""
    kept_back = len(error.object) - len(block)
    good = block[: max(error.start - kept_back, 0)]
    return decoder.decode(good, final=True) if good else ""


def _wrong_encoding(
    name: str, encoding: str, error: UnicodeDecodeError, line: int, before: str
) -> InputError:
    shown = before.rpartition("\n")[2][-SHOWN_CHARACTERS:]
    return InputError(
        f"{name} is not written in {encoding}",
        example=f"byte 0x{error.object[error.start]:02X} after {shown!r} in line {line:,}",
        hint="state the file's encoding, for example encoding = 'windows-1257'",
    )
