"""Random books of invoices, drawn by day, and what was believed of them on any evening, counted the plain way."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb
import numpy as np

FIRST = date(2025, 1, 1)
DAYS = 260


def day(number: int) -> date:
    return FIRST + timedelta(days=int(number))


@dataclass
class Book:
    """Rows of raw.invoices, raw.payments and raw.client_merges; days are numbers from 0."""

    invoices: list[dict] = field(default_factory=list)
    payments: list[dict] = field(default_factory=list)
    merges: dict[str, str] = field(default_factory=dict)

    def until(self, last: int) -> "Book":
        """Forget what happened or was known after a day."""
        return Book(
            [
                row | {"paid_on": _none_after(row["paid_on"], last)}
                for row in _known(self.invoices, last)
                if row["issued_on"] <= last
            ],
            [row for row in _known(self.payments, last) if row["paid_on"] <= last],
            self.merges,
        )

    def write(self, connection: duckdb.DuckDBPyConnection) -> None:
        for table, rows in (("invoices", self.invoices), ("payments", self.payments)):
            connection.execute(f"delete from raw.{table}")
            for row in rows:
                values = [
                    day(value) if name.endswith("_on") or name == "known_until" else value
                    for name, value in row.items()
                    if value is not None
                ]
                names = ", ".join(name for name, value in row.items() if value is not None)
                marks = ", ".join("?" * len(values))
                connection.execute(f"insert into raw.{table} ({names}) values ({marks})", values)
        connection.execute("delete from raw.client_merges")
        for entry, kept in self.merges.items():
            connection.execute(
                "insert into raw.client_merges (source_client_id, client_id, reason, probability) "
                "values (?, ?, 'same code', 1)",
                [entry, kept],
            )


def _none_after(number: int | None, last: int) -> int | None:
    return None if number is None or number > last else number


def _known(rows: list[dict], last: int) -> list[dict]:
    return [
        row | {"known_until": _none_after(row["known_until"], last)}
        for row in rows
        if row["known_on"] <= last
    ]


def draw_book(seed: int, *, clients: int = 4, invoices: int = 40) -> Book:
    """Part payments, payments entered late, corrected, moved and returned; corrected and withdrawn invoices."""
    random = np.random.default_rng(seed)
    book = Book(merges={"C-9": "C-0"})
    for number in range(invoices):
        name = f"I-{number:03d}"
        client = random.choice([*(f"C-{index}" for index in range(clients)), "C-9"])
        issued = int(random.integers(0, 150))
        amount = int(random.integers(-1, 12)) * 10
        first = {
            "invoice_id": name, "version": 1, "client_id": str(client), "issued_on": issued,
            "due_on": issued + int(random.choice([0, 7, 14, 30])), "amount": amount,
            "paid_on": None, "disputed_on": None,
            "known_on": issued + int(random.choice([0, 0, 0, 3, 20])), "known_until": None,
        }  # fmt: skip
        book.invoices += _versions(first, random, ["due_on", "amount", "paid_on", "disputed_on"])
        book.payments += _payments(first, random)
    return book


def _payments(invoice: dict, random: np.random.Generator) -> list[dict]:
    rows, parts = [], int(random.choice([0, 1, 1, 1, 2]))
    for part in range(parts):
        paid = invoice["issued_on"] + int(random.integers(-2, 60))
        row = {
            "payment_id": f"{invoice['invoice_id']}-{part}", "version": 1,
            "invoice_id": invoice["invoice_id"], "paid_on": paid,
            "amount": invoice["amount"] / parts, "known_on": paid + int(random.choice([0, 0, 1, 9])),
            "known_until": None,
        }  # fmt: skip
        rows += _versions(row, random, ["paid_on", "amount", "invoice_id"])
    if rows and random.random() < 0.15:
        back = rows[-1]["known_on"] + int(random.integers(1, 30))
        rows.append(rows[0] | {"payment_id": f"{invoice['invoice_id']}-back", "amount": -rows[0]["amount"],
                               "paid_on": back, "known_on": back, "version": 1, "known_until": None})  # fmt: skip
        again = back + int(random.integers(0, 20))
        rows.append(rows[-1] | {"payment_id": f"{invoice['invoice_id']}-again", "amount": rows[0]["amount"],
                                "paid_on": again, "known_on": again})  # fmt: skip
    return rows


def _versions(row: dict, random: np.random.Generator, changing: list[str]) -> list[dict]:
    rows = [row]
    while random.random() < 0.25:
        known = rows[-1]["known_on"] + int(random.integers(1, 40))
        rows[-1]["known_until"] = known
        if random.random() < 0.15:
            break
        rows.append(_corrected(rows[-1], str(random.choice(changing)), known, random))
    return rows


def _corrected(row: dict, what: str, known: int, random: np.random.Generator) -> dict:
    changed = row | {"version": row["version"] + 1, "known_on": known, "known_until": None}
    if what == "amount":
        changed["amount"] = row["amount"] + int(random.choice([-10, 10]))
    elif what == "invoice_id":
        changed["invoice_id"] = f"I-{random.integers(0, 40):03d}"
    elif what == "due_on":
        changed["due_on"] = row["due_on"] + int(random.integers(0, 12))
    elif what == "disputed_on":
        changed["disputed_on"] = known - int(random.integers(0, 3))
    else:
        changed["paid_on"] = known - int(random.integers(0, 5))
    return changed


def beliefs_by_evening(book: Book) -> list[dict[str, dict]]:
    """What was believed of each invoice on the evening of each day, by its key."""
    enough_from = {_key(row): _first_enough(book, row) for row in book.invoices}
    evenings: list[dict[str, dict]] = []
    for evening in range(DAYS):
        before = evenings[-1] if evenings else {}
        believed = {}
        for row in book.invoices:
            if _is_believed(row, evening) and row["issued_on"] <= evening and row["amount"] > 0:
                settled = _settled_on(book, row, evening, enough_from[_key(row)])
                name = row["invoice_id"]
                believed[name] = _believe(book, row, evening, settled, before.get(name))
        evenings.append(believed)
    return evenings


def _key(row: dict) -> tuple[str, int]:
    return row["invoice_id"], row["version"]


def _is_believed(row: dict, evening: int) -> bool:
    until = row["known_until"]
    return row["known_on"] <= evening and (until is None or until > evening)


def _believe(book: Book, row: dict, evening: int, settled: int | None, before: dict | None) -> dict:
    is_judged = row["due_on"] < evening
    since = before["overdue_since"] if before and before["overdue_since"] is not None else evening
    return row | {
        "client_id": book.merges.get(row["client_id"], row["client_id"]),
        "settled_on": settled,
        "is_judged": is_judged,
        "is_late": is_judged and (settled is None or settled > row["due_on"]),
        "overdue_since": since if is_judged and settled is None else None,
        "is_news": settled is not None and (before is None or before["settled_on"] is None),
        "is_disputed": row["disputed_on"] is not None and row["disputed_on"] <= evening,
    }


def _settled_on(book: Book, row: dict, evening: int, enough_from: int) -> int | None:
    """The day stated by the invoice serves until payments were enough for the first time."""
    stated = row["paid_on"]
    if evening < enough_from:
        return stated if stated is not None and stated <= evening else None
    return _paid_on(book, row, evening)


def _first_enough(book: Book, row: dict) -> int:
    enough = (evening for evening in range(DAYS) if _paid_on(book, row, evening) is not None)
    return next(enough, DAYS)


def _paid_on(book: Book, row: dict, evening: int) -> int | None:
    known = [
        payment
        for payment in book.payments
        if payment["invoice_id"] == row["invoice_id"]
        and _is_believed(payment, evening)
        and payment["paid_on"] <= evening
    ]
    enough = None
    for paid_on in sorted({payment["paid_on"] for payment in known}):
        paid = sum(payment["amount"] for payment in known if payment["paid_on"] <= paid_on)
        if paid < row["amount"] - 0.01:
            enough = None
        elif enough is None:
            enough = paid_on
    return enough
