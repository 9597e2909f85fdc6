"""Every documented sample of API v3: read without loss, value by value, and written exactly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from samples import assert_read_without_loss, assert_written_exactly, is_rows

from billingo_async.fields.exact import exact_json, is_object
from billingo_async.v3 import models

if TYPE_CHECKING:
    from pathlib import Path

    from billingo_async.fields.reading import ReadModel
    from billingo_async.fields.writing import WrittenModel

READ_BY: dict[type[ReadModel], str] = {
    models.BankAccount: "bank-accounts.create bank-accounts.list",
    models.ConversionRate: "currencies.get",
    models.DocumentBlock: "document-blocks.list",
    models.ExportState: "document-export.poll document-export.poll.pending",
    models.Document: (
        "documents.cancel documents.copy documents.create documents.create-from-proforma "
        "documents.create-modification-document documents.draft.create documents.draft.finalise "
        "documents.get.cancelled documents.get.paid documents.list documents.proforma.create documents.receipt.create"
    ),
    models.OnlineSzamlaStatus: "documents.online-szamla",
    models.DocumentPayment: "documents.payments documents.payments.delete",
    models.Organization: "organization.get",
    models.Partner: "partners.create partners.guess partners.list partners.update",
    models.Product: "products.create products.list",
    models.Spending: "spendings.create spendings.get spendings.list",
    models.TaxNumberCheck: "utils.check-tax-number.invalid utils.check-tax-number.valid",
    models.ConvertedId: "utils.convert-legacy-id",
}
READ = {name: model for model, names in READ_BY.items() for name in names.split()}
WRITTEN_BY: dict[type[WrittenModel], str] = {
    models.NewBankAccount: "bank-accounts.create",
    models.NewDocumentBlock: "document-blocks.create",
    models.NewExport: "document-export.create",
    models.NewDocument: (
        "documents.create documents.create.eur documents.create.minimal documents.create.product-line "
        "documents.draft.create documents.draft.finalise"
    ),
    models.InvoiceSettings: "documents.create-from-proforma",
    models.NewModification: "documents.create-modification-document",
    models.NewReceipt: "documents.receipt.create",
    models.NewPartner: "partners.create partners.create.person partners.guess partners.update",
    models.NewProduct: "products.create",
    models.NewSpending: "spendings.create",
}
WRITTEN = {name: model for model, names in WRITTEN_BY.items() for name in names.split()}

BY_ITS_OPERATION = frozenset(
    {
        "document-export.create", "documents.create.422", "documents.download.202", "documents.draft.finalise.422",
        "documents.online-szamla.missing", "documents.public-url", "documents.reminders", "documents.send",
        "documents.vendor.404", "inventory.product.quantity", "partners.create.422", "utils.time",
    }
)  # fmt: skip
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
    """Every value and null of a documented answer is found again in the model, in its own type, on both roads alike."""
    for raw in rows_of(json.loads(body_of(shared, f"{name}.response"))):
        assert_read_without_loss(READ[name], raw)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_sample_request_is_written_exactly(shared: Path, name: str) -> None:
    """A documented request comes out as it is documented: the same values in the same JSON types."""
    sample = exact_json(body_of(shared, f"{name}.request"))
    assert_written_exactly(WRITTEN[name].model_validate(sample).to_payload(), sample)


@pytest.mark.parametrize("name", ["documents.payments.put", "documents.payments.put.eur"])
def test_sample_payments_are_written_exactly(shared: Path, name: str) -> None:
    """A payment serves both ways: constructed by the caller, it says what the sample says."""
    sample = exact_json(body_of(shared, f"{name}.request"))
    assert_written_exactly([models.DocumentPayment(**payment).to_payload() for payment in sample], sample)


def test_every_name_of_the_specification_is_a_value(shared: Path) -> None:
    """Each enum of the specification has every value of it, and no other."""
    schemas = json.loads((shared / "v3" / "openapi.json").read_bytes())["components"]["schemas"]
    values = {name: schema["enum"] for name, schema in schemas.items() if "enum" in schema}
    assert len(values) == 41
    for name, expected in values.items():
        assert {member.value for member in getattr(models, name)} == set(expected), name


UNREAD = {
    "DocumentBlockSchema": {"id", "custom_field1", "custom_field2", "template_id", "pic_path", "generated"}
    | {"normal_notification_id", "proforma_notification_id"}
}
"""Fields that only the server writes, in a schema that is only written."""


OTHERWISE_NAMED = {
    "Address": "PartnerAddress", "DocumentInsert": "NewDocument", "DocumentProductData": "NewDocumentItem",
    "DocumentItemData": "NewDocumentProduct", "ReceiptInsert": "NewReceipt", "ReceiptProductData": "NewReceiptItem",
    "ReceiptItemData": "NewReceiptProduct", "ModificationDocumentInsert": "NewModification",
    "PaymentHistory": "DocumentPayment", "DocumentBlockSchema": "NewDocumentBlock", "SpendingSave": "NewSpending",
    "CreateDocumentExport": "NewExport", "OrganizationData": "Organization", "TaxNumberCheckResponse": "TaxNumberCheck",
}  # fmt: skip
"""Models that have another name than their schema."""
NAMED_ALIKE = (
    "BankAccount Document DocumentItem DocumentSettings DocumentPartner DocumentOrganization InvoiceSettings Partner "
    "PartnerCustomBillingSettings Product DocumentBlock DocumentExportFilterExtra SpendingItem SpendingPartner "
    "TaxpayerAddress"
)


@pytest.mark.parametrize("schema", [*OTHERWISE_NAMED, *NAMED_ALIKE.split()])
def test_a_model_has_the_fields_of_its_schema(shared: Path, schema: str) -> None:
    """No documented field is missing, and none is made up."""
    schemas = json.loads((shared / "v3" / "openapi.json").read_bytes())["components"]["schemas"]
    documented = schemas[schema]["properties"].keys()
    model: type[ReadModel | WrittenModel] = getattr(models, OTHERWISE_NAMED.get(schema, schema))
    assert model.model_fields.keys() == documented - UNREAD.get(schema, set())


WRITTEN_SCHEMAS = {"Partner": "NewPartner", "Product": "NewProduct", "BankAccount": "NewBankAccount"} | {
    schema: name for schema, name in OTHERWISE_NAMED.items() if name.startswith("New")
}


@pytest.mark.parametrize("schema", WRITTEN_SCHEMAS)
def test_none_is_null_where_the_specification_takes_it(shared: Path, schema: str) -> None:
    """And means "left out" everywhere else, where the server refuses null."""
    schemas = json.loads((shared / "v3" / "openapi.json").read_bytes())["components"]["schemas"]
    properties = schemas[schema]["properties"]
    model: type[WrittenModel] = getattr(models, WRITTEN_SCHEMAS[schema])
    assert model.nullable == {name for name in model.model_fields if properties[name].get("nullable")}
