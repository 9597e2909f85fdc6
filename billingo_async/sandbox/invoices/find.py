"""Finding invoices: one, a page of all, a page of those that a query names; nothing changes here.

Source: API docs, Invoices and Invoice Query. Where a number bound is given, the default dates do not narrow the query:
the documented example looks for the numbers of a year without naming a date.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from datetime import date
from typing import TYPE_CHECKING

from billingo_async.sandbox import dialect
from billingo_async.sandbox.invoices import shapes
from billingo_async.sandbox.numbers import Number, Series
from billingo_async.sandbox.paging import page_of, whole
from billingo_async.sandbox.refusal import Refusal
from billingo_async.sandbox.seeds import DEFAULT_BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.http import Response
    from billingo_async.sandbox.invoices.record import Invoice
    from billingo_async.sandbox.office import Office

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LAST_SERIAL = 10**18


def list_(office: Office, asked: Asked) -> Response:
    """One page of all invoices, newest first."""
    return dialect.listed(shapes.KIND, map(shapes.long, page_of(office.invoices, asked.query)))


def get(office: Office, asked: Asked) -> Response:
    """One invoice, as a list of one."""
    return dialect.listed(shapes.KIND, [shapes.long(office.invoices.get(asked.uid))])


def query(office: Office, asked: Asked) -> Response:
    """One page of the invoices within the given days, numbers, block and payment method, newest first."""
    asked_for = asked.query
    low = _bound(asked_for, "start", 0)
    high = _bound(asked_for, "end", _LAST_SERIAL)
    by_number = low is not None or high is not None
    today = office.today()
    first = _day(asked_for, "start_date", date.min if by_number else today.replace(day=1))
    last = _day(asked_for, "end_date", date.max if by_number else today)
    method = whole(asked_for, "payment_method")
    block = whole(asked_for, "block")
    if block == 0:
        block = DEFAULT_BLOCK.uid
    rows = (
        invoice
        for invoice in _within(office, first, last)
        if (method is None or invoice.terms.payment_method == method)
        and (block is None or invoice.block.uid == block)
        and (not by_number or _numbered_within(invoice, low, high))
    )
    return dialect.listed(shapes.KIND, map(shapes.long, page_of(rows, asked_for)))


def _within(office: Office, first: date, last: date) -> Iterator[Invoice]:
    filed = office.invoices_by_day
    start = bisect_left(filed, first, key=lambda entry: entry[0])
    stop = bisect_right(filed, last, key=lambda entry: entry[0])
    return (filed[index][2] for index in range(stop - 1, start - 1, -1))


def _numbered_within(invoice: Invoice, low: Number | None, high: Number | None) -> bool:
    number = invoice.number
    if number is None or number.series is not Series.INVOICE:
        return False
    return (low is None or low <= number) and (high is None or number <= high)


def _bound(asked_for: Mapping[str, str], end: str, serial: int) -> Number | None:
    year = whole(asked_for, f"year_{end}")
    number = whole(asked_for, f"num_{end}")
    if year is None:
        if number is not None:
            raise Refusal(400, f"num_{end} needs year_{end}: numbers begin anew each year")
        return None
    return Number(year, serial if number is None else number)


def _day(asked_for: Mapping[str, str], name: str, default: date) -> date:
    text = asked_for.get(name, "")
    if not text:
        return default
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise Refusal(400, f"{name} must be a date like 2017-02-01") from None
