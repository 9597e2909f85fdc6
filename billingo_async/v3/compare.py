"""Whether an answer, or a document that the account has, is what a request asked for. Pure; asks no server.

What the API stores as it was sent is compared, as `protocol.comparison` says. A sum is compared where it can be
reckoned, which is not with lines by product or a discount, and up to one unit of the currency a line, since the
server's rounding is not documented.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from billingo_async.protocol import comparison
from billingo_async.protocol.comparison import EXACT, NEAR, near, other_field, payload_of, total_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from billingo_async.protocol.call import Call
    from billingo_async.v3.models import ConversionRate, Document

ROUNDINGS: Final = {"one": 1, "five": 5, "ten": 10}
"""What a total may be rounded to a multiple of. Source: specification, Round."""
ECHOED: Final = ("type", "block_id", "currency", "payment_method", "fulfillment_date", "due_date")
"""What a document says as it was asked for."""
ECHOED_OF_LINE: Final = ("name", "quantity", "product_id")
_PERCENT: Final = re.compile(r"([0-9]+)(?:,([0-9]+))?%", re.ASCII)


def check_made(call: Call[Any], document: Document) -> str | None:
    """Name what a document tells otherwise than the request that made it."""
    payload = payload_of(call)
    other = contradiction(payload, document)
    return other or ("comment" if comparison.is_other_text(payload.get("comment"), document.comment) else None)


def check_issued(call: Call[Any], document: Document) -> str | None:
    """Name what the document of a draft tells otherwise than the request; it keeps the draft's id."""
    return comparison.check_path("id")(call, document) or contradiction(payload_of(call), document)


def check_rate(call: Call[Any], rate: ConversionRate) -> str | None:
    """Name the currency of a rate between others than the query names."""
    query = dict(parse_qsl(call.query))
    currencies = {"from_currency": query.get("from"), "to_currency": query.get("to")}
    return other_field(currencies, rate, tuple(currencies))


def check_derived(call: Call[Any], document: Document) -> str | None:
    """Name what cannot be of a document that was made from the one in the path."""
    return derived(call.requested_id, document)


def check_storno(call: Call[Any], document: Document) -> str | None:
    """Name what cannot be of the document that cancels the one in the path: a positive total, for one."""
    is_positive = document.gross_total is not None and document.gross_total > 0
    return check_derived(call, document) or ("gross_total" if is_positive else None)


def check_copy(call: Call[Any], document: Document) -> str | None:
    """Name the id of the original in the place of the copy's."""
    return "id" if document.id == call.requested_id else None


def derived(id: int, document: Document) -> str | None:
    """Name what cannot be of a document that was made from the document `id`, which it names among its relations."""
    ancestors = {ancestor.id for ancestor in document.related_documents or ()}
    return "id" if document.id == id else "related_documents" if ancestors and id not in ancestors else None


def contradiction(payload: Mapping[str, Any], document: Document) -> str | None:
    """Name the first thing that a document tells otherwise than it was asked for; None if there is none."""
    partner = document.document_partner or document.partner
    sent = payload.get("partner_id")
    if sent and partner is not None and partner.id not in {0, sent}:
        return "partner_id"
    shown = (document.model_extra or {}).get("vendor_id")
    if shown and payload.get("vendor_id") and str(shown).strip() != str(payload["vendor_id"]).strip():
        return "vendor_id"
    return other_field(payload, document, ECHOED) or _other_sum(payload, document)


def _other_sum(payload: Mapping[str, Any], document: Document) -> str | None:
    items: Sequence[Mapping[str, Any]] = payload.get("items") or ()
    if not items or payload.get("discount") or any("product_id" in item for item in items):
        return None
    settings: Mapping[str, Any] = payload.get("settings") or {}
    tolerance = Decimal(len(items) + ROUNDINGS.get(str(settings.get("round")), 0))
    gross = [amount for amount in map(_gross, items) if amount is not None]
    if len(gross) == len(items):
        return None if _is_sum(gross, document.gross_total, tolerance) else "gross_total"
    net = document.summary.net_amount if document.summary else None
    is_net = all(item.get("unit_price_type") == "net" for item in items)
    return None if not is_net or _is_sum(map(_amount, items), net, tolerance) else "net_amount"


def _is_sum(amounts: Iterable[Decimal], shown: Decimal | None, tolerance: Decimal) -> bool:
    return shown is None or near(total_of(amounts), shown, EXACT.add(tolerance, NEAR))


def _amount(item: Mapping[str, Any]) -> Decimal:
    return EXACT.multiply(Decimal(item["unit_price"]), Decimal(item.get("quantity", 1)))


def _gross(item: Mapping[str, Any]) -> Decimal | None:
    """Return what a line comes to with VAT; None where its VAT is told by a code."""
    if item.get("unit_price_type", "gross") == "gross":
        return _amount(item)
    rate = _PERCENT.fullmatch(str(item["vat"]))
    if item["unit_price_type"] != "net" or rate is None:
        return None
    percent = Decimal(f"{rate[1]}.{rate[2] or 0}")
    return EXACT.multiply(_amount(item), EXACT.add(Decimal(1), EXACT.divide(percent, Decimal(100))))


def same_lines(payload: Mapping[str, Any], document: Document) -> bool:
    """Tell whether a document has as many lines as a request, in its order, under the same names."""
    items: Sequence[Mapping[str, Any]] = payload.get("items") or ()
    lines = [{name: item.get(name) for name in ECHOED_OF_LINE} for item in items]
    return not lines or comparison.says(lines, document.items)
