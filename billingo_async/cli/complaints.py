"""What is wrong with an invoice of a file, in words that a person with a spreadsheet can follow.

The models' own words are for those who write Python. Here a table says what each column takes, with an example.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic import ValidationError

from billingo_async import NewInvoice, NewItem, NewProductItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails

_DAY: Final = "a day such as 2026-03-31"
_PRICE: Final = "a number with a decimal point, such as 1234.50"
_TEXT: Final = "text"
TAKES: Final[Mapping[str, str]] = {
    "key": "what the invoice is made for, such as order-1234: 1 to 200 printable characters",
    "client_uid": "the customer's id, such as 115387686; `billingo-async clients list` shows them",
    "payment_method": "a payment method, such as 1 for cash; `billingo-async payment-methods list` shows them",
    "fulfillment_date": _DAY,
    "due_date": _DAY,
    "items": "at least one item",
    "comment": _TEXT,
    "template_lang_code": "a language: hu, en, de, fr, it, sk, hr or ro",
    "electronic_invoice": "yes or no (in JSON true or false)",
    "currency": "a currency by its three letters, such as HUF",
    "exchange_rate": "forints for one unit of the currency, more than 0, such as 391.20",
    "block_uid": "the id of an invoice block, or 0 for the default; `billingo-async blocks list` shows them",
    "type": "the kind of document: 3 an invoice, 1 a proforma, 0 a draft",
    "round_to": "0 for no rounding, 1, 5 or 10",
    "bank_account_uid": "the id of a bank account of yours",
    "is_paid": "yes or no (in JSON true or false)",
    "description": "what was sold, in words",
    "vat_id": "the id of a VAT rate, such as 1 for 27%; `billingo-async vat list` shows them",
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
_FITTING_ITEM: Final[Mapping[str, object]] = {
    "description": "-",
    "vat_id": 1,
    "qty": 1,
    "unit": "-",
    "net_unit_price": 1,
}
_FITTING: Final[Mapping[str, object]] = {
    **_FITTING_ITEM,
    "fulfillment_date": "2026-03-31",
    "due_date": "2026-03-31",
    "items": [_FITTING_ITEM],
    "comment": "",
    "template_lang_code": "hu",
    "electronic_invoice": False,
    "currency": "HUF",
    "is_paid": False,
    "item_comment": "",
    "entitlement": "AAM",
}
"""What stands in for a value that is wrong while the rest is looked at; 1 for the fields that are not here."""
_LOOKS: Final = 8
"""More than enough: one is needed for each kind of mistake that hides another."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with an invoice: in which of its items, if in one, and in which column."""

    index: int | None
    column: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """An invoice, or all that is wrong with it; `values` with something fitting in the place of what is wrong."""

    invoice: NewInvoice | None
    values: dict[str, Any]
    complaints: Sequence[Complaint]


def checked(values: dict[str, Any], *, noun: str) -> Checked:
    """Return the invoice that these values make, or all that is wrong with them; `noun` is column or field.

    One mistake may hide another, such as an item's unknown field its missing price. So what is wrong is replaced by
    something fitting, and the whole is looked at again.
    """
    found: list[Complaint] = []
    invoice = None
    for _ in range(_LOOKS):
        try:
            invoice = NewInvoice.model_validate(values)
        except ValidationError as error:
            wrong = error.errors(include_url=False)
            found += (_complaint(each, values, noun=noun) for each in wrong)
            values = _mended(values, wrong)
        else:
            break
    found.sort(key=lambda each: -1 if each.index is None else each.index)
    return Checked(None if found else invoice, values, found)


def fitting(column: str) -> object:
    """Return a value that the column takes."""
    return _FITTING.get(column, 1)


def _mended(values: dict[str, Any], wrong: Sequence[ErrorDetails]) -> dict[str, Any]:
    """Return the values with what is wrong taken out or replaced."""
    items = values.get("items")
    mended: dict[str, Any] = dict(values)
    if isinstance(items, list):
        mended["items"] = [copy(item) for item in cast("Sequence[Any]", items)]
    for each in wrong:
        match _path(each), each["type"]:
            case ("items", int(index)), _:
                mended["items"][index] = dict(_FITTING_ITEM)
            case (("items", int(index), str(name)), "extra_forbidden"):
                del mended["items"][index][name]
            case ("items", int(index), str(name)), _:
                mended["items"][index][name] = fitting(name)
            case (str(name),), "extra_forbidden":
                del mended[name]
            case (str(name), *_), _:
                mended[name] = fitting(name)
            case _:
                pass
    return mended


def _path(wrong: ErrorDetails) -> tuple[int | str, ...]:
    """Return where it is in the values: pydantic names the kind of an item between its index and its field."""
    place = wrong["loc"]
    return (*place[:2], *place[3:]) if place[:1] == ("items",) else place


def _complaint(wrong: ErrorDetails, values: Mapping[str, Any], *, noun: str) -> Complaint:
    path = _path(wrong)
    index = next((part for part in path if isinstance(part, int)), None)
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    what = f"holds {_shown(wrong['input'])}; it takes {TAKES.get(name, 'something else')}"
    if wrong["type"] == "extra_forbidden":
        what = f"is not known; take it out, or write one of: {', '.join(_known(wrong))}"
    elif wrong["type"] == "missing":
        what = f"is empty; it takes {TAKES[name]}"
    elif name == "items" and index is not None:  # a rule about the item as a whole, such as: one price
        name = _priced(values, index)
        reason = wrong.get("ctx", {}).get("error", f"an item is an object with {', '.join(NewItem.model_fields)}")
        what = f"is not right: {reason}"
    return Complaint(index, name, f"the {noun} {name} {what}")


def _known(wrong: ErrorDetails) -> Sequence[str]:
    model = _ITEMS[str(wrong["loc"][2])] if len(_path(wrong)) > 1 else NewInvoice
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
