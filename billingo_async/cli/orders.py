"""A file of orders, read: CSV rows in, orders with their written models out; nothing is sent and nothing printed here.

One row an item. Rows that share an `order` are one order and agree in everything but the item.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from billingo_async import Address, InvoiceType, NewClient, NewInvoice, NewItem
from billingo_async.cli.cells import read_rows
from billingo_async.cli.places import OrdersError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from billingo_async.cli.cells import Row

_CLIENT: Final = ("name", "tax_type", "taxcode", "email", "phone")
_ADDRESS: Final = (
    "postcode",
    "city",
    "district",
    "street_name",
    "street_type",
    "house_nr",
    "block",
    "entrance",
    "floor",
    "door",
    "country",
)
_TERMS: Final = (
    "type",
    "language",
    "currency",
    "payment_method",
    "due_days",
    "round_to",
    "mail",
    "paid",
    "cancel",
    "comment",
)
_ITEM: Final = (
    "description",
    "item_comment",
    "qty",
    "unit",
    "net_unit_price",
    "gross_unit_price",
    "vat",
    "entitlement",
)
_SHARED: Final = (*_CLIENT, *_ADDRESS, *_TERMS)  # what all rows of one order agree in
COLUMNS: Final = ("order", *_SHARED, *_ITEM)

Customer = tuple[str, str]

_TYPES: Final = {"invoice": InvoiceType.NORMAL, "proforma": InvoiceType.PROFORMA}
_FLAGS: Final = {"yes": True, "": False}
_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The ids behind the names in the file: VAT rates and payment methods by what people call them."""

    vat: Mapping[str, int]
    payment_methods: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Order:
    """One order: who, what, and what becomes of its invoice.

    `part` is the sum that is paid of it, in its own currency; with `paid_in_full` all of it is.
    """

    number: str
    client: NewClient
    is_proforma: bool
    mail: bool
    cancel: bool
    paid_in_full: bool
    part: Decimal | None
    rows: tuple[Row, ...]

    @property
    def customer(self) -> Customer:
        """What tells one customer from another: name and tax code."""
        return self.client.name, self.client.taxcode or ""

    def payment_method(self, catalogue: Catalogue) -> int:
        """The id of the way this order is paid; `OrdersError` when the catalogue does not know it."""
        return self.rows[0].known("payment_method", catalogue.payment_methods)

    def invoice(self, client_uid: int, catalogue: Catalogue, today: date) -> NewInvoice:
        """The invoice to create for this order, supplied today.

        Raises:
            OrdersError: A cell that makes no sense, or a VAT rate or payment method that the catalogue does not know.
        """
        first = self.rows[0]
        items = tuple(_item(row, catalogue) for row in self.rows)
        try:
            return NewInvoice(
                client_uid=client_uid,
                type=first.known("type", _TYPES),
                payment_method=self.payment_method(catalogue),
                fulfillment_date=today,
                due_date=today + timedelta(days=first.whole("due_days")),
                currency=first.text("currency"),
                template_lang_code=first.text("language"),
                electronic_invoice=self.mail,
                round_to=first.whole("round_to"),
                comment=first.text("comment"),
                items=items,
            )
        except ValueError as error:
            raise _refused(first, "an invoice", error) from error


def read_orders(path: Path) -> list[Order]:
    """All orders of the file, in the file's order.

    Raises:
        OrdersError: The file is missing, is no UTF-8 CSV, lacks a column or holds a value that makes no sense.
    """
    grouped: dict[str, list[Row]] = {}
    for row in read_rows(path, COLUMNS):
        rows = grouped.setdefault(row.filled("order"), [])
        rows.append(row)
        for column in _SHARED:
            if row.text(column) != rows[0].text(column):
                row.refuse(column, "differs from the order's first row; make them agree or number a new order")
    if not grouped:
        raise OrdersError(f"{path}: holds no order; write one row an item below the column names")
    return [_order(rows) for rows in grouped.values()]


def shipped_orders() -> Path:
    """The orders that the demo takes by itself: those shipped with the package, else those of the repository."""
    shipped = Path(__file__).parent / "orders.csv"
    return shipped if shipped.exists() else Path(__file__).parents[2] / "examples" / "orders.csv"


def _order(rows: list[Row]) -> Order:
    first = rows[0]
    paid_in_full = first.text("paid") == _ALL
    return Order(
        number=first.text("order"),
        client=_client(first),
        is_proforma=first.known("type", _TYPES) is InvoiceType.PROFORMA,
        mail=first.known("mail", _FLAGS),
        cancel=first.known("cancel", _FLAGS),
        paid_in_full=paid_in_full,
        part=first.number("paid") if first.text("paid") and not paid_in_full else None,
        rows=tuple(rows),
    )


def _client(row: Row) -> NewClient:
    try:
        address = Address(**{column: row.text(column) for column in _ADDRESS})
        return NewClient(
            name=row.text("name"),
            tax_type=row.text("tax_type"),
            taxcode=row.text("taxcode"),
            email=row.text("email"),
            phone=row.text("phone"),
            billing_address=address,
        )
    except ValueError as error:
        raise _refused(row, "a client", error) from error


def _item(row: Row, catalogue: Catalogue) -> NewItem:
    price = "net_unit_price" if row.text("net_unit_price") else "gross_unit_price"
    if row.text("net_unit_price") and row.text("gross_unit_price"):
        row.refuse("gross_unit_price", "is filled in beside net_unit_price; give one price")
    try:
        return NewItem(
            description=row.text("description"),
            item_comment=row.text("item_comment"),
            qty=row.number("qty"),
            unit=row.text("unit"),
            vat_id=row.known("vat", catalogue.vat),
            entitlement=row.text("entitlement") or None,
            **{price: row.number(price)},
        )
    except OrdersError:
        raise
    except ValueError as error:
        raise _refused(row, "an item", error) from error


def _refused(row: Row, what: str, error: ValueError) -> OrdersError:
    """The library's own words about a model, with the row it came from."""
    told = "; ".join(line.strip() for line in str(error).splitlines()[1:3]) or str(error)
    return OrdersError(f"{row.place}: cannot become {what}: {told}")
