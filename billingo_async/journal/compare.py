"""Whether an invoice that the account holds can be the one that was asked for. Pure; asks nobody.

Only what the server stores as it was sent is compared. Texts are compared by their letters and digits, numbers to a
hundredth; what an answer does not tell is no difference.
"""

from __future__ import annotations

import html
import re
from decimal import Context, Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from billingo_async.journal.intent import CUT, plain_text
from billingo_async.v2.models import PaymentMethod

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.v2.models import Invoice, Item

_EXACT: Final = Context(prec=400)  # a caller's own context might round a match away
NEAR: Final = Decimal("0.01")
"""Of a unit price or a quantity: the API answers with three decimals."""
NEAR_IN_ROW: Final = Decimal(1)
"""Of a row's sum, which may be rounded to whole forints."""
_NUMBER: Final = re.compile(r"([0-9]{4})-([0-9]+)")


class Match(Enum):
    """The answer."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"
    """What was told does not suffice: the items are missing, or the comment or its end, where there is a stamp."""


def compare(wire: Mapping[str, Any], stamp: str | None, invoice: Invoice) -> Match:
    """Compare the body of a request with an invoice."""
    if invoice.is_cancel_invoice:
        return Match.NO
    if stamp is not None and invoice.comment is not None:
        return _stamped(stamp, str(wire.get("comment")), invoice.comment)
    other_comment = invoice.comment is not None and not _same_text(wire.get("comment"), invoice.comment)
    if other_comment or any(_differs(wanted, told) for wanted, told in _heads(wire, invoice)):
        return Match.NO
    if stamp is not None or invoice.items is None:
        return Match.PERHAPS
    items: list[Mapping[str, Any]] = wire["items"]
    same = len(items) == len(invoice.items) and all(map(_same_item, items, invoice.items))
    return Match.YES if same else Match.NO


def number_of(invoice: Invoice) -> str | None:
    """Return block, year and number in a form that can be compared as text; None for what is no numbered invoice."""
    found = _NUMBER.fullmatch(invoice.invoice_no or "")
    if found is None or invoice.block_uid is None:
        return None
    return f"{invoice.block_uid}:{found[1]}-{int(found[2]):020d}"


def is_older(invoice: Invoice, highest: str | None) -> bool:
    """Tell whether an invoice was made before the one whose number was the highest known; False if unknown."""
    number = number_of(invoice)
    if number is None or highest is None or number.partition("-")[0] != highest.partition("-")[0]:
        return False
    return number <= highest


def _stamped(stamp: str, wanted: str, comment: str) -> Match:
    """Look for the stamp as a line of its own or, where the server has joined the lines, at the end."""
    told = html.unescape(comment).strip()
    if stamp in map(str.strip, told.splitlines()) or (told.endswith(stamp) and told[-len(stamp) - 1].isspace()):
        return Match.YES
    return Match.PERHAPS if len(told) >= CUT and plain_text(wanted).startswith(plain_text(told)) else Match.NO


def _heads(wire: Mapping[str, Any], invoice: Invoice) -> list[tuple[object, object]]:
    method = invoice.payment_method
    block = wire.get("block_uid")
    return [
        (wire["client_uid"], invoice.client_uid),
        (wire["type"], invoice.type if isinstance(invoice.type, int) else None),
        (str(wire["currency"]).upper(), invoice.currency.upper() if invoice.currency else None),
        (wire["fulfillment_date"], invoice.fulfillment_date and invoice.fulfillment_date.isoformat()),
        (wire["due_date"], invoice.due_date and invoice.due_date.isoformat()),
        (wire["payment_method"], (method.id or None) if isinstance(method, PaymentMethod) else None),
        (block or None, invoice.block_uid or None),
    ]


def _differs(wanted: object, told: object) -> bool:
    return wanted is not None and told is not None and wanted != told


def _same_text(wanted: object, told: object) -> bool:
    one, other = plain_text(wanted), plain_text(told)
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= CUT and long.startswith(short))


def _same_item(wanted: Mapping[str, Any], told: Item) -> bool:
    qty = Decimal(wanted["qty"])
    if told.qty is not None and not _near(qty, told.qty):
        return False
    if "product_uid" in wanted:
        return not _differs(wanted["product_uid"], told.product_uid)
    other_words = told.description is not None and not _same_text(wanted["description"], told.description)
    if other_words or _differs(wanted["vat_id"], told.vat_id):
        return False
    if "net_unit_price" in wanted:
        return told.net_unit_price is None or _near(Decimal(wanted["net_unit_price"]), told.net_unit_price)
    gross = Decimal(wanted["gross_unit_price"])
    if told.gross_unit_price is not None:
        return _near(gross, told.gross_unit_price)
    return told.gross_row_price is None or _near(_EXACT.multiply(gross, qty), told.gross_row_price, NEAR_IN_ROW)


def _near(one: Decimal, other: Decimal, by: Decimal = NEAR) -> bool:
    return _EXACT.abs(_EXACT.subtract(one, other)) < by
