"""The documented samples, the models that stand for their requests, and how the two are compared."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from pydantic import TypeAdapter

from billingo_async import Address, NewBankAccount, NewClient, NewExpense, NewProduct, NewRecurringProfile, Payment
from billingo_async.fields.exact import exact_json, is_object, to_json
from billingo_async.fields.reading import ReadModel, read_json
from billingo_async.fields.writing import WrittenModel
from billingo_async.on_demand import public_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

M = TypeVar("M", bound=ReadModel | WrittenModel)

CLIENT = NewClient(
    name="Gigazoom LLC.",
    billing_address=Address(street_name="Moulton", city="Preston", postcode="PR1", country="United Kingdom"),
)
PAYMENT = Payment(date=date(2017, 1, 1), amount=Decimal(12300), payment_method=2, conversion_rate=Decimal(1))
PRODUCT = NewProduct(
    name="API teszt termék",
    price=Decimal(5200),
    unit="db",
    currency_code="HUF",
    vat_id=1,
    fokonyv_arbev=0,
    fokonyv_afa=0,
    entitlement="",
)
EXPENSE = NewExpense(
    categories_id=2,
    name="Office Supplies",
    invoice_no="2015/123456",
    client_uid=123456789,
    gross_price=Decimal(1200),
    vat=1,
    currency="EUR",
    due_date=date(2017, 1, 15),
)
BANK_ACCOUNT = NewBankAccount(
    bank_name="Test Bank LLC.",
    account_no="397794553330472",
    account_no_iban="HU33107930243977945533304723",
    account_swift="TSTBNK",
    currency="EUR",
)
PROFILE = NewRecurringProfile(
    base_invoice_uid=1938103373, frequency="1M", start_date=date(2017, 11, 1), comment="monthly"
)


def models_of(place: ModuleType, base: type[M]) -> list[type[M]]:
    """The models of a kind that a module makes public."""
    named = [getattr(place, name) for name in public_names(place.__name__)]
    return [model for model in named if isinstance(model, type) and issubclass(model, base)]


def as_written(body: Any) -> Any:
    """Return a documented body as the library writes it: a country under the name that the server answers with."""
    if is_object(body) and is_object(body.get("billing_address")):
        assert body["billing_address"]["country"] == "United Kingdom"
        return {**body, "billing_address": {**body["billing_address"], "country": "Egyesült Királyság"}}
    return body


NOTHING: tuple[object, ...] = (None, "", [], "0000-00-00", "0000-00-00 00:00:00", "-0001-11-30 00:00:00")


def is_rows(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether JSON is an array, or a field holds what an array was read into."""
    return isinstance(value, list | tuple)


def assert_tells(value: Any, raw: Any, path: str) -> None:
    """The value of a field says what the raw JSON says, nothing more and nothing less."""
    if value is None:
        assert raw in NOTHING, path
    elif isinstance(value, ReadModel):
        assert is_object(raw), path
        assert_all_told(value, raw, path)
    elif is_rows(value):
        assert is_rows(raw), path
        for index, (each, raw_each) in enumerate(zip(value, raw, strict=True)):
            assert_tells(each, raw_each, f"{path}[{index}]")
    elif isinstance(value, bool):
        assert raw in ((True, 1, "1") if value else (False, 0, "0")), path
    elif isinstance(value, Decimal):
        assert value == Decimal(str(raw)), path
    elif isinstance(value, int):
        assert str(value) == str(raw), path
    elif isinstance(value, datetime):
        assert value.isoformat(" ") == raw, path
    elif isinstance(value, date):
        assert value.isoformat() == raw, path
    else:
        assert value == raw, path


def assert_all_told(model: ReadModel, raw: dict[str, Any], path: str = "$") -> None:
    """Each key of the raw object is a field of the model, documented, and says the same."""
    assert not model.model_extra, f"{path}: not documented: {sorted(model.model_extra or {})}"
    assert model.model_fields_set == raw.keys(), path
    for name, value in raw.items():
        assert_tells(getattr(model, name), value, f"{path}.{name}")


def types(value: Any) -> object:
    """The JSON types of a document, in its shape."""
    if is_object(value):
        return {key: types(each) for key, each in value.items()}
    if is_rows(value):
        return [types(each) for each in value]
    if isinstance(value, bool) or value is None:
        return type(value).__name__
    return "text" if isinstance(value, str) else "number"


def assert_read_without_loss(model: type[ReadModel], raw: dict[str, Any]) -> None:
    """A documented object is read in all its values, straight from the bytes and over decoded JSON alike."""
    body = json.dumps(raw).encode()
    straight = read_json(TypeAdapter(model), body)
    assert_all_told(straight, raw)
    assert straight == model.model_validate(exact_json(body))


def assert_written_exactly(payload: Any, sample: Any) -> None:
    """What is written has the sample's values, in its JSON types."""
    written = exact_json(to_json(payload))
    assert types(written) == types(sample)
    assert written == sample
