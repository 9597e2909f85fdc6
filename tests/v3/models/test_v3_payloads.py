"""Every documented sample of API v3: read without loss, value by value, and written exactly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter
from samples import assert_all_told, is_rows, types

from billingo_async.fields.exact import exact_json, is_object, to_json
from billingo_async.fields.reading import read_json
from billingo_async.v3 import models

if TYPE_CHECKING:
    from pathlib import Path

    from billingo_async.fields.reading import ReadModel
    from billingo_async.fields.writing import WrittenModel

READ: dict[str, type[ReadModel]] = {
    "bank-accounts.create": models.BankAccount,
    "bank-accounts.list": models.BankAccount,
    "currencies.get": models.ConversionRate,
    "document-blocks.list": models.DocumentBlock,
    "document-export.poll": models.ExportState,
    "document-export.poll.pending": models.ExportState,
    "documents.cancel": models.Document,
    "documents.copy": models.Document,
    "documents.create": models.Document,
    "documents.create-from-proforma": models.Document,
    "documents.create-modification-document": models.Document,
    "documents.draft.create": models.Document,
    "documents.draft.finalise": models.Document,
    "documents.get.cancelled": models.Document,
    "documents.get.paid": models.Document,
    "documents.list": models.Document,
    "documents.online-szamla": models.OnlineSzamlaStatus,
    "documents.payments": models.DocumentPayment,
    "documents.payments.delete": models.DocumentPayment,
    "documents.proforma.create": models.Document,
    "documents.receipt.create": models.Document,
    "organization.get": models.Organization,
    "partners.create": models.Partner,
    "partners.guess": models.Partner,
    "partners.list": models.Partner,
    "partners.update": models.Partner,
    "products.create": models.Product,
    "products.list": models.Product,
    "spendings.create": models.Spending,
    "spendings.get": models.Spending,
    "spendings.list": models.Spending,
    "utils.check-tax-number.invalid": models.TaxNumberCheck,
    "utils.check-tax-number.valid": models.TaxNumberCheck,
    "utils.convert-legacy-id": models.ConvertedId,
}

WRITTEN: dict[str, type[WrittenModel]] = {
    "bank-accounts.create": models.NewBankAccount,
    "document-blocks.create": models.NewDocumentBlock,
    "document-export.create": models.NewExport,
    "documents.create": models.NewDocument,
    "documents.create-from-proforma": models.InvoiceSettings,
    "documents.create-modification-document": models.NewModification,
    "documents.create.eur": models.NewDocument,
    "documents.create.minimal": models.NewDocument,
    "documents.create.product-line": models.NewDocument,
    "documents.draft.create": models.NewDocument,
    "documents.draft.finalise": models.NewDocument,
    "documents.receipt.create": models.NewReceipt,
    "partners.create": models.NewPartner,
    "partners.create.person": models.NewPartner,
    "partners.guess": models.NewPartner,
    "partners.update": models.NewPartner,
    "products.create": models.NewProduct,
    "spendings.create": models.NewSpending,
}

BY_ITS_OPERATION = frozenset(
    {
        "document-export.create",
        "documents.create.422",
        "documents.download.202",
        "documents.draft.finalise.422",
        "documents.online-szamla.missing",
        "documents.public-url",
        "documents.reminders",
        "documents.send",
        "documents.vendor.404",
        "inventory.product.quantity",
        "partners.create.422",
        "utils.time",
    }
)
"""Answers without a model of their own: `test_v3_decoders` reads them."""

WRITTEN_BY_ITS_OPERATION = frozenset(
    {"documents.cancel", "documents.payments.put", "documents.payments.put.eur", "documents.send"}
)
"""Bodies that a method writes: `test_v3_requests` sends them, and a test below writes the payments."""


def body_of(shared: Path, name: str) -> bytes:
    """The bytes of a sample."""
    return (shared / "v3" / "payloads" / f"{name}.json").read_bytes()


def rows_of(payload: Any) -> list[Any]:
    """What stands for a model in an answer: each row of a list, or the object itself."""
    rows = payload.get("data", payload) if is_object(payload) else payload
    return list(rows) if is_rows(rows) else [rows]


def test_every_sample_is_looked_at(shared: Path) -> None:
    """No sample is left out by an oversight."""
    names = {path.name for path in (shared / "v3" / "payloads").glob("*.json")}
    read = {name.removesuffix(".response.json") for name in names if name.endswith(".response.json")}
    written = {name.removesuffix(".request.json") for name in names if name.endswith(".request.json")}
    assert read == READ.keys() | BY_ITS_OPERATION
    assert written == WRITTEN.keys() | WRITTEN_BY_ITS_OPERATION


@pytest.mark.parametrize("name", sorted(READ))
def test_a_sample_answer_is_read_without_loss(shared: Path, name: str) -> None:
    """Every value of a documented answer is found again in the model, in its own type, and so is every null."""
    for raw in rows_of(json.loads(body_of(shared, f"{name}.response"))):
        assert_all_told(read_json(TypeAdapter(READ[name]), json.dumps(raw).encode()), raw)


@pytest.mark.parametrize("name", sorted(READ))
def test_both_roads_read_a_sample_alike(shared: Path, name: str) -> None:
    """From bytes or from decoded JSON: the same model."""
    for raw in rows_of(json.loads(body_of(shared, f"{name}.response"))):
        body = json.dumps(raw).encode()
        assert read_json(TypeAdapter(READ[name]), body) == READ[name].model_validate(exact_json(body))


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_sample_request_is_written_exactly(shared: Path, name: str) -> None:
    """A documented request comes out as it is documented: the same values in the same JSON types."""
    sample = exact_json(body_of(shared, f"{name}.request"))
    written = exact_json(to_json(WRITTEN[name].model_validate(sample).to_payload()))
    assert types(written) == types(sample)
    assert written == sample


@pytest.mark.parametrize("name", ["documents.payments.put", "documents.payments.put.eur"])
def test_sample_payments_are_written_exactly(shared: Path, name: str) -> None:
    """A payment serves both ways: constructed by the caller, it says what the sample says."""
    sample = exact_json(body_of(shared, f"{name}.request"))
    written = exact_json(to_json([models.DocumentPayment(**payment).to_payload() for payment in sample]))
    assert types(written) == types(sample)
    assert written == sample


def test_every_name_of_the_specification_is_a_value(shared: Path) -> None:
    """Each enum of the specification has every value of it, and no other."""
    schemas = json.loads((shared / "v3" / "openapi.json").read_bytes())["components"]["schemas"]
    values = {name: schema["enum"] for name, schema in schemas.items() if "enum" in schema}
    assert len(values) == 41
    for name, expected in values.items():
        assert {member.value for member in getattr(models, name)} == set(expected), name


UNREAD = {
    "DocumentBlockSchema": {"id", "custom_field1", "custom_field2", "template_id", "pic_path", "generated"}
    | {"normal_notification_id", "proforma_notification_id"},
}
"""Fields that only the server writes, in a schema that is only written."""


@pytest.mark.parametrize(
    ("schema", "model"),
    [
        ("Address", models.PartnerAddress),
        ("BankAccount", models.BankAccount),
        ("Document", models.Document),
        ("DocumentItem", models.DocumentItem),
        ("DocumentSettings", models.DocumentSettings),
        ("DocumentPartner", models.DocumentPartner),
        ("DocumentOrganization", models.DocumentOrganization),
        ("DocumentInsert", models.NewDocument),
        ("DocumentProductData", models.NewDocumentItem),
        ("DocumentItemData", models.NewDocumentProduct),
        ("ReceiptInsert", models.NewReceipt),
        ("ReceiptProductData", models.NewReceiptItem),
        ("ReceiptItemData", models.NewReceiptProduct),
        ("ModificationDocumentInsert", models.NewModification),
        ("InvoiceSettings", models.InvoiceSettings),
        ("PaymentHistory", models.DocumentPayment),
        ("Partner", models.Partner),
        ("PartnerCustomBillingSettings", models.PartnerCustomBillingSettings),
        ("Product", models.Product),
        ("DocumentBlock", models.DocumentBlock),
        ("DocumentBlockSchema", models.NewDocumentBlock),
        ("CreateDocumentExport", models.NewExport),
        ("DocumentExportFilterExtra", models.DocumentExportFilterExtra),
        ("SpendingSave", models.NewSpending),
        ("SpendingItem", models.SpendingItem),
        ("SpendingPartner", models.SpendingPartner),
        ("OrganizationData", models.Organization),
        ("TaxNumberCheckResponse", models.TaxNumberCheck),
        ("TaxpayerAddress", models.TaxpayerAddress),
    ],
)
def test_a_model_has_the_fields_of_its_schema(shared: Path, schema: str, model: type[ReadModel | WrittenModel]) -> None:
    """No documented field is missing, and none is made up."""
    schemas = json.loads((shared / "v3" / "openapi.json").read_bytes())["components"]["schemas"]
    documented = schemas[schema]["properties"].keys()
    assert model.model_fields.keys() == documented - UNREAD.get(schema, set())
