"""Reading forgives: what API v3 sends, or may send one day, never breaks a read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter
from samples import models_of

from billingo_async.fields.reading import ReadModel, read_json
from billingo_async.v3 import models
from billingo_async.v3.models import Document, DocumentType, Organization, Partner, ReminderEvent, SentEmailStatus


def read(model: type[ReadModel], body: str) -> ReadModel:
    """What stands in an answer, as the model reads it."""
    return read_json(TypeAdapter(model), body.encode())


@pytest.mark.parametrize("model", models_of(models, ReadModel), ids=lambda model: model.__name__)
def test_every_null_is_survived(model: type[ReadModel]) -> None:
    """Nulls come where the specification allows none: no field breaks on one, but a rate, which has to be there."""
    names = [name for name, field in model.model_fields.items() if not (field.is_required() and "rate" in name)]
    given = dict.fromkeys(names)
    if model is models.ConversionRate:
        given["conversation_rate"] = 1
    assert all(getattr(model.model_validate(given), name) in {None, 0} for name in names)


def test_every_enum_is_open() -> None:
    """An unknown value is kept as text, and the rest of the document is read as ever."""
    document = Document.model_validate_json(
        '{"id":1,"type":"hologram","payment_method":"krypto","currency":"XQQ","language":"la","items":[{"vat":"28%"}],'
        '"online_szamla_status":"not unique","settings":{"round":"hundred"},"gross_total":25400}'
    )
    assert (document.type, document.payment_method, document.currency) == ("hologram", "krypto", "XQQ")
    assert document.items is not None
    assert document.items[0].vat == "28%"
    assert document.settings is not None
    assert document.settings.round == "hundred"
    assert document.online_szamla_status is models.OnlineSzamlaStatusEnum.NOT_UNIQUE
    assert document.gross_total == 25400


def test_amounts_are_exact_and_unknown_fields_keep_every_digit() -> None:
    """A number longer than a float keeps its digits, in a field and beside the fields."""
    document = read(
        Document,
        '{"id":1,"gross_total":12345678901234567.89,"conversion_rate":395.12,"fee":0.10000000000000000005,'
        '"items":[{"quantity":0.3333333333333333333}]}',
    )
    assert isinstance(document, Document)
    assert document.gross_total == Decimal("12345678901234567.89")
    assert document.conversion_rate == Decimal("395.12")
    assert document.items is not None
    assert document.items[0].quantity == Decimal("0.3333333333333333333")
    assert document.model_extra == {"fee": Decimal("0.10000000000000000005")}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('["a@b.example"]', ("a@b.example",)),
        ('"a@b.example"', ("a@b.example",)),
        ('{"0":"a@b.example"}', ("a@b.example",)),
        ("[]", ()),
        ("null", None),
        ("7", None),
    ],
)
def test_a_list_of_texts_is_read_from_whatever_is_one(body: str, expected: object) -> None:
    """PHP's spellings of a list, and one text alone, are the list that is meant."""
    assert Partner.model_validate_json(f'{{"emails":{body}}}').emails == expected


def test_an_empty_array_for_an_object_is_none() -> None:
    """PHP writes an empty object as an array."""
    partner = Partner.model_validate_json('{"id":7,"address":[],"giro_settings":[],"custom_billing_settings":[]}')
    assert (partner.address, partner.giro_settings, partner.custom_billing_settings) == (None, None, None)


def test_the_status_of_a_reminder_is_a_mails_or_a_letters() -> None:
    """A mail's status is an object with its moment, a letter's is one word; another word is kept."""
    mailed = ReminderEvent.model_validate_json('{"status":{"status":"opened","date":"2026-03-12T08:15:00+01:00"}}')
    assert isinstance(mailed.status, SentEmailStatus)
    assert mailed.status.date == datetime(2026, 3, 12, 7, 15, tzinfo=UTC)
    assert ReminderEvent(status="Posted").status is models.ConsignmentStatus.POSTED
    assert ReminderEvent(status="Lost").status == "Lost"


def test_new_features_of_a_subscription_are_kept_as_text() -> None:
    """The list of features grows with every plan."""
    body = '{"tax_code":"87654321-2-42","subscription":{"expiration_date":"2026-12-31","features":["master","flying"]}}'
    subscription = Organization.model_validate_json(body).subscription
    assert subscription is not None
    assert subscription.features == (models.Feature.MASTER, "flying")
    assert subscription.expiration_date == date(2026, 12, 31)


def test_a_document_shows_what_is_harmless_in_a_log() -> None:
    """Number, sum and state are shown; names, addresses and comments are not."""
    document = Document.model_validate_json(
        '{"id":1,"invoice_number":"PLD / 2026-000001","type":"invoice","gross_total":1,"comment":"secret",'
        '"document_partner":{"name":"Minta Magda"}}'
    )
    assert document.type is DocumentType.INVOICE
    assert "secret" not in repr(document)
    assert "Minta" not in str(document)
    assert "PLD / 2026-000001" in repr(document)
