"""The shipped orders and the reader of order files."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from billingo_async import InvoiceType, NewItem
from billingo_async.cli.orders import COLUMNS, Catalogue, read_orders, shipped_orders
from billingo_async.cli.places import OrdersError

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = Catalogue(vat={"27%": 1, "5%": 2, "18%": 3, "AM": 4, "EU": 5}, payment_methods={"Wiretransfer": 2})
GOOD = {
    "order": "R-1", "type": "invoice", "name": "Őrs Kft.", "tax_type": "HAS_TAX_NUMBER", "taxcode": "99104275-2-42",
    "email": "ors@example.com", "phone": "", "postcode": "9400", "city": "Sopron", "district": "", "street_name": "Fő",
    "street_type": "tér", "house_nr": "1", "block": "", "entrance": "", "floor": "", "door": "",
    "country": "Magyarország",
    "language": "hu", "currency": "HUF", "payment_method": "Wiretransfer", "due_days": "8", "round_to": "5",
    "mail": "yes",
    "paid": "", "cancel": "", "comment": "Köszönjük!", "description": "Méz", "item_comment": "", "qty": "2.50",
    "unit": "üveg", "net_unit_price": "2850.10", "gross_unit_price": "", "vat": "27%", "entitlement": "",
}  # fmt: skip


def written(path: Path, *changes: dict[str, str]) -> Path:
    """A file of one row for each set of changes to the good row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer: csv.DictWriter[str] = csv.DictWriter(file, list(COLUMNS))
        writer.writeheader()
        writer.writerows([GOOD | change for change in changes])
    return path


def test_the_shipped_orders_are_varied() -> None:
    """The demo has what it promises: many orders and rates, two currencies, one proforma, one cancelled, one part."""
    orders = read_orders(shipped_orders())
    rows = [row for order in orders for row in order.rows]
    assert len(orders) >= 40
    assert {order.rows[0].text("currency") for order in orders} == {"HUF", "EUR"}
    assert {row.text("vat") for row in rows} == {"27%", "18%", "5%", "AM", "EU"}
    assert [order.is_proforma for order in orders].count(True) == 1
    assert [order.cancel for order in orders].count(True) == 1
    assert [order.part is not None for order in orders].count(True) == 1
    assert [order.paid_in_full for order in orders].count(True) >= 5
    assert len({order.rows[0].text("payment_method") for order in orders}) >= 4
    assert len({order.customer for order in orders}) >= 35
    assert len(rows) > 2 * len(orders)
    assert "ű" in "".join(order.client.name for order in orders)


def test_the_shipped_people_cannot_be_reached() -> None:
    """Every e-mail address lies under a domain set aside for examples, and no mail is asked for without one."""
    for order in read_orders(shipped_orders()):
        mail = order.rows[0].text("email")
        assert not mail or mail.partition("@")[2].split(".")[-2] == "example"
        assert mail or not order.mail


def test_every_shipped_order_becomes_an_invoice() -> None:
    """All orders pass the written model's checks with the documented names of rates and payment methods."""
    methods = ("Wiretransfer", "Cash", "Bankcard", "Cash on Delivery", "PayPal", "SZEP card")
    catalogue = Catalogue(CATALOGUE.vat, {name: number for number, name in enumerate(methods, start=1)})
    for order in read_orders(shipped_orders()):
        assert len(order.invoice(1, catalogue, date(2026, 3, 1)).items) == len(order.rows)


def test_a_row_becomes_client_and_invoice(tmp_path: Path) -> None:
    """Every cell arrives where it belongs, numbers exactly as they are written."""
    (order,) = read_orders(written(tmp_path / "o.csv", {}))
    assert (order.number, order.is_proforma, order.mail, order.cancel) == ("R-1", False, True, False)
    assert (order.paid_in_full, order.part) == (False, None)
    assert order.customer == ("Őrs Kft.", "99104275-2-42")
    assert order.client.email == "ors@example.com"
    assert (order.client.billing_address.city, order.client.billing_address.street_type) == ("Sopron", "tér")
    invoice = order.invoice(7, CATALOGUE, date(2026, 2, 25))
    assert invoice.to_payload() == {
        "fulfillment_date": "2026-02-25",
        "due_date": "2026-03-05",
        "payment_method": 2,
        "client_uid": 7,
        "items": [
            {
                "description": "Méz",
                "vat_id": 1,
                "qty": Decimal("2.5"),
                "unit": "üveg",
                "net_unit_price": Decimal("2850.1"),
                "item_comment": "",
                "entitlement": None,
            }
        ],
        "comment": "Köszönjük!",
        "template_lang_code": "hu",
        "electronic_invoice": 1,
        "currency": "HUF",
        "block_uid": 0,
        "type": 3,
        "round_to": 5,
    }


def test_rows_of_one_number_are_one_order(tmp_path: Path) -> None:
    """Items keep their order in the file, even when another order stands between them."""
    path = written(
        tmp_path / "o.csv",
        {"description": "a"},
        {"order": "R-2", "type": "proforma", "paid": "all", "mail": "", "cancel": "yes"},
        {"description": "b", "net_unit_price": "", "gross_unit_price": "9.9", "entitlement": "TAM"},
    )
    first, second = read_orders(path)
    assert [row.text("description") for row in first.rows] == ["a", "b"]
    _, second_item = first.invoice(1, CATALOGUE, date(2026, 1, 1)).items
    assert isinstance(second_item, NewItem)
    assert second_item.gross_unit_price == Decimal("9.9")
    assert (second.is_proforma, second.paid_in_full, second.mail, second.cancel) == (True, True, False, True)
    assert second.invoice(1, CATALOGUE, date(2026, 1, 1)).type is InvoiceType.PROFORMA


def test_a_part_paid_is_exact(tmp_path: Path) -> None:
    """The part is a Decimal, digit for digit."""
    (order,) = read_orders(written(tmp_path / "o.csv", {"paid": "1234567890123456789.01"}))
    assert order.part == Decimal("1234567890123456789.01")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"order": ""}, "line 2: the column order is empty"),
        ({"type": "bill"}, "the column type holds 'bill', which is not known; write one of: invoice, proforma"),
        ({"mail": "perhaps"}, "the column mail holds 'perhaps', which is not known; write one of: yes, (nothing)"),
        ({"paid": "half"}, "the column paid holds 'half', which is no number"),
        ({"name": ""}, "line 2: cannot become a client"),
    ],
)
def test_a_bad_order_is_refused_with_its_place(tmp_path: Path, change: dict[str, str], complaint: str) -> None:
    """The message names the line, the column and the remedy."""
    with pytest.raises(OrdersError) as caught:
        read_orders(written(tmp_path / "o.csv", change))
    assert complaint in str(caught.value)
    assert str(tmp_path / "o.csv") in str(caught.value)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"due_days": "-1"}, "the column due_days holds '-1', which is no whole number"),
        ({"payment_method": "Gold"}, "the column payment_method holds 'Gold'"),
        ({"vat": "26%"}, "the column vat holds '26%', which is not known; write one of: 27%, 5%, 18%, AM, EU"),
        ({"qty": "two"}, "the column qty holds 'two', which is no number; write it like 1234.5"),
        ({"qty": "NaN"}, "the column qty holds 'NaN', which is no number"),
        ({"net_unit_price": "1,5"}, "the column net_unit_price holds '1,5'"),
        ({"net_unit_price": ""}, "the column gross_unit_price holds '', which is no number"),
        ({"gross_unit_price": "1"}, "the column gross_unit_price is filled in beside net_unit_price"),
        ({"unit": ""}, "line 2: cannot become an item: unit"),
        ({"currency": "forint"}, "line 2: cannot become an invoice: currency"),
    ],
)
def test_a_bad_item_is_refused_with_its_place(tmp_path: Path, change: dict[str, str], complaint: str) -> None:
    """What only the catalogue or the written model can tell is refused by line as well."""
    (order,) = read_orders(written(tmp_path / "o.csv", change))
    with pytest.raises(OrdersError) as caught:
        order.invoice(1, CATALOGUE, date(2026, 1, 1))
    assert complaint in str(caught.value)


def test_rows_of_one_order_must_agree(tmp_path: Path) -> None:
    """Two customers under one order number are a mistake, not a choice."""
    with pytest.raises(OrdersError, match="line 3: the column name differs from the order's first row"):
        read_orders(written(tmp_path / "o.csv", {}, {"name": "Más Bt."}))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "lacks the columns order, name"),
        (b"order,name\n1,2\n", "line 1: lacks the columns tax_type"),
        (",".join(COLUMNS).encode(), "holds no order"),
        (",".join(COLUMNS).encode() + b"\nR-1,x\n", "line 2: has 2 values under 35 columns"),
        (f"{','.join(COLUMNS)}\nŐ\n".encode("iso8859-2"), "line 2: is no text in UTF-8; save the file as UTF-8"),
        (",".join(COLUMNS).encode() + b'\n"R-1\n', "line 2: is no CSV (unexpected end of data)"),
    ],
)
def test_a_file_that_is_no_order_file_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    """Wrong columns, no rows, wrong width and wrong encoding each have their message."""
    path = tmp_path / "o.csv"
    path.write_bytes(content)
    with pytest.raises(OrdersError) as caught:
        read_orders(path)
    assert complaint in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message names the file and what to do."""
    with pytest.raises(
        OrdersError, match=r"nowhere\.csv: cannot be read \(No such file or directory\); name another file$"
    ):
        read_orders(tmp_path / "nowhere.csv")


def test_spreadsheets_habits_do_no_harm(tmp_path: Path) -> None:
    """A byte-order mark, CRLF, space around values and empty lines are all accepted."""
    path = written(tmp_path / "o.csv", {"name": "  Őrs Kft. "})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\r\n\r\n")
    (order,) = read_orders(path)
    assert order.client.name == "Őrs Kft."
