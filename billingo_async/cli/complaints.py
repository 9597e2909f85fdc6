"""What is wrong with an invoice of a file, in words that a person with a spreadsheet can follow.

The models' own words are for those who write Python. Here a table says what each column takes, with an example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billingo_async import NewInvoice, NewItem, NewProductItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_DAY: Final = "a day such as 2026-03-31"
_PRICE: Final = "a number with a decimal point, such as 1234.50"
_TEXT: Final = "text"
TAKES: Final[Mapping[str, str]] = {
    "key": "what the invoice is made for, such as order-1234: 1 to 200 printable characters",
    "client_uid": "the customer's id, such as 115387686; `billingo-async clients list` shows them",
    "payment_method": "the number of a payment method: 1 cash, 2 wire transfer, 5 bank card",
    "fulfillment_date": _DAY,
    "due_date": _DAY,
    "items": "at least one item",
    "comment": _TEXT,
    "template_lang_code": "a language: hu, en, de, fr, it, sk, hr or ro",
    "electronic_invoice": "yes or no (in JSON true or false)",
    "currency": "a currency by its three letters, such as HUF",
    "exchange_rate": "forints for one unit of the currency, more than 0, such as 391.20",
    "block_uid": "the id of an invoice block, or 0 for the account's own",
    "type": "the kind of document: 3 an invoice, 1 a proforma, 0 a draft",
    "round_to": "0 for no rounding, 1, 5 or 10",
    "bank_account_uid": "the id of a bank account of yours",
    "is_paid": "yes or no (in JSON true or false)",
    "description": "what was sold, in words",
    "vat_id": "the id of a VAT rate, such as 1 for 27%",
    "qty": "how many, such as 1 or 2.5",
    "unit": "the unit, such as pc",
    "net_unit_price": _PRICE,
    "gross_unit_price": _PRICE,
    "item_comment": _TEXT,
    "entitlement": "the reason for a VAT exemption, such as AAM; empty where there is none",
    "product_uid": "the id of a product",
}
"""What each column takes. Source: API docs, Invoices / Save a new invoice."""
_ITEMS: Final[Mapping[str, type[NewItem | NewProductItem]]] = {"NewItem": NewItem, "NewProductItem": NewProductItem}


def complaint(error: ValidationError, values: Mapping[str, Any], *, noun: str) -> tuple[int | None, str]:
    """Return the index of the item that is wrong, if it is one, and what is wrong; `noun` is column or field."""
    first = error.errors(include_url=False)[0]
    index = next((part for part in first["loc"] if isinstance(part, int)), None)
    names = [part for part in first["loc"] if isinstance(part, str) and part not in _ITEMS]
    name = names[-1] if names else ""
    if first["type"] == "extra_forbidden":
        return index, f"the {noun} {name} is not known; take it out, or write one of: {', '.join(_known(first))}"
    if first["type"] == "missing":
        return index, f"the {noun} {name} is empty; it takes {TAKES[name]}"
    if name == "items" and index is not None:  # a rule about the item as a whole, such as: one price
        reason = str(first.get("ctx", {}).get("error", f"an item is an object with {', '.join(NewItem.model_fields)}"))
        return index, f"the {noun} {_priced(values, index)} is not right: {reason}"
    if name in TAKES:
        return index, f"the {noun} {name} holds {_shown(first['input'])}; it takes {TAKES[name]}"
    return index, f"the invoice is not right: {first['msg']}"


def _known(first: ErrorDetails) -> Sequence[str]:
    model: type[NewInvoice | NewItem | NewProductItem] = next(
        (_ITEMS[str(part)] for part in first["loc"] if part in _ITEMS), NewInvoice
    )
    return list(model.model_fields)


def _priced(values: Mapping[str, Any], index: int) -> str:
    """Return the column that a rule about prices is about."""
    item = values["items"][index]
    return "gross_unit_price" if isinstance(item, dict) and "net_unit_price" in item else "net_unit_price"


def _shown(value: object) -> str:
    """Return a value as it stood in the file, cut short."""
    named = {None: "nothing", True: "true", False: "false"}
    text = repr(value) if isinstance(value, str) else str(value)
    if value is None or isinstance(value, bool):
        text = named[value]
    return f"{text[:40]}…" if len(text) > 40 else text  # noqa: PLR2004 - enough to find it by
