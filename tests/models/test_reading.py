"""Reading forgives: whatever the server sends is read, kept where nobody documented it, and exact where it is money."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeGuard

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from billingo_async.models import (
    Address,
    BankAccount,
    Block,
    Client,
    EuVat,
    Expense,
    Invoice,
    InvoiceStatus,
    InvoiceType,
    Item,
    Language,
    PaymentMethod,
    PaymentState,
    Product,
    RecurringProfile,
    TaxType,
    Vat,
)
from billingo_async.models.reading import ReadModel, exact_json, holds_long_number, read_json, with_id

ALL: tuple[type[ReadModel], ...] = (
    Address,
    BankAccount,
    Block,
    Client,
    EuVat,
    Expense,
    Invoice,
    Item,
    PaymentMethod,
    PaymentState,
    Product,
    RecurringProfile,
    Vat,
)
ROADS: dict[type[ReadModel], TypeAdapter[Any]] = {model: TypeAdapter(model) for model in ALL}


def invoice(**fields: object) -> Invoice:
    """An invoice as it is read from an answer with these fields."""
    return read_json(TypeAdapter(Invoice), json.dumps(fields).encode())


@pytest.mark.parametrize(
    ("field", "sent", "read"),
    [
        ("client_uid", "2", 2),
        ("client_uid", 2, 2),
        ("client_uid", "", None),
        ("client_uid", [], None),
        ("block_uid", 0, 0),
        ("total", "4445.000", Decimal("4445.000")),
        ("total", 4445, Decimal(4445)),
        ("total", 0.27, Decimal("0.27")),
        ("total", -4445, Decimal(-4445)),
        ("total", "", None),
        ("total", None, None),
        ("is_cancel_invoice", "0", False),
        ("is_cancel_invoice", "1", True),
        ("is_cancel_invoice", 1, True),
        ("is_cancel_invoice", True, True),
        ("is_cancel_invoice", "", None),
        ("is_cancel_invoice", "perhaps", None),
        ("date", "2015-11-23", date(2015, 11, 23)),
        ("date", "2015-11-23 00:00:00", date(2015, 11, 23)),
        ("date", "2015-11-23 10:20:30", date(2015, 11, 23)),
        ("date", "0000-00-00", None),
        ("date", "", None),
        ("date", 0, None),
        ("date", "0", None),
        ("comment", "", ""),
        ("comment", 5, "5"),
        ("comment", [], None),
        ("comment", False, None),
        ("type", 3, InvoiceType.NORMAL),
        ("type", "3", InvoiceType.NORMAL),
        ("type", 17, 17),
        ("type", "", ""),
        ("status", "4", InvoiceStatus.CANCELED),
        ("status", "lost", "lost"),
        ("template_lang_code", "hu", Language.HUNGARIAN),
        ("template_lang_code", "tlh", "tlh"),
        ("client", [], None),
        ("client", "", None),
        ("items", None, None),
        ("items", [], ()),
        ("payment_method", 2, PaymentMethod(id=2)),
        ("payment_method", "2", PaymentMethod(id=2)),
        ("payment_method", [], None),
        ("payment_method", True, None),
    ],
    ids=repr,
)
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


@pytest.mark.parametrize("sent", ["many", True, {}, {"amount": 1}, [1], "1,5", "NaN"], ids=repr)
@pytest.mark.parametrize("place", ["total", "items"])
def test_money_that_is_no_number_is_an_error(place: str, sent: object) -> None:
    """An amount is never guessed: what is no number is refused, however deep it lies."""
    body = json.dumps({"total": sent} if place == "total" else {"items": [{"qty": sent}]}).encode()
    with pytest.raises(ValidationError):
        read_json(ROADS[Invoice], body)
    with pytest.raises(ValidationError):
        Invoice.model_validate(json.loads(body))


def test_unknown_fields_stay() -> None:
    """What nobody documented is kept, at every depth."""
    read = invoice(id=1, colour="red", client={"name": "Ő", "shoe": {"size": 43}}, items=[{"weight": None}])
    assert read.model_extra == {"colour": "red"}
    assert read.client is not None
    assert read.client.model_extra == {"shoe": {"size": 43}}
    assert read.items is not None
    assert read.items[0].model_extra == {"weight": None}


def test_a_read_address_is_never_taken_for_a_callers() -> None:
    """Reading passes by the strict constructor: unknown fields and missing ones are the server's right."""
    client = Client.model_validate_json('{"billing_address": {"city": "Sopron", "planet": "Earth"}}')
    assert client.billing_address is not None
    assert client.billing_address.model_extra == {"planet": "Earth"}
    assert client.billing_address.country is None


def test_a_tax_type_that_nobody_documented_is_kept() -> None:
    """Known values become members, others stay raw."""
    assert Client.model_validate_json('{"tax_type": ""}').tax_type is TaxType.NONE
    assert Client.model_validate_json('{"tax_type": "ALIEN"}').tax_type == "ALIEN"


def test_the_id_beside_the_attributes_becomes_the_models() -> None:
    """`with_id` completes a model with the id that the envelope told."""
    read = with_id(invoice(uid=7, total="1.5"), 7)
    assert read.id == 7
    assert "id" in read.model_fields_set
    assert read == invoice(id=7, uid=7, total="1.5")


NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")

SLOPPY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(-1e12, 1e12)
    | st.text(max_size=12)
    | st.sampled_from(["", "0", "1", "2", "0000-00-00", "2015-12-12", "2015-12-12 10:00:00", "4445.000", "1e3", "hu"])
    | st.dates().map(str)
    | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def sloppy_answers(draw: st.DrawFn) -> tuple[type[ReadModel], dict[str, Any]]:
    """A model and an answer for it: any field missing, any value in it, unknown fields besides."""
    model = draw(st.sampled_from(ALL))
    names = draw(st.lists(st.sampled_from(sorted(model.model_fields)), unique=True))
    nested = st.dictionaries(
        st.sampled_from(["id", "name", "qty", "value", "city", "due_date", "ő"]), SLOPPY, max_size=4
    )
    value = SLOPPY | nested | st.lists(nested, max_size=2)
    answer = {name: draw(value) for name in names}
    return model, answer | draw(st.dictionaries(st.text(min_size=1, max_size=6), SLOPPY, max_size=2))


@given(sloppy_answers())
@example((Invoice, {"date": "0"}))
@example((Product, {"created_at": "1e3"}))
def test_no_answer_breaks_a_read_but_by_its_money(drawn: tuple[type[ReadModel], dict[str, Any]]) -> None:
    """Any answer is read, or refused with nothing but a `ValidationError`; unknown fields are kept."""
    model, answer = drawn
    body = json.dumps(answer).encode()
    try:
        read: ReadModel = read_json(ROADS[model], body)
    except ValidationError as error:
        assert any(is_strict(each["loc"]) for each in error.errors()), error.errors()  # noqa: PT017 - which field it was
        return
    assert (read.model_extra or {}).keys() == answer.keys() - model.model_fields.keys()
    assert read.model_fields_set == answer.keys()
    assert repr(read) == str(read)


@given(sloppy_answers())
@example((Product, {"created_at": "1e3"}))
@example((Product, {"created_at": "86400"}))
@example((Invoice, {"date": "86400"}))
@example((Invoice, {"comment": 1.10}))
def test_both_roads_read_any_answer_alike(drawn: tuple[type[ReadModel], dict[str, Any]]) -> None:
    """Straight from bytes, or over decoded JSON: the same fields, or both refuse."""
    model, answer = drawn
    body = json.dumps(answer).encode()
    try:
        straight = known_fields(read_json(ROADS[model], body))
    except ValidationError:
        with pytest.raises(ValidationError):
            model.model_validate(exact_json(body))
        return
    assert known_fields(model.model_validate(exact_json(body))) == straight


def known_fields(read: ReadModel) -> str:
    """What the documented fields hold, all the way down, types included."""
    return repr({name: deep(getattr(read, name)) for name in type(read).model_fields if name != "company"})


def deep(value: Any) -> object:
    """Open up models within models; a text that was sent as a number may be spelled either way."""
    if isinstance(value, ReadModel):
        return known_fields(value)
    if type(value) is str and NUMBER.fullmatch(value):
        return Decimal(value).normalize()
    return [deep(each) for each in value] if is_parts(value) else value


def is_parts(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Whether a field holds models in a row."""
    return isinstance(value, tuple)


def is_strict(loc: tuple[int | str, ...]) -> bool:
    """Whether an error lies at an amount, at an id of the thing itself, or at what a payment's answer has to hold."""
    names = {"id", "fully_paid", "outstanding"}
    return any(part in names or "Decimal" in str(part) or "decimal" in str(part) for part in loc)


def fraction(digits: int, exponent: int) -> Decimal:
    """The digits with a point among them or before them."""
    return Decimal(digits).scaleb(exponent)


EXACT = st.builds(fraction, st.integers(-(10**28), 10**28), st.integers(-28, 0))


@given(EXACT, st.sampled_from(["f", "e", "E"]))
@example(Decimal("1234567890123456.7"), "f")
@example(Decimal("0.1000000000000000000000000001"), "f")
@example(Decimal(1234567890123456), "e")
@example(Decimal("1e-400"), "e")
def test_no_amount_ever_loses_a_digit(amount: Decimal, spelling: str) -> None:
    """Numbers of any length, in every spelling that JSON has, are read exactly."""
    body = f'{{"total": {amount:{spelling}}, "items": [{{"qty": "{amount:{spelling}}"}}]}}'.encode()
    read = read_json(ROADS[Invoice], body)
    assert isinstance(read, Invoice)
    assert read.total == amount
    assert read.items is not None
    assert read.items[0].qty == amount


@pytest.mark.parametrize(
    ("spelled", "value"),
    [
        ("1e2", "100"),
        ("1E+2", "100"),
        ("4445.0", "4445"),
        ("-0.0", "0"),
        ("1e-7", "0.0000001"),
        ("0.1e1", "1"),
        ("111.81166910218", "111.81166910218"),
        ("1e400", "1e400"),
    ],
)
def test_every_spelling_of_a_json_number_is_the_number(spelled: str, value: str) -> None:
    """The float spellings of JSON, beside whole numbers."""
    read = read_json(ROADS[Invoice], f'{{"total":{spelled}}}'.encode())
    assert isinstance(read, Invoice)
    assert read.total == Decimal(value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nothing",
        b"\xff\xfe",
        b'{"total": NaN}',
        b'{"total": Infinity}',
        b'{"total": 1e99999999999999999999}',
        b'{"total": "Infinity"}',
        b'{"total": 0.12345678901234567, "net_total": "many"}',
        b'{"total": 0.12345678901234567, "colour": NaN}',
        b'{"total": 0.5, "colour": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"total": 0.12345678901234567, "colour": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"total": ' + b"9" * 5000 + b".5}",
    ],
    ids=lambda body: f"{len(body)} {body[:30]!r}",
)
def test_what_is_no_answer_is_a_value_error(body: bytes) -> None:
    """Whatever the bytes are, nothing but a `ValueError` comes of them, or an exact amount."""
    try:
        read = read_json(ROADS[Invoice], body)
    except ValueError:
        return
    assert isinstance(read, Invoice)
    assert read.total == Decimal(body[10:-1].decode())


def test_digits_in_a_text_do_not_make_a_long_number() -> None:
    """An IBAN is no amount; it must not cost the straight road."""
    assert not holds_long_number(b'{"iban": "HU33107930243977945533304723", "a": 1.5}')
    assert holds_long_number(b'{"a":1.5,"total": 1234567890123456.5}')
    assert holds_long_number(b'{"a":[-1234567890123456e3]}')
    assert holds_long_number(b'{"a":1e-310}')


def test_exact_json_reads_decimals() -> None:
    """The exact road knows no binary floats."""
    assert exact_json(b'{"a": 0.10, "b": 1}') == {"a": Decimal("0.10"), "b": 1}


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
