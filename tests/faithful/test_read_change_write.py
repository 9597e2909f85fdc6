"""Read, change one thing, write, read again over HTTP: whatever the caller left alone is as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import billingo_async as sdk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from billingo_async import Billingo
    from billingo_async.fields.writing import WrittenModel
    from billingo_async.sandbox import Sandbox

PLANTED: dict[str, Any] = {
    "discount": Decimal("0.1234567890123456789012345678"),
    "colour": "kék",
    "tags": [{"weight": Decimal("1.5"), "none": None}, [], True],
    "nothing": None,
    "empty": "",
}
"""Fields that nobody documented, as the server might hold them tomorrow."""
SERVERS_OWN = {"created_at", "updated_at"}

CLIENT = sdk.NewClient(
    name="Őri Kft.",
    billing_address=sdk.Address(
        street_name="Fő", street_type="utca", house_nr="7", block="A", entrance="2", floor="3.", door="14",
        city="Győr", postcode="9021", district="V", country="Magyarország",
    ),
    email="ori@example.com", taxcode="12345678-2-08", phone="+36 99 123 456", tax_type=sdk.TaxType.HAS_TAX_NUMBER,
    bank=sdk.Bank(account_no="11111111-22222222", iban="HU42117730161111101800000000", swift="OTPVHUHB"),
    fokonyv_szam="311", type=2, internal_id="vevő 7",
    defaults=sdk.ClientDefaults(
        payment_method=2, electronic_invoice=True, invoice_due_days=8, invoice_currency="EUR",
        invoice_template_lang_code="de",
    ),
)  # fmt: skip
PRODUCT = sdk.NewProduct(
    name="Méz", price=Decimal("1234567890123456789012.345678"), unit="üveg", currency_code="EUR", vat_id=4,
    fokonyv_arbev="911", fokonyv_afa="467", entitlement=sdk.Entitlement.AAM,
)  # fmt: skip
EXPENSE = sdk.NewExpense(
    categories_id=2, name="Papír", gross_price=Decimal("1234567890123456789012.345678"), vat=3, invoice_no="K-7/2015",
    currency="EUR", due_date=date(2017, 1, 15),
)  # fmt: skip
ACCOUNT = sdk.NewBankAccount(
    bank_name="Bank", account_no="11111111-22222222", currency="EUR", account_no_iban="HU42", account_swift="OTPVHUHB"
)


async def _expense(billingo: Billingo, uid: int) -> Any:
    """Return one expense: the API tells them in lists alone."""
    return next(row for row in await billingo.expenses.list() if row.id == uid)


NOUNS: dict[str, tuple[Callable[[Billingo], Awaitable[Any]], Callable[[Billingo, int], Awaitable[Any]]]] = {
    "clients": (lambda b: b.clients.create(CLIENT), lambda b, uid: b.clients.get(uid)),
    "products": (lambda b: b.products.create(PRODUCT), lambda b, uid: b.products.get(uid)),
    "expenses": (lambda b: b.expenses.create(EXPENSE), _expense),
    "bank_accounts": (lambda b: b.bank_accounts.create(ACCOUNT), lambda b, uid: b.bank_accounts.get(uid)),
}
"""How one of each noun is made, every field of it filled in, and how it is read."""

CHANGES: dict[str, dict[str, Any]] = {
    "clients": {
        "name": "Másik Kft.", "email": "", "taxcode": "87654321-1-08", "phone": "1", "tax_type": sdk.TaxType.FOREIGN,
        "bank": sdk.Bank(account_no="3"), "fokonyv_szam": "312", "type": 3, "internal_id": 8,
        "billing_address": sdk.Address(street_name="Kis", city="Pécs", postcode="7600", country="Magyarország"),
        "defaults": sdk.ClientDefaults(payment_method=1),
    },
    "products": {
        "name": "Viasz", "price": Decimal("0.10"), "unit": "kg", "currency_code": "HUF", "vat_id": 5,
        "fokonyv_arbev": "912", "fokonyv_afa": "468", "entitlement": sdk.Entitlement.TAM,
    },
    "expenses": {
        "categories_id": 4, "name": "Toll", "gross_price": Decimal("-0.10"), "vat": 1, "invoice_no": "8",
        "currency": "HUF", "due_date": date(2018, 2, 28),
    },
    "bank_accounts": {
        "bank_name": "Másik Bank", "account_no": "5", "currency": "HUF", "account_no_iban": "", "account_swift": "X",
    },
}  # fmt: skip
"""A change of every field that can be written, but for the seller of an expense, who must exist."""
WRITTEN: dict[str, type[WrittenModel]] = {
    "clients": sdk.NewClient,
    "products": sdk.NewProduct,
    "expenses": sdk.NewExpense,
    "bank_accounts": sdk.NewBankAccount,
}
NEVER_CHANGED = {"clients": {"force"}, "expenses": {"client_uid"}}


def _plant(sandbox: Sandbox, noun: str, uid: int, fields: dict[str, Any]) -> None:
    """Put fields into what the sandbox holds, as if its own people had added them."""
    shelf: Any = getattr(sandbox._books, noun)
    stored = shelf.get(uid)
    shelf.put(uid, replace(stored, written=stored.written | fields))


def _told(read: Any) -> dict[str, Any]:
    return {name: value for name, value in read.model_dump().items() if name not in SERVERS_OWN}


def test_every_field_is_changed_once() -> None:
    """A field that a written model gains is changed here, too."""
    for noun, kind in WRITTEN.items():
        assert CHANGES[noun].keys() == kind.model_fields.keys() - NEVER_CHANGED.get(noun, set())


@pytest.mark.parametrize(("noun", "field"), [(noun, field) for noun, changes in CHANGES.items() for field in changes])
async def test_only_what_was_changed_is_changed(billingo: Billingo, sandbox: Sandbox, noun: str, field: str) -> None:
    """One field after another: all others, documented or not, hold what they held, to the last digit."""
    make, read = NOUNS[noun]
    uid = (await make(billingo)).id
    _plant(sandbox, noun, uid, PLANTED)
    before = await read(billingo, uid)
    assert before.model_extra == PLANTED
    change = CHANGES[noun][field]
    await getattr(billingo, noun).update(uid, before.edit(**{field: change}))
    after = await read(billingo, uid)
    expected = {**_told(before), field: _told(after)[field]}
    if noun == "products" and field == "vat_id":
        expected |= {name: _told(after)[name] for name in ("vat", "description")}  # the rate itself is told, too
    assert _told(after) == expected
    assert _told(after)[field] != _told(before)[field]
    _assert_holds(getattr(after, field), change)


def _assert_holds(told: Any, change: Any) -> None:
    """What was written is read again; of an address or the like, the parts that were given."""
    if hasattr(change, "model_fields_set"):
        for name in change.model_fields_set:
            assert getattr(told, name) == getattr(change, name)
    else:
        assert told == change


@pytest.mark.parametrize("noun", NOUNS)
async def test_writing_back_unchanged_changes_nothing(billingo: Billingo, sandbox: Sandbox, noun: str) -> None:
    """Nor does it on what was told when the thing was made, which is less."""
    make, read = NOUNS[noun]
    made = await make(billingo)
    before = await read(billingo, made.id)
    for source in (made, before):
        await getattr(billingo, noun).update(made.id, source.edit())
        assert _told(await read(billingo, made.id)) == _told(before)


async def test_columns_that_no_body_writes_stay(billingo: Billingo, sandbox: Sandbox) -> None:
    """A product's stock and bar code are read, and are still there after its price was changed."""
    product = await billingo.products.create(PRODUCT)
    _plant(sandbox, "products", product.id, {"barcode": "5991234567890", "min_qty": Decimal("1.5"), "comment": "jó"})
    before = await billingo.products.get(product.id)
    assert (before.barcode, before.min_qty, before.comment) == ("5991234567890", Decimal("1.5"), "jó")
    await billingo.products.update(product.id, before.edit(price=1))
    assert _told(await billingo.products.get(product.id)) == {**_told(before), "price": Decimal(1)}


async def test_the_seller_of_an_expense_stays_and_can_be_changed(billingo: Billingo) -> None:
    """The expense shows its seller's data beside the id; only the id is written back."""
    first = await billingo.clients.create(CLIENT)
    other = await billingo.clients.create(CLIENT.model_copy(update={"name": "Másik Kft."}))
    made = await billingo.expenses.create(EXPENSE.model_copy(update={"client_uid": first.id}))
    before = await _expense(billingo, made.id)
    await billingo.expenses.update(made.id, before.edit(name="Toll"))
    assert _told(await _expense(billingo, made.id)) == {**_told(before), "name": "Toll"}
    await billingo.expenses.update(made.id, before.edit(client_uid=other.id))
    after = await _expense(billingo, made.id)
    assert (after.client_uid, after.client.name) == (other.id, "Másik Kft.")
