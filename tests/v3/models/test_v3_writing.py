"""Writing refuses: what cannot be sent faithfully is an error before anything is sent, with the remedy."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from billingo_async.v3 import models

if TYPE_CHECKING:
    from collections.abc import Callable

LINE: dict[str, Any] = {
    "name": "Tanácsadás", "unit_price": 10000, "unit_price_type": models.UnitPriceType.NET, "quantity": 2,
    "unit": "óra", "vat": models.Vat.PERCENT_27,
}  # fmt: skip
DOCUMENT: dict[str, Any] = {
    "partner_id": 1800000001, "block_id": 180001, "type": models.DocumentType.INVOICE,
    "fulfillment_date": date(2026, 3, 2), "due_date": date(2026, 3, 10),
    "payment_method": models.PaymentMethod.WIRE_TRANSFER, "items": [models.NewDocumentItem(**LINE)],
}  # fmt: skip
ADDRESS: dict[str, Any] = {"country_code": "HU", "post_code": "9999", "city": "Mintaváros", "address": "Példa utca 1."}
PAYMENT: dict[str, Any] = {"date": date(2026, 3, 5), "price": 25400, "payment_method": "cash"}
PRODUCT: dict[str, Any] = {"name": "A", "currency": "HUF", "vat": "27%", "unit": "db"}
RECEIPT: dict[str, Any] = {
    "block_id": 180002,
    "payment_method": "cash",
    "items": [models.NewReceiptItem(name="Belépő", unit_price=1000, vat="27%")],
}
EXPORT: dict[str, Any] = {"query_type": "invoice_date", "export_type": "simple_csv"}


def changed(given_: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The same arguments with some of them changed."""
    return given_ | fields


def test_a_minimal_document_says_what_the_api_requires() -> None:
    """Language and currency are said although the caller left them at their defaults."""
    line = {"name": "Tanácsadás", "unit_price": 10000, "unit_price_type": "net", "quantity": 2, "unit": "óra"}
    assert models.NewDocument(**DOCUMENT).to_payload() == {
        "partner_id": 1800000001,
        "block_id": 180001,
        "type": "invoice",
        "fulfillment_date": "2026-03-02",
        "due_date": "2026-03-10",
        "payment_method": "wire_transfer",
        "language": "hu",
        "currency": "HUF",
        "items": [{**line, "vat": "27%"}],
    }


def test_an_explicit_none_is_left_out() -> None:
    """The server refuses null, but where it is documented: there it is said."""
    silent = models.NewDocument(**DOCUMENT, comment=None, vendor_id=None, discount=None)
    assert silent.to_payload() == models.NewDocument(**DOCUMENT).to_payload()
    partner = models.NewPartner(
        name="A", address=models.PartnerAddress(**ADDRESS), phone=None, internal_comment=None
    ).to_payload()
    assert "phone" not in partner
    assert partner["internal_comment"] is None


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("net_unit_amount", "write unit_price and unit_price_type"),
        ("net_unit_price", "write unit_price and unit_price_type"),
        ("gross_amount", "the server reckons it"),
        ("qty", "write quantity"),
        ("vat_id", "27%"),
        ("unit_prize", "did you mean 'unit_price'"),
    ],
)
def test_a_line_refuses_the_names_of_reading_and_of_v2(name: str, remedy: str) -> None:
    """A line that was read cannot be written as it is, and the error says under which name it can."""
    with pytest.raises(ValidationError, match=remedy):
        models.NewDocumentItem(**changed(LINE, **{name: 1}))


@pytest.mark.parametrize(("model", "arguments"), [(models.NewDocument, DOCUMENT), (models.NewReceipt, RECEIPT)])
@pytest.mark.parametrize("kind", ["invoice", "draft", "proforma"])
def test_a_currency_without_its_rate_is_refused_with_the_remedy(
    model: Callable[..., models.NewDocument], arguments: dict[str, Any], kind: str
) -> None:
    """The server refuses it for every kind of document, and a rate of 1 by default would be wrong in law."""
    given = {**arguments, "type": kind, "currency": "EUR"}
    with pytest.raises(ValidationError, match=r"await billingo.currencies.rate\(\"EUR\""):
        model(**given)
    assert model(**given, conversion_rate=Decimal("395.12")).to_payload()["conversion_rate"] == Decimal("395.12")
    assert "conversion_rate" not in model(**arguments).to_payload()


def test_a_copy_in_another_currency_needs_the_rate_of_that_currency() -> None:
    """A copy is checked as the constructor checks: the old rate does not pass for the new currency's."""
    in_euro = models.NewDocument(**DOCUMENT, currency="EUR", conversion_rate=Decimal("395.12"))
    with pytest.raises(ValidationError, match="USD needs conversion_rate"):
        in_euro.model_copy(update={"currency": "USD"})


@pytest.mark.parametrize("slip", [1.5, "100", True, Decimal("NaN"), Decimal("1e99")])
def test_no_number_that_lost_its_digits_is_written(slip: object) -> None:
    """A float, a text, a flag, no number and a number beyond all amounts are refused wherever an amount stands."""
    writers: list[tuple[Callable[..., object], dict[str, Any]]] = [
        (models.NewDocumentItem, changed(LINE, unit_price=slip)),
        (models.NewDocumentProduct, {"product_id": 1, "quantity": slip}),
        (models.Discount, {"value": slip}),
        (models.DocumentPayment, changed(PAYMENT, price=slip)),
        (models.NewProduct, changed(PRODUCT, net_unit_price=slip)),
    ]
    for model, arguments in writers:
        with pytest.raises(ValueError, match=r"exact number|finite|digits"):
            model(**arguments)


@pytest.mark.parametrize(
    ("model", "arguments", "message"),
    [
        (models.NewDocument, changed(DOCUMENT, items=[]), "must not be empty"),
        (models.NewDocument, changed(DOCUMENT, items="abc"), "must be a list"),
        (models.NewDocument, changed(DOCUMENT, partner_id=0), "positive id"),
        (models.NewDocument, changed(DOCUMENT, due_date=datetime(2026, 3, 1, 12, tzinfo=UTC)), "must be a date"),
        (models.NewDocument, changed(DOCUMENT, type=3), "must be text, not int"),
        (models.NewDocument, changed(DOCUMENT, vendor_id=" "), "vendor_id\n.*must not be empty"),
        (models.NewDocument, changed(DOCUMENT, invoice_date="2026-03-02"), "the server dates"),
        (models.NewDocument, changed(DOCUMENT, settings={"order_nr": "1"}), "did you mean 'order_number'"),
        (models.NewDocument, changed(DOCUMENT, settings={"should_send_email": "soon"}), "should_send_email"),
        (models.PartnerAddress, changed(ADDRESS, city=" "), "city must not be empty"),
        (models.NewPartner, {"name": "A", "address": changed(ADDRESS, street="x")}, "no field 'street'"),
        (models.NewPartner, {"name": "A", "address": ADDRESS, "billing_address": {}}, "in one line"),
        (models.PartnerShipping, {"address": {"city": "A"}}, "PartnerAddress.country_code must not be empty"),
        (models.DocumentPayment, {"price": 1, "payment_method": "cash"}, "date must not be empty"),
        (models.DocumentPayment, changed(PAYMENT, conversion_rate=0), "more than 0"),
        (models.NewProduct, changed(PRODUCT, net_unit_price=1, gross_unit_price=2), "not both"),
        (models.NewExport, changed(EXPORT, start_date=date(2026, 3, 2), end_date=date(2026, 3, 1)), "swap them"),
    ],
)
def test_a_slip_is_told_at_its_place(model: Callable[..., object], arguments: dict[str, Any], message: str) -> None:
    """What the server would refuse, or take for something else, is refused before it is sent."""
    with pytest.raises(ValueError, match=message):
        model(**arguments)


@pytest.mark.parametrize(
    ("model", "arguments", "name"),
    [
        (models.NewDocument, changed(DOCUMENT, payment_method="krypto"), "payment_method"),
        (models.PartnerAddress, changed(ADDRESS, country_code="XQ"), "country_code"),
        (models.DocumentSettings, {"round": "hundred"}, "round"),
        (models.NewDocumentItem, changed(LINE, vat="28%"), "vat"),
    ],
)
def test_a_value_that_the_specification_does_not_know_is_sent_with_a_warning(
    model: Callable[..., Any], arguments: dict[str, Any], name: str
) -> None:
    """Enums grow: the text goes out as it is, and the warning points at the code that wrote it."""
    with pytest.warns(UserWarning, match=f"'{arguments[name]}' is no .* of the specification") as caught:
        assert model(**arguments).to_payload()[name] == arguments[name]
    assert caught[0].filename == __file__


def test_what_the_server_sent_is_handed_back_without_a_warning() -> None:
    """An unknown value that was read is the server's own word."""
    settings = models.DocumentSettings.model_validate_json('{"round":"hundred","place_id":null}')
    assert models.NewDocument(**DOCUMENT, settings=settings).to_payload()["settings"] == {"round": "hundred"}


def test_a_known_text_is_the_member_and_a_member_of_a_wider_enum_will_do() -> None:
    """`DocumentType` is wider than what can be made: its invoice is the invoice."""
    document = models.NewDocument(**DOCUMENT, settings=models.DocumentSettings(round=models.Round.FIVE))
    assert document.type == models.DocumentType.INVOICE
    assert document.model_copy(update={"type": "draft"}).type == models.DocumentType.DRAFT
    assert document.to_payload()["settings"] == {"round": "five"}


def test_nothing_personal_is_shown() -> None:
    """Neither a model nor an error about one shows a name, an address or a comment."""
    shown = repr(
        models.NewPartner(name="Minta Magda", address=models.PartnerAddress(**ADDRESS), emails=("magda@vevo.example",))
    )
    assert shown == "NewPartner()"
    with pytest.raises(ValidationError) as caught:
        models.NewPartner(**changed({"name": "Minta Magda"}, address=changed(ADDRESS, city=""), phone=36301234567))
    assert "Minta Magda" not in str(caught.value)
    assert "36301234567" not in str(caught.value)
