"""Whether something that the account has can be what was asked for. Pure; asks no server.

What the server stores as it was sent is compared: texts by their letters and digits, numbers to a hundredth; what an
answer does not tell is no difference. A server may also alter what it stores: cut or mangle a text, round a price, move
a day. What agrees in most then, and contradicts in nothing else, is neither taken for the same nor for another.
"""

from __future__ import annotations

import html
import re
import unicodedata
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingo_async import v2
from billingo_async.fields.exact import is_array, is_object
from billingo_async.journal.port import Mark, Match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billingo_async.v2.models import Invoice, Item

_EXACT: Final = Context(prec=400)  # a caller's own context might round a match away
CUT_LETTERS: Final = 100
"""Letters of a text that are enough where the server has cut the rest.

What `compare` may take for the same is alike: texts up to here, and no numbers, for they are compared roughly.
"""
MIN_CUT: Final = 20
"""Characters below which no column of a database is: a shorter text was not cut for its length."""
NEAR: Final = Decimal("0.01")
"""Of a unit price or a quantity: the API answers with three decimals."""
NEAR_IN_ROW: Final = Decimal(1)
"""Of a row's sum, which may be rounded to whole forints."""
ROUNDED: Final = Decimal("0.01")
"""The share by which a price may be rounded; and by one unit of the currency, where that is more."""
_NUMBER: Final = re.compile(r"([0-9]{4})-([0-9]+)")
_LOST: Final = re.compile("[?\ufffd]")


class _Field(NamedTuple):
    """One field of a request beside what the account has."""

    is_same: bool
    is_altered: bool
    """Differs, in a way in which a server alters what it stores."""


_SAME: Final = _Field(is_same=True, is_altered=False)
_ALTERED: Final = _Field(is_same=False, is_altered=True)
_OTHER: Final = _Field(is_same=False, is_altered=False)


def compare(payload: Mapping[str, Any], stamp: str | None, invoice: Invoice) -> Match:
    """Compare the body of a request with an invoice."""
    if invoice.is_cancel_invoice or any(_differs(expected, actual) for expected, actual in _fixed(payload, invoice)):
        return Match.NO
    if stamp is not None and stamp in _lines(invoice.comment):
        return Match.YES
    fields = [*_heads(payload, invoice), *_rows(payload, invoice)]
    if invoice.items is None or (stamp is not None and invoice.comment is None):
        return Match.NO if any(field == _OTHER for field in fields) else Match.PERHAPS
    if stamp is None and all(field.is_same for field in fields):
        return Match.YES
    altered = sum(field.is_altered for field in fields)
    agrees_in_most = 2 * altered <= len(fields) and all(field.is_same or field.is_altered for field in fields)
    return Match.ALTERED if agrees_in_most and fields else Match.NO


def mark_of(invoice: Invoice) -> Mark | None:
    """Return where an invoice stands among those of its block and year; None for what is no numbered invoice."""
    parts = _NUMBER.fullmatch(invoice.invoice_no or "")
    if parts is None or invoice.block_uid is None:
        return None
    return Mark(f"{invoice.block_uid}:{parts[1]}", int(parts[2]))


def similarity(payload: Mapping[str, Any]) -> str:
    """Return what two requests whose invoices could be mistaken for each other have in common."""
    heads = [str(payload.get(name)) for name in ("client_uid", "type", "currency", "fulfillment_date", "due_date")]
    texts = [payload.get("comment"), *(item.get("description") for item in payload["items"])]
    return "|".join([*heads, *(plain_text(text)[:CUT_LETTERS] for text in texts)])


def plain_text(text: object) -> str:
    """Return what of a text survives a server that trims, escapes or re-spells it: letters and digits."""
    bare = unicodedata.normalize("NFKC", html.unescape(str(text or ""))).casefold()
    return "".join(letter for letter in bare if letter.isalnum())


def contradiction(payload: Mapping[str, Any], invoice: Invoice) -> str | None:
    """Name the first thing that an answer tells otherwise than it was asked for; None if there is none."""
    actual: list[tuple[str, object, object]] = [
        ("client_uid", payload.get("client_uid"), invoice.client_uid),
        ("type", payload.get("type"), invoice.type if isinstance(invoice.type, int) else None),
        ("currency", str(payload.get("currency")).upper(), invoice.currency.upper() if invoice.currency else None),
        ("block_uid", payload.get("block_uid") or None, invoice.block_uid or None),
        ("fulfillment_date", payload.get("fulfillment_date"), _day(invoice.fulfillment_date)),
        ("due_date", payload.get("due_date"), _day(invoice.due_date)),
        ("is_cancel_invoice", False, True if invoice.is_cancel_invoice else None),
    ]
    name = next((name for name, expected, shown in actual if _differs(expected, shown)), None)
    return name or _other_sum(payload, invoice)


def like(payload: Mapping[str, Any], row: object) -> bool:
    """Tell whether a row of a list says what a request asks for, as far as it tells it."""
    return all(
        _similar_value(value, getattr(row, name, None))
        for name, value in payload.items()
        if name not in {"force", "defaults"}
    )


def _similar_value(expected: Any, actual: Any) -> bool:
    if expected is None or actual is None:
        return True
    if is_object(expected):
        return all(_similar_value(value, getattr(actual, name, None)) for name, value in expected.items())
    if is_array(expected):
        return not is_array(actual) or (len(actual) == len(expected) and all(map(_similar_value, expected, actual)))
    if isinstance(expected, Decimal | int) and isinstance(actual, Decimal | int):
        return _near(Decimal(expected), Decimal(actual))
    return plain_text(expected) == plain_text(actual)


def _fixed(payload: Mapping[str, Any], invoice: Invoice) -> list[tuple[object, object]]:
    """Return what no server alters, asked for and told."""
    return [
        (payload["client_uid"], invoice.client_uid),
        (payload["type"], invoice.type if isinstance(invoice.type, int) else None),
        (str(payload["currency"]).upper(), invoice.currency.upper() if invoice.currency else None),
        (payload.get("block_uid") or None, invoice.block_uid or None),
        (payload["payment_method"], _method(invoice)),
    ]


def _heads(payload: Mapping[str, Any], invoice: Invoice) -> list[_Field]:
    days = [
        _ALTERED if _differs(payload[name], _day(getattr(invoice, name))) else _SAME
        for name in ("fulfillment_date", "due_date")
    ]
    return [*days, _text(payload.get("comment"), invoice.comment), _SAME]  # the last one: the client, who is the same


def _rows(payload: Mapping[str, Any], invoice: Invoice) -> list[_Field]:
    if invoice.items is None:
        return []
    items: list[Mapping[str, Any]] = payload["items"]
    if len(items) != len(invoice.items):
        return [_OTHER]
    return [field for expected, actual in zip(items, invoice.items, strict=True) for field in _item(expected, actual)]


def _item(expected: Mapping[str, Any], actual: Item) -> list[_Field]:
    qty = Decimal(expected["qty"])
    fields = [_number(qty, actual.qty)]
    if "product_uid" in expected:
        return [*fields, _OTHER if _differs(expected["product_uid"], actual.product_uid) else _SAME]
    fields += [
        _text(expected["description"], actual.description),
        _OTHER if _differs(expected["vat_id"], actual.vat_id) else _SAME,
    ]
    if "net_unit_price" in expected:
        return [*fields, _number(Decimal(expected["net_unit_price"]), actual.net_unit_price)]
    gross = Decimal(expected["gross_unit_price"])
    if actual.gross_unit_price is not None:
        return [*fields, _number(gross, actual.gross_unit_price)]
    return [*fields, _number(_EXACT.multiply(gross, qty), actual.gross_row_price, NEAR_IN_ROW)]


def _number(expected: Decimal, actual: Decimal | None, near: Decimal = NEAR) -> _Field:
    if actual is None or _near(expected, actual, near):
        return _SAME
    return (
        _ALTERED if _near(expected, actual, max(Decimal(1), _EXACT.multiply(abs(expected), ROUNDED)) + NEAR) else _OTHER
    )


def _text(expected: object, actual: str | None) -> _Field:
    if actual is None:
        return _SAME
    one, other = plain_text(expected), plain_text(actual)
    short, long = sorted((one, other), key=len)
    if one == other or (len(short) >= CUT_LETTERS and long.startswith(short)):
        return _SAME
    return _ALTERED if _is_altered(str(expected or ""), html.unescape(actual)) else _OTHER


def _is_altered(expected: str, actual: str) -> bool:
    """Tell whether a server may have made one text of the other: lost accents, cut it, added lines, or all of these."""
    lines = actual.splitlines()
    return any(_is_cut(expected, "\n".join(lines[:count])) for count in range(1, len(lines) + 1)) or not actual


def _is_cut(expected: str, actual: str) -> bool:
    """Tell whether a server that adds nothing may have made one text of the other."""
    bare, shown = _bare(expected), _bare(actual)
    if len(bare) == len(shown) and all(
        one == other or _LOST.match(other) for one, other in zip(bare, shown, strict=True)
    ):
        return True
    if not bare.startswith(shown):
        return False
    following = expected[len(actual) : len(actual) + 1]
    return not shown or len(shown) >= MIN_CUT or not following.isascii()


def _bare(text: str) -> str:
    """Return a text without accents and without spaces at its end."""
    marks = unicodedata.normalize("NFKD", text.rstrip())
    return "".join(char for char in marks if not unicodedata.combining(char)).casefold().rstrip()


def _lines(comment: str | None) -> list[str]:
    return [line.strip() for line in html.unescape(comment or "").splitlines()]


def _other_sum(payload: Mapping[str, Any], invoice: Invoice) -> str | None:
    """Compare the sums that can be reckoned without the rates of tax: net of net prices, gross of gross ones."""
    items: Sequence[Mapping[str, Any]] = payload.get("items") or ()
    may_round = Decimal(len(items) + int(payload.get("round_to") or 0))
    for price, name in (("net_unit_price", "net_total"), ("gross_unit_price", "total")):
        actual = getattr(invoice, name)
        if actual is not None and items and all(price in item for item in items):
            expected = sum((_EXACT.multiply(Decimal(item["qty"]), Decimal(item[price])) for item in items), Decimal(0))
            if not _near(expected, actual, may_round + NEAR):
                return name
    return None


def _method(invoice: Invoice) -> int | None:
    method = invoice.payment_method
    return (method.id or None) if isinstance(method, v2.models.PaymentMethod) else None


def _day(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())


def _differs(expected: object, actual: object) -> bool:
    return expected is not None and actual is not None and expected != actual


def _near(one: Decimal, other: Decimal, by: Decimal = NEAR) -> bool:
    return _EXACT.abs(_EXACT.subtract(one, other)) < by
