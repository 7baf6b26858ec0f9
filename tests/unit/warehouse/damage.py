"""Exports that came to harm: good ones, changed by a seeded hand in one of many ways."""

import gzip
import io
import random
import zipfile
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEADINGS = ["No", "Client", "Date", "State", "Promised"]
STATES = ["open", "delivered", "cancelled"]
STRANGE = ["", " ", "-", "NaN", "1e400", "99999999999999999999", "2025-02-30", "'", '"', "\\N", "null",
           "'; drop table orders; --", "Šiaulių", "\u202e", "=1+1", "0x1F", "x" * 5000]  # fmt: skip
KINDS = ("csv", "csv.gz", "zip", "parquet", "xlsx")

Table = list[list[str]]


def good_table(case: int, dice: random.Random) -> Table:
    """Draw the rows of an export; its keys are those of no other case."""
    rows = [
        [f"O-{case}-{n}", f"C-{dice.randint(1, 9)}", f"2025-0{dice.randint(1, 6)}-1{n % 10}",
         dice.choice(STATES), dice.choice(["", "2025-07-01"])]
        for n in range(25)
    ]  # fmt: skip
    return [HEADINGS, *rows]


def damaged(case: int, kind: str) -> tuple[str, bytes]:
    """Give the way in which an export was damaged, and its bytes."""
    dice = random.Random(f"{kind} {case}")
    table = good_table(case, dice)
    by_table = dice.random() < (0.3 if "csv" in kind or kind == "zip" else 0.6)
    if by_table:
        change = dice.choice(TABLE_CHANGES)
        return change.__name__, written(change(table, dice), kind)
    if kind in ("csv", "csv.gz", "zip") and dice.random() < 0.8:
        change = dice.choice(TEXT_CHANGES)
        return change.__name__, packed(change(text_of(table), dice), kind)
    change = dice.choice(BYTE_CHANGES)
    return f"{change.__name__} of the file", change(written(table, kind), dice)


def written(table: Table, kind: str) -> bytes:
    if kind == "parquet":
        return parquet_of(table)
    return workbook_of(table) if kind == "xlsx" else packed(text_of(table), kind)


def text_of(table: Table) -> bytes:
    return "".join(";".join(row) + "\n" for row in table).encode()


def packed(text: bytes, kind: str) -> bytes:
    if kind == "csv.gz":
        return gzip.compress(text, mtime=0)
    if kind != "zip":
        return text
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("orders.csv"), text)
    return sink.getvalue()


def parquet_of(table: Table) -> bytes:
    names, *rows = table
    width = len(names)
    full = [[*row, *[""] * width][:width] for row in rows]
    columns = [pa.array([row[n] for row in full], pa.string()) for n in range(width)]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=names), sink, compression="snappy")
    return sink.getvalue()


def workbook_of(table: Table) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(table):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value)
    return sink.getvalue()


def drop_a_column(table: Table, dice: random.Random) -> Table:
    gone = dice.randrange(5)
    return [row[:gone] + row[gone + 1 :] for row in table]


def rename_a_column(table: Table, dice: random.Random) -> Table:
    names = list(table[0])
    names[dice.randrange(5)] = dice.choice([*STRANGE, *HEADINGS, "file_row", "source_rows"])
    return [names, *table[1:]]


def swap_columns(table: Table, dice: random.Random) -> Table:
    left, right = dice.sample(range(5), 2)
    for row in table[1:]:
        row[left], row[right] = row[right], row[left]
    return table


def put_in_strange_values(table: Table, dice: random.Random) -> Table:
    for _ in range(dice.randint(1, 8)):
        dice.choice(table[1:])[dice.randrange(5)] = dice.choice(STRANGE)
    return table


def add_a_column(table: Table, dice: random.Random) -> Table:
    values = [value for value in STRANGE if value != '"']  # two of them make one cell of lines
    return [[*row, dice.choice(values) if n else "More"] for n, row in enumerate(table)]


def leave_the_headings_only(table: Table, dice: random.Random) -> Table:
    return table[: dice.randint(0, 1)] or [[]]


def flip_bytes(text: bytes, dice: random.Random) -> bytes:
    flipped = bytearray(text)
    for _ in range(dice.randint(1, 12)):
        flipped[dice.randrange(len(flipped))] = dice.randrange(256)
    return bytes(flipped)


def cut_bytes(text: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(text))
    return text[:start] + text[start + dice.randint(1, 60) :]


def insert_bytes(text: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(text))
    return text[:place] + dice.randbytes(dice.randint(1, 40)) + text[place:]


def truncate(text: bytes, dice: random.Random) -> bytes:
    return text[: dice.randrange(len(text))]


def empty(text: bytes, dice: random.Random) -> bytes:
    return b"\n" * dice.randint(0, 2)


def insert_nuls(text: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(text))
    return text[:place] + b"\0" * dice.randint(1, 3) + text[place:]


def put_marks_before(text: bytes, dice: random.Random) -> bytes:
    return dice.choice([b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2, b"\xff\xfe", b"\x1a", b"\n\n"]) + text


def change_a_sign(text: bytes, dice: random.Random) -> bytes:
    old, new = dice.choice([(b";", b","), (b";", b"\t"), (b"\n", b"\r"), (b"\n", b"\r\n"), (b"-", b";"), (b"\n", b"\n\r")])  # fmt: skip
    return text.replace(old, new, dice.choice([-1, 1, 7]))


def insert_quotes(text: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(text))
        text = text[:place] + dice.choice([b'"', b'""', b'";', b';"', b"'"]) + text[place:]
    return text


def change_lines(text: bytes, dice: random.Random) -> bytes:
    lines = text.splitlines(keepends=True)
    place = dice.randrange(1, len(lines))
    how = dice.randrange(5)
    if how == 0:
        del lines[place]
    elif how == 1:
        lines.insert(place, lines[place])
    elif how == 2:
        lines[place] = lines[place].rstrip(b"\n")
    elif how == 3:
        lines[place] = lines[place][: dice.randrange(len(lines[place]))]
    else:
        dice.shuffle(lines)
    return b"".join(lines)


def write_in_another_encoding(text: bytes, dice: random.Random) -> bytes:
    words = text.decode().replace("C-1", "Šiauliai")
    return words.encode(dice.choice(["utf-16", "utf-16-le", "windows-1257", "utf-32", "utf-7"]))


def put_in_a_huge_field(text: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(text))
    return text[:place] + b"y" * dice.choice([70_000, 140_000, 2_200_000]) + text[place:]


Change = Callable[[bytes, random.Random], bytes]
TABLE_CHANGES: list[Callable[[Table, random.Random], Table]] = [
    drop_a_column, rename_a_column, swap_columns, put_in_strange_values, add_a_column,
    leave_the_headings_only,
]  # fmt: skip
BYTE_CHANGES: list[Change] = [flip_bytes, cut_bytes, insert_bytes, truncate, empty, insert_nuls]
TEXT_CHANGES: list[Change] = [
    *BYTE_CHANGES, put_marks_before, change_a_sign, insert_quotes, change_lines,
    write_in_another_encoding, put_in_a_huge_field,
]  # fmt: skip
