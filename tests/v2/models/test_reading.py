"""Reading forgives: whatever the server sends is read, kept where nobody documented it, and exact where it is money."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from billingo_async.fields.reading import read_json
from billingo_async.v2.models import Invoice, InvoiceStatus, InvoiceType, Language, PaymentMethod, Product

ROADS: dict[type, TypeAdapter[Any]] = {model: TypeAdapter(model) for model in (Invoice, Product)}


def invoice(**fields: object) -> Invoice:
    """An invoice as it is read from an answer with these fields."""
    return read_json(TypeAdapter(Invoice), json.dumps(fields).encode())


@pytest.mark.parametrize(
    ("field", "sent", "read"),
    [
        ("client_uid", "2", 2), ("client_uid", 2, 2), ("client_uid", "", None), ("client_uid", [], None),
        ("block_uid", 0, 0),
        ("total", "4445.000", Decimal("4445.000")), ("total", 4445, Decimal(4445)), ("total", 0.27, Decimal("0.27")),
        ("total", -4445, Decimal(-4445)), ("total", "", None), ("total", None, None),
        ("is_cancel_invoice", "0", False), ("is_cancel_invoice", "1", True), ("is_cancel_invoice", 1, True),
        ("is_cancel_invoice", True, True), ("is_cancel_invoice", "", None), ("is_cancel_invoice", "perhaps", None),
        ("date", "2015-11-23", date(2015, 11, 23)), ("date", "2015-11-23 00:00:00", date(2015, 11, 23)),
        ("date", "2015-11-23 10:20:30", date(2015, 11, 23)), ("date", "0000-00-00", None), ("date", "", None),
        ("date", 0, None), ("date", "0", None),
        ("comment", "", ""), ("comment", 5, "5"), ("comment", [], None), ("comment", False, None),
        ("type", 3, InvoiceType.NORMAL), ("type", "3", InvoiceType.NORMAL), ("type", 17, 17), ("type", "", ""),
        ("status", "4", InvoiceStatus.CANCELED), ("status", "lost", "lost"),
        ("template_lang_code", "hu", Language.HUNGARIAN), ("template_lang_code", "tlh", "tlh"),
        ("client", [], None), ("client", "", None),
        ("items", None, None), ("items", [], ()),
        ("payment_method", 2, PaymentMethod(id=2)), ("payment_method", "2", PaymentMethod(id=2)),
        ("payment_method", [], None), ("payment_method", True, None),
    ],
    ids=repr,
)  # fmt: skip
def test_a_sloppy_value_is_read_as_what_it_means(field: str, sent: object, read: object) -> None:
    """The sloppy spellings of the reference, each read as the reference says."""
    assert getattr(invoice(**{field: sent}), field) == read
    assert getattr(Invoice.model_validate({field: sent}), field) == read


@pytest.mark.parametrize(
    "sent", ["0000-00-00 00:00:00", "-0001-11-30 00:00:00", "", None, 0, [], "soon", "2015-99-99"], ids=repr
)
def test_a_moment_that_never_was_is_none(sent: object) -> None:
    """PHP's empty moments are no moments."""
    assert read_json(ROADS[Product], json.dumps({"created_at": sent}).encode()) == Product(created_at=None)


def test_a_moment_is_read_in_the_servers_own_time() -> None:
    """A moment has no zone, for the server tells none."""
    product = Product.model_validate_json('{"created_at": "2017-10-04 15:26:26"}')
    assert product.created_at == datetime(2017, 10, 4, 15, 26, 26)  # noqa: DTZ001 - the server tells no zone


def test_an_object_with_numbers_for_keys_is_a_list() -> None:
    """PHP writes a list with a gap in it as an object."""
    items = invoice(items={"0": {"qty": "1.000"}, "2": {"qty": 3}}).items
    assert items is not None
    assert [item.qty for item in items] == [Decimal(1), Decimal(3)]


ROWS: list[tuple[object, list[tuple[Decimal | None, dict[str, object]]]]] = [
    ([{"qty": 1}, "Kenyér", {"qty": 2}], [(Decimal(1), {}), (None, {"raw": "Kenyér"}), (Decimal(2), {})]),
    ([7, None, True], [(None, {"raw": 7}), (None, {"raw": None}), (None, {"raw": True})]),
    ([[], [5]], [(None, {}), (None, {"raw": [5]})]),
    ({"3": "Kenyér"}, [(None, {"raw": "Kenyér"})]),
    ({"qty": "1.000", "colour": "red"}, [(Decimal(1), {"colour": "red"})]),
    ({}, []),
]


@pytest.mark.parametrize(("sent", "rows"), ROWS, ids=repr)
def test_no_row_is_ever_dropped(sent: object, rows: list[tuple[Decimal | None, dict[str, object]]]) -> None:
    """A row that is no object keeps its place and what came; a lone row is one row; PHP's empty object is an object."""
    for read in (invoice(items=sent), Invoice.model_validate({"items": sent})):
        assert read.items is not None
        assert [(item.qty, item.model_extra) for item in read.items] == rows


@pytest.mark.parametrize("sent", [None, "", "abc", True, [], {}, 7.5])
def test_a_part_without_a_readable_id_does_not_break_the_whole(sent: object) -> None:
    """The copies within an invoice often have no id of their own: it is 0 there, and the rest is read."""
    read = invoice(client={"id": sent, "name": "Kovács Kft."}, items=[{"qty": "2", "vat_object": {"id": sent}}])
    assert read.client is not None
    assert (read.client.id, read.client.name) == (0, "Kovács Kft.")
    assert read.items is not None
    assert read.items[0].qty == 2


def test_a_payment_method_that_is_told_by_a_word_can_be_seen() -> None:
    """Neither an object nor an id, and yet not lost."""
    method = invoice(payment_method="bitcoin").payment_method
    assert method is not None
    assert (method.id, method.name, method.model_extra) == (0, None, {"raw": "bitcoin"})


@pytest.mark.parametrize("sent", ["many", True, {}, {"amount": 1}, [1], "1,5", "NaN"], ids=repr)
@pytest.mark.parametrize("place", ["total", "items"])
def test_money_that_is_no_number_is_an_error(place: str, sent: object) -> None:
    """An amount is never guessed: what is no number is refused, however deep it lies."""
    body = json.dumps({"total": sent} if place == "total" else {"items": [{"qty": sent}]}).encode()
    with pytest.raises(ValidationError):
        read_json(ROADS[Invoice], body)
    with pytest.raises(ValidationError):
        Invoice.model_validate(json.loads(body))


def test_no_personal_data_in_an_error() -> None:
    """What was sent does not stand in the message that says it cannot be read."""
    body = b'{"total": "kovacs@example.com", "colour": {"a": 0.5}}'
    with pytest.raises(ValidationError) as caught:
        Invoice.model_validate_json(body)
    assert "kovacs" not in str(caught.value)
    with pytest.raises(ValidationError) as caught:
        read_json(TypeAdapter(list[Invoice]), b"[" + body + b"]")
    assert "kovacs" not in f"{caught.value!r} {caught.value.errors()}"
    assert caught.value.__suppress_context__
