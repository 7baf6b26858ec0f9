"""What panels must hold, found in plain Python in the rows that were believed on a day.

Nothing here knows the SQL of the marts: every month end is counted anew from all rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from books import Books, Invoice, Line, Order, Payment

CENT = Decimal("0.01")
Counted = dict[tuple[str, date], dict]


class Sale(NamedTuple):
    """A line with the order that it belongs to."""

    order: Order
    line: Line


class Bill(NamedTuple):
    """An invoice with the day on which its payments were complete."""

    invoice: Invoice
    settled_on: date | None


def believed(rows: Iterable, now: date) -> list:
    """Keep the versions that were believed on a day."""
    return [
        row
        for row in rows
        if (row.known_on is None or row.known_on <= now)
        and (row.known_until is None or row.known_until > now)
    ]


def months_back(day: date, now: date) -> int:
    return (now.year - day.year) * 12 + now.month - day.month


def last_of(*days: date | None) -> date:
    return max(day for day in days if day is not None)


def grouped(rows: Iterable, key: Callable) -> dict[str, list]:
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def orders_of(books: Books, now: date) -> list[Order]:
    return [order for order in believed(books.orders, now) if order.ordered_on <= now]


def sales_of(books: Books, now: date) -> list[Sale]:
    orders = {order.order_id: order for order in orders_of(books, now)}
    lines = believed(books.lines, now)
    return [Sale(orders[line.order_id], line) for line in lines if line.order_id in orders]


def is_void(order: Order, now: date) -> bool:
    return order.cancelled_on is not None and order.cancelled_on <= now


def first_business(books: Books) -> dict[str, date]:
    """Find the day on which we first knew of any business with each client."""
    lines = grouped(books.lines, lambda line: line.order_id)
    days = [
        *(
            (o.client_id, last_of(o.ordered_on, o.known_on))
            for o in books.orders
            if not o.is_credit
        ),
        *(
            (order.client_id, last_of(order.ordered_on, order.known_on, line.known_on))
            for order in books.orders
            if order.is_credit
            for line in lines[order.order_id]
            if were_believed_together(order, line)
        ),
        *((i.client_id, last_of(i.issued_on, i.known_on)) for i in books.invoices if i.amount > 0),
        *((deal.client_id, last_of(deal.opened_on, deal.known_on)) for deal in books.deals),
    ]
    return {
        client: min(day for _, day in known)
        for client, known in grouped(days, lambda each: each[0]).items()
        if client is not None
    }


def were_believed_together(order: Order, line: Line) -> bool:
    return all(
        one.known_on is None or other.known_until is None or one.known_on < other.known_until
        for one, other in ((order, line), (line, order))
    )


def first_sales(books: Books) -> dict[str, date]:
    """Find the day on which we first knew of a sale of each product."""
    orders = grouped(books.orders, lambda order: order.order_id)
    first: dict[str, date] = {}
    for line in books.lines:
        for order in orders[line.order_id]:
            if were_believed_together(order, line):
                day = last_of(order.ordered_on, order.known_on, line.known_on)
                first[line.product_id] = min(day, first.get(line.product_id, day))
    return first


def client_months_by_hand(books: Books, month_ends: list[date]) -> Counted:
    return {
        (client, now): {"known_months": months_back(first_on, now) + 1}
        for client, first_on in first_business(books).items()
        for now in month_ends
        if first_on <= now
    }


def client_orders_by_hand(books: Books, month_ends: list[date]) -> Counted:
    first_on = first_business(books)
    counted = {}
    for now in month_ends:
        orders = grouped(orders_of(books, now), lambda order: order.client_id)
        sales = grouped(sales_of(books, now), lambda sale: sale.order.client_id)
        for client in known_by(first_on, now):
            counted[client, now] = count_orders(orders.get(client, []), now) | count_revenue(
                sales.get(client, []), now
            )
    return counted


def known_by(first_on: dict[str, date], now: date) -> list[str]:
    return [name for name, day in first_on.items() if day <= now]


def count_orders(rows: list[Order], now: date) -> dict:
    orders = [order for order in rows if not order.is_credit]
    kept = [order for order in orders if not is_void(order, now)]
    days = sorted({order.ordered_on for order in orders})
    return {
        "orders_count": len(kept),
        "cancelled_count": len(orders) - len(kept),
        "orders_12m_count": sum(months_back(order.ordered_on, now) < 12 for order in kept),
        "order_days_count": len(days),
        "first_ordered_on": days[0] if days else None,
        "last_ordered_on": days[-1] if days else None,
        "typical_gap_days": (days[-1] - days[0]).days / (len(days) - 1) if len(days) > 1 else None,
    }


def count_revenue(rows: list[Sale], now: date) -> dict:
    sales = [sale for sale in rows if not is_void(sale.order, now)]
    year = [sale.line for sale in sales if months_back(sale.order.ordered_on, now) < 12]
    before = [sale.line for sale in sales if 12 <= months_back(sale.order.ordered_on, now) < 24]
    costed = [line for line in year if line.cost is not None]
    return {
        "revenue_amount": sum(sale.line.amount for sale in sales),
        "revenue_12m_amount": sum(line.amount for line in year),
        "revenue_previous_12m_amount": sum(line.amount for line in before),
        "costed_revenue_12m_amount": sum(line.amount for line in costed),
        "margin_12m_amount": sum(line.amount - line.cost for line in costed) if costed else None,
    }


def product_months_by_hand(books: Books, month_ends: list[date]) -> Counted:
    first_on = first_sales(books)
    counted = {}
    for now in month_ends:
        sales = grouped(sales_of(books, now), lambda sale: sale.line.product_id)
        for product in known_by(first_on, now):
            counted[product, now] = count_product(sales.get(product, []), now)
    return counted


def count_product(sales: list[Sale], now: date) -> dict:
    year = [sale for sale in sales if months_back(sale.order.ordered_on, now) < 12]
    sold = [sale.line for sale in year if not is_void(sale.order, now)]
    priced = [sale.line for sale in sales if gives_price(sale, now)]
    units = sum(line.quantity for line in priced)
    return {
        "orders_12m_count": sum(not sale.order.is_credit for sale in year),
        "quantity_12m": sum(line.quantity for line in sold),
        "revenue_12m_amount": sum(line.amount for line in sold),
        "price": sum(line.amount for line in priced) / units if units else None,
    }


def gives_price(sale: Sale, now: date) -> bool:
    """Tell whether a line is a new one of this month, of an order at most a month old."""
    order, line = sale
    counted_on = last_of(order.ordered_on, order.known_on, line.known_on)
    is_new = months_back(counted_on, now) == 0 and months_back(order.ordered_on, now) <= 1
    return is_new and not order.is_credit and line.quantity > 0 and line.amount > 0


def client_punctuality_by_hand(books: Books, month_ends: list[date]) -> Counted:
    first_on = first_business(books)
    counted = {}
    for now in month_ends:
        bills = grouped(bills_of(books, now), lambda bill: bill.invoice.client_id)
        for client in known_by(first_on, now):
            counted[client, now] = count_bills(bills.get(client, []), now)
    return counted


def bills_of(books: Books, now: date) -> list[Bill]:
    """Give the invoices of an amount that were believed and had come."""
    come = [payment for payment in believed(books.payments, now) if payment.paid_on <= now]
    payments = grouped(come, lambda payment: payment.invoice_id)
    return [
        Bill(invoice, paid_in_full_on(invoice, payments.get(invoice.invoice_id, [])))
        for invoice in believed(books.invoices, now)
        if invoice.amount > 0 and invoice.issued_on <= now
    ]


def paid_in_full_on(invoice: Invoice, payments: list[Payment]) -> date | None:
    """Find the day from which the payments were enough; a cent short counts as paid."""
    paid, settled_on = Decimal(0), None
    for day, of_day in sorted(grouped(payments, lambda payment: payment.paid_on).items()):
        paid += sum(payment.amount for payment in of_day)
        settled_on = (settled_on or day) if paid >= invoice.amount - CENT else None
    return settled_on


def judged_on(bill: Bill) -> date:
    return bill.invoice.due_on + timedelta(days=1)


def is_late(bill: Bill) -> bool:
    return bill.settled_on is None or bill.settled_on > bill.invoice.due_on


def count_bills(bills: list[Bill], now: date) -> dict:
    due = [bill for bill in bills if judged_on(bill) <= now]
    recent = [bill for bill in due if months_back(judged_on(bill), now) < 6]
    late_count = sum(is_late(bill) for bill in due)
    invoiced = [b.invoice.amount for b in bills if months_back(b.invoice.issued_on, now) < 12]
    return {
        "due_count": len(due),
        "late_count": late_count,
        "late_share": late_count / len(due) if due else None,
        "due_6m_count": len(recent),
        "late_6m_count": sum(is_late(bill) for bill in recent),
        "invoiced_12m_amount": sum(invoiced),
        **count_payment(bills, now),
    }


def count_payment(bills: list[Bill], now: date) -> dict:
    settled = [bill for bill in bills if bill.settled_on is not None]
    unpaid = [bill for bill in bills if bill.settled_on is None]
    overdue = [bill for bill in unpaid if judged_on(bill) <= now]
    late_days = [max((bill.settled_on - bill.invoice.due_on).days, 0) for bill in settled]
    return {
        "settled_count": len(settled),
        "settled_late_count": sum(days > 0 for days in late_days),
        "late_days_total": sum(late_days),
        "open_count": len(unpaid),
        "open_amount": sum(bill.invoice.amount for bill in unpaid),
        "overdue_count": len(overdue),
        "overdue_amount": sum(bill.invoice.amount for bill in overdue),
    }


def price_pairs_by_hand(books: Books, now: date) -> list[tuple[str, str, str, date]]:
    """Give observed prices with each product that was judged to match, as believed on a day."""
    matches = grouped(
        (m for m in believed(books.matches, now) if m.judged_on is None or m.judged_on <= now),
        lambda match: (match.competitor_id, match.competitor_product_id),
    )
    return sorted(
        (match.product_id, price.competitor_id, price.competitor_product_id, price.observed_on)
        for price in believed(books.rival_prices, now)
        if price.observed_on <= now
        for match in matches.get((price.competitor_id, price.competitor_product_id), [])
    )
