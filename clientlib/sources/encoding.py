"""Text files on their way to the one form that the warehouse reads: UTF-8, one line end."""

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from clientlib.errors import ConfigError, InputError

BLOCK_BYTES = 1 << 22


def as_utf8(path: Path, encoding: str, folder: Path) -> Path:
    """Give a file as UTF-8 with one kind of line end: itself, or a copy made so.

    Parameters
    ----------
    path : Path
        The text file.
    encoding : str
        The encoding that its source states, by its Python name.
    folder : Path
        Where a copy may be put.

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
    try:
        codec = codecs.lookup(encoding)
    except LookupError as error:
        raise ConfigError(
            f"there is no encoding {encoding!r}",
            hint="usual ones are utf-8, windows-1257 (Baltic), windows-1252, utf-16",
        ) from error
    decoder = _decoder(codec)
    if codec.name == "utf-8":
        for _ in _decoded(path, decoder, codec.name):
            pass
        if not isinstance(decoder.newlines, tuple):
            return path
        decoder = _decoder(codec)
    copy = folder / f"{path.stem}.utf8{path.suffix}"
    with copy.open("w", encoding="utf-8", newline="") as sink:
        sink.writelines(_decoded(path, decoder, codec.name))
    return copy


def _decoder(codec: codecs.CodecInfo) -> io.IncrementalNewlineDecoder:
    return io.IncrementalNewlineDecoder(codec.incrementaldecoder(), translate=True)


def _decoded(path: Path, decoder: io.IncrementalNewlineDecoder, encoding: str) -> Iterator[str]:
    line = 1
    with path.open("rb") as source:
        while True:
            block = source.read(BLOCK_BYTES)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise _wrong_encoding(path, encoding, error, line) from error
            line += text.count("\n")
            yield text
            if not block:
                return


def _wrong_encoding(path: Path, encoding: str, error: UnicodeDecodeError, line: int) -> InputError:
    seen = error.object[: error.start]
    before = seen.rpartition(b"\n")[2][-20:].decode(encoding, errors="replace")
    return InputError(
        f"{path.name} is not written in {encoding}",
        example=f"byte 0x{error.object[error.start]:02X} after {before!r} "
        f"in line {line + seen.count(10):,}",
        hint="state the file's encoding, for example encoding = 'windows-1257'",
    )
