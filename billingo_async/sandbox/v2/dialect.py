"""How the real v2 talks: its envelopes, pages, strings for numbers, flags, invoices short and long, and refusals.

No state and no decision enters here: values in, spelling out. Sources: API docs (Successful responses, Errors) and the
samples of each operation. `vat_value` of an item is not documented beyond its name: here it is the row's VAT amount,
`vat_object` holds the rate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import Rate, number_of
from billingo_async.sandbox.http import JSON, JsonObject, Refusal, Response, read_json, write_json
from billingo_async.sandbox.records import Invoice, Row, Type
from billingo_async.sandbox.validation import Path, beyond, failures

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

T = TypeVar("T")
INVOICES = "invoices"
DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 50
TYPE_NUMBERS = {Type.DRAFT: 0, Type.PROFORMA: 1}
INVOICE_NUMBER = 3
"""The number of every type that v2 has no other for; 2 is reserved and refused."""
TYPES = {0: Type.DRAFT, 1: Type.PROFORMA, INVOICE_NUMBER: Type.INVOICE}
_TYPE_STRINGS = {Type.DRAFT: "draft", Type.PROFORMA: "proforma", Type.CANCELLATION: "cancel"}
_WHOLE = re.compile(r"[0-9]{1,18}")


def entry(uid: int | str, attributes: JsonObject) -> JsonObject:
    """One entry of `data`: the id outside, everything else under `attributes`."""
    return {"id": uid, "attributes": attributes}


def listed(kind: str, entries: Iterable[JsonObject]) -> Response:
    """A success whose `data` is a list: lists, and `GET /x/{id}` too."""
    return answer({"success": True, "type": kind, "data": list(entries)})


def single(kind: str, one: JsonObject) -> Response:
    """A success whose `data` is one object: POST, PUT and cancel."""
    return answer({"success": True, "type": kind, "data": one})


def done(**more: Any) -> Response:
    """A success with nothing to tell, or with values beside `success`; bare values stand below `data`."""
    return answer({"success": True, **more})


def answer(envelope: JsonObject, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """Any envelope as a response."""
    return Response(status, write_json(envelope), (("Content-Type", JSON), *headers))


def refused(refusal: Refusal) -> Response:
    """A failure: `success` is false, `error` says why, `errors` is there for bodies that were refused."""
    envelope: JsonObject = {"success": False, "error": refusal.error}
    if refusal.errors is not None:
        envelope["errors"] = refusal.errors
    return answer(envelope, refusal.status, refusal.headers)


def text_of(value: Decimal, decimals: int = 3) -> str:
    """Money and quantities as lists answer them: a string with three decimals, or as many as it takes."""
    integer, _, fraction = f"{value:f}".partition(".")
    return f"{integer}.{fraction.rstrip('0').ljust(decimals, '0')}"


def flag_of(value: object) -> str:
    """A flag as most reads answer it."""
    return "1" if value else "0"


def not_saved(noun: str, *reasons: str) -> Refusal:
    """The refusal of a body that fits its schema and still cannot be saved: `errors` is an array then.

    Source: API docs, Errors.
    """
    return Refusal(400, f"The {noun} could not be saved", errors=list(reasons))


def page_of(rows: Iterable[T], query: Mapping[str, str]) -> list[T]:
    """The rows of the page that the query names: a short page is the last, and one after the last is empty.

    Raises:
        Refusal: 400, where a value is no positive whole number or a page would be over 50 rows.
    """
    page = int_of(query, "page", 1) or 0
    size = int_of(query, "max_per_page", DEFAULT_PAGE_SIZE) or 0
    if page < 1:
        raise Refusal(400, "page must be 1 or more")
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise Refusal(400, f"max_per_page must be between 1 and {MAX_PAGE_SIZE}")
    return list(islice(rows, (page - 1) * size, page * size))


def int_of(query: Mapping[str, str], name: str, default: int | None = None) -> int | None:
    """A whole number among the parameters, or the default where it is absent or blank."""
    text = query.get(name, "")
    if not text:
        return default
    if not _WHOLE.fullmatch(text):
        raise Refusal(400, f"{name} must be a whole number")
    return int(text)


def short_invoice(invoice: Invoice) -> JsonObject:
    """The entry that create and cancel answer: no items, no client, the total a number."""
    return entry(invoice.uid, _short(invoice) | {"total": number_of(invoice.totals.total)})


def _short(invoice: Invoice) -> JsonObject:
    terms = invoice.terms
    return {
        "fulfillment_date": terms.fulfillment_date,
        "due_date": terms.due_date,
        "comment": terms.comment,
        "currency": terms.currency,
        "date": invoice.date.isoformat(),
        "invoice_no": invoice.invoice_no,
        "client_uid": terms.client_uid,
        "block_uid": invoice.block.uid,
        "uid": invoice.uid,
    }


def long_invoice(invoice: Invoice) -> JsonObject:
    """The entry that list, query and get answer: everything, numbers as strings."""
    terms = invoice.terms
    connected = invoice.connected
    return entry(
        invoice.uid,
        _short(invoice)
        | {
            "prefix": invoice.block.prefix,
            "prefixed_invoice_no": invoice.prefixed_invoice_no,
            "total": text_of(invoice.totals.total),
            "total_paid": text_of(invoice.paid),
            "net_total": text_of(invoice.totals.sums.net),
            "exchange_rate": text_of(terms.exchange_rate),
            "round_to": str(terms.round_to),
            "template_lang_code": terms.language,
            "electronic_invoice": flag_of(terms.electronic),
            "type": str(TYPE_NUMBERS.get(invoice.type, INVOICE_NUMBER)),
            "type_string": type_string_of(invoice),
            "status": invoice.status.value,
            "is_cancel_invoice": int(invoice.cancels is not None),
            "connected_invoice_no": connected.invoice_no if connected else None,
            "bank_account_uid": terms.bank_account_uid,
            "items": [_item(row) for row in invoice.rows],
            "client": invoice.client,
            "payment_method": payment_method(terms.payment_method, "hu"),
        },
    )


def type_string_of(invoice: Invoice) -> str:
    """The type as `type_string` spells it."""
    return _TYPE_STRINGS.get(invoice.type, "invoice")


def _item(row: Row) -> JsonObject:
    """One item as it is read back."""
    sums = row.price.sums
    return {
        "description": row.description,
        "net_unit_price": text_of(row.price.net_unit_price),
        "qty": text_of(row.qty),
        "unit": row.unit,
        "vat_id": str(row.rate.id),
        "vat_value": text_of(sums.vat),
        "vat_object": vat_entry(row.rate),
        "net_row_price": text_of(sums.net),
        "gross_row_price": text_of(sums.gross),
        "item_comment": row.comment,
        "entitlement": row.entitlement,
    }


def vat_entry(rate: Rate) -> JsonObject:
    """A VAT rate inside another answer: id a number, value a string."""
    return {"id": rate.id, "value": str(rate.value), "description": rate.label}


def payment_method(uid: int, language: str) -> JsonObject:
    """A payment method inside an invoice: id a number, the flag a string."""
    method = seeds.PAYMENT_METHODS[uid]
    flag = flag_of(method.advance_paid)
    return {"id": uid, "lang_code": language, "name": method.names[language], "advance_paid": flag}


NOT_READY = answer({"success": False, "error": "The document is not ready yet, please try again later"})


def checked(schema: str, body: bytes) -> JsonObject:
    """Decode a body and check it against the schema of that name.

    The texts follow the validator of the real server (a PHP one), as it was seen: `errors` is an object keyed by path
    like `items[0].net_unit_price`, the text for example "String value found, but a number is required".

    Raises:
        Refusal: 400; with `errors` keyed by path where the body is JSON and does not fit the schema.
    """
    try:
        document = read_json(body)
    except ValueError:
        raise Refusal(400, "The body is not valid JSON") from None
    if not isinstance(document, dict):
        raise Refusal(400, f"{_type_of(document)} value found, but an object is required")
    decoded = cast("JsonObject", document)
    errors = {_path_text(path): text for path, text in beyond(decoded)}
    if not errors:
        errors = {
            _path_text(path): _WORDINGS[str(error.validator)](error, path)
            for path, error in failures(f"v2/schemas/{schema}", decoded)
        }
    if errors:
        raise Refusal(400, "JSON schema validation failed", errors=errors)
    return decoded


def _path_text(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _type_of(value: object) -> str:
    return next((name for type_, name in _TYPE_NAMES.items() if isinstance(value, type_)), "NULL")


def _wrong_type(error: ValidationError, _path: Path) -> str:
    types = cast("str | list[str]", error.validator_value)
    names = [types] if isinstance(types, str) else types
    with_article = [f"{'an' if name[0] in 'aeio' else 'a'} {name}" for name in names]
    return f"{_type_of(error.instance)} value found, but {' or '.join(with_article)} is required"


_TYPE_NAMES: dict[type, str] = {
    bool: "Boolean", str: "String", int: "Integer", Decimal: "Double", list: "Array", dict: "Object",
}  # fmt: skip
_WORDINGS: dict[str, Callable[[ValidationError, Path], str]] = {
    "type": _wrong_type,
    "required": lambda _, path: f"The property {path[-1]} is required",
    "enum": lambda error, _: f"Does not have a value in the enumeration {error.validator_value}",
    "minLength": lambda error, _: f"Must be at least {error.validator_value} characters long",
    "maxLength": lambda error, _: f"Must be at most {error.validator_value} characters long",
    "minimum": lambda error, _: f"Must have a minimum value of {error.validator_value}",
    "minItems": lambda error, _: f"There must be a minimum of {error.validator_value} items in the array",
    "maxItems": lambda error, _: f"There must be a maximum of {error.validator_value} items in the array",
    "pattern": lambda error, _: f"Does not match the regex pattern {error.validator_value}",
    "format": lambda error, _: f"Invalid {error.validator_value}, expected format YYYY-MM-DD",
    "exclusiveMinimum": lambda error, _: f"Must have a minimum value of {error.validator_value}",
    "not": lambda _error, _path: "Failed to match exactly one schema",
}
