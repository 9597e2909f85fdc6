"""Whether something that the account has, or an answer tells, can be what was asked for. Pure; asks no server.

A server may alter what it stores: cut or mangle a text, round a price, move a day. What agrees in most then, and
contradicts in nothing else, is neither taken for the same nor for another; nor is what agrees in all but a comment that
is not another order's for certain. How texts and numbers are compared stands in `protocol.comparison`.
"""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from billingo_async.journal.port import Mark, Match
from billingo_async.protocol import comparison
from billingo_async.protocol.comparison import EXACT, NEAR, near, total_of
from billingo_async.v2 import models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billingo_async.protocol.call import Call
    from billingo_async.v2.models import Invoice, Item

NEAR_IN_ROW: Final = Decimal(1)
"""Of a row's sum, which may be rounded to whole forints."""
PRICE_ROUNDING_SHARE: Final = Decimal("0.01")
"""The share by which a price may be rounded; and by one unit of the currency, where that is more."""
ROUNDING: Final = 10
"""What a total may be rounded to a multiple of by the account's own setting, beside whole units a row."""
MAX_GROSS: Final = Decimal("1.27")
"""Gross in net, at most: no country of the EU has a higher rate of VAT than Hungary."""
FIXED: Final = ("client_uid", "type", "currency", "block_uid")
"""What no server alters."""
DAYS: Final = ("fulfillment_date", "due_date")
_NUMBER: Final = re.compile(r"([0-9]{4})-([0-9]{1,100})")  # a longer one is no number, and int() would refuse it
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)


def compare(payload: Mapping[str, Any], stamp: str | None, invoice: Invoice) -> Match:
    """Compare the body of a request with an invoice."""
    if invoice.is_cancel_invoice or _other_head(payload, invoice, FIXED) or _other_method(payload, invoice):
        return Match.NO
    if stamp is not None and stamp in _lines(invoice.comment):
        return Match.YES
    fields = [*_heads(payload, invoice), *_rows(payload, invoice)]
    if invoice.items is None or (stamp is not None and invoice.comment is None):
        return Match.NO if Match.NO in fields else Match.PERHAPS
    if stamp is None and all(field is Match.YES for field in fields):
        return Match.YES
    agrees_in_most = 2 * fields.count(Match.ALTERED) <= len(fields) and Match.NO not in fields
    return Match.ALTERED if agrees_in_most and fields else Match.NO


def mark_of(invoice: Invoice) -> Mark | None:
    """Return where an invoice stands among those of its block and year; None for what is no numbered invoice."""
    parts = _NUMBER.fullmatch(invoice.invoice_no or "")
    if parts is None or invoice.block_uid is None:
        return None
    return Mark(f"{invoice.block_uid}:{parts[1]}", int(parts[2]))


def similarity(payload: Mapping[str, Any]) -> str:
    """Return what two requests whose invoices could be mistaken for each other have in common."""
    heads = map(str, map(payload.get, ("client_uid", "type", "currency", *DAYS)))
    texts = [payload.get("comment"), *(item.get("description") for item in payload["items"])]
    return "|".join([*heads, *(comparison.plain_text(text)[: comparison.CUT_LETTERS] for text in texts)])


def check_made(call: Call[Any], invoice: Invoice) -> str | None:
    """Name what an invoice tells otherwise than the request that made it."""
    payload = comparison.payload_of(call)
    other = contradiction(payload, invoice)
    return other or ("comment" if comparison.is_other_text(payload.get("comment"), invoice.comment) else None)


def is_other_stamp(key: str, stamp: str, sent: str, comment: str | None) -> bool:
    """Tell whether another key's stamp stands where this key's should: a server may have mangled it, but not cut it.

    A server that makes one line of all lets the stamp be followed by what followed it when it was sent.
    """
    lines = [line for line in _lines(comment) if line]
    bare, text, shown = comparison.folded_text(stamp), comparison.folded_text(sent), comparison.folded_text(comment)
    if not lines or any(
        comparison.folded_text(line) == bare or comparison.is_mangled_text(stamp, line) for line in lines
    ):
        return False
    length = min(len(text), len(shown))
    if shown.startswith(f"{bare} ") and text[:length] == shown[:length]:
        return False
    before, _, after = stamp.rpartition(key)
    return lines[0].startswith(before) and lines[0].endswith(after)


def contradiction(payload: Mapping[str, Any], invoice: Invoice) -> str | None:
    """Name the first thing that an answer tells otherwise than it was asked for; None if there is none."""
    if invoice.is_cancel_invoice:
        return "is_cancel_invoice"
    return _other_head(payload, invoice, (*FIXED, *DAYS)) or _other_sum(payload, invoice)


def check_storno(call: Call[Any], storno: Invoice) -> str | None:
    """Name what cannot be of the invoice that cancels the one in the path: its id, or a positive total.

    One that cancels a credit has a positive total: `invoices.cancel` reads it, to be sure.
    """
    if storno.id == call.requested_id:
        return "id"
    return "total" if storno.total is not None and storno.total > 0 else None


def _other_head(payload: Mapping[str, Any], invoice: Invoice, names: Sequence[str]) -> str | None:
    default = {"block_uid": payload.get("block_uid") or None}  # 0 stands for the account's default
    name = comparison.other_field({**payload, **default}, invoice, names)
    return None if name == "type" and not isinstance(invoice.type, int) else name


def _other_method(payload: Mapping[str, Any], invoice: Invoice) -> bool:
    method = invoice.payment_method
    shown = (method.id or None) if isinstance(method, models.PaymentMethod) else None
    return not comparison.says(payload["payment_method"], shown)


def _heads(payload: Mapping[str, Any], invoice: Invoice) -> list[Match]:
    days = [Match.YES if comparison.says(payload[name], getattr(invoice, name)) else Match.ALTERED for name in DAYS]
    client = Match.YES  # or it would not be compared
    return [*days, _comment(payload.get("comment"), invoice.comment), client]


def _rows(payload: Mapping[str, Any], invoice: Invoice) -> list[Match]:
    if invoice.items is None:
        return []
    items: list[Mapping[str, Any]] = payload["items"]
    if len(items) != len(invoice.items):
        return [Match.NO]
    return [field for fields in map(_item, items, invoice.items) for field in fields]


def _item(expected: Mapping[str, Any], actual: Item) -> list[Match]:
    qty = Decimal(expected["qty"])
    fields = [_number(qty, actual.qty)]
    if "product_uid" in expected:
        return [*fields, Match.YES if comparison.says(expected["product_uid"], actual.product_uid) else Match.NO]
    fields += [
        _text(expected["description"], actual.description),
        Match.YES if comparison.says(expected["vat_id"], actual.vat_id) else Match.NO,
    ]
    if "net_unit_price" in expected:
        return [*fields, _number(Decimal(expected["net_unit_price"]), actual.net_unit_price)]
    gross = Decimal(expected["gross_unit_price"])
    if actual.gross_unit_price is not None:
        return [*fields, _number(gross, actual.gross_unit_price)]
    return [*fields, _number(EXACT.multiply(gross, qty), actual.gross_row_price, NEAR_IN_ROW)]


def _number(expected: Decimal, actual: Decimal | None, by: Decimal = NEAR) -> Match:
    if actual is None or near(expected, actual, by):
        return Match.YES
    rounding = max(Decimal(1), EXACT.multiply(EXACT.abs(expected), PRICE_ROUNDING_SHARE))
    return Match.ALTERED if near(expected, actual, EXACT.add(rounding, NEAR)) else Match.NO


def _text(expected: object, actual: str | None) -> Match:
    if actual is None or comparison.is_same_text(expected, actual):
        return Match.YES
    return Match.ALTERED if comparison.is_altered_text(expected, actual) else Match.NO


def _comment(expected: object, actual: str | None) -> Match:
    if comparison.is_other_text(expected, actual):
        return Match.ALTERED if comparison.is_cut_text(expected, actual) else Match.NO
    return Match.YES if actual is None or comparison.is_same_text(expected, actual) else Match.ALTERED


def _lines(comment: str | None) -> list[str]:
    return [line.strip() for line in _BREAK.sub("\n", html.unescape(comment or "")).splitlines()]


def _other_sum(payload: Mapping[str, Any], invoice: Invoice) -> str | None:
    """Name a sum that is another; nothing where it cannot be reckoned without the rates of VAT."""
    items: Sequence[Mapping[str, Any]] = payload.get("items") or ()
    per_row = EXACT.add(len(items), NEAR)
    rounding = EXACT.add(per_row, int(payload.get("round_to") or ROUNDING))
    for price, name in (("net_unit_price", "net_total"), ("gross_unit_price", "total")):
        shown, gross = getattr(invoice, name), invoice.total
        if not items or not all(item.get(price) is not None for item in items):
            continue
        rows = [EXACT.multiply(Decimal(item["qty"]), Decimal(item[price])) for item in items]
        if shown is not None and not near(total_of(rows), shown, per_row if name == "net_total" else rounding):
            return name
        if name == "net_total" and gross is not None and not _may_be_gross(rows, gross, rounding):
            return "total"
    return None


def _may_be_gross(rows: Sequence[Decimal], gross: Decimal, rounding: Decimal) -> bool:
    """Tell whether some rates of VAT make this gross sum of net rows."""
    most = [EXACT.multiply(row, MAX_GROSS) for row in rows]
    low, high = total_of(map(min, rows, most)), total_of(map(max, rows, most))
    return EXACT.subtract(low, rounding) <= gross <= EXACT.add(high, rounding)
