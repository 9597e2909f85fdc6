"""Document blocks: ranges of numbers. They can be listed and made; the API neither changes nor deletes one."""

from typing import ClassVar

from billingo_async.fields.lenient import OpenText, Text, Uid
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Choice, Filled, Id, WrittenFlag, WrittenText
from billingo_async.fields.writing import WrittenModel
from billingo_async.v3.models.codes import FinancialFulfillmentHighlight, InvoiceNumberFormat
from billingo_async.v3.models.enums import DocumentBlockType


class DocumentBlock(ReadModel):
    """A range of numbers. Source: specification, DocumentBlock."""

    shown: ClassVar[tuple[str, ...]] = ("id", "type", "prefix")

    id: Uid = 0
    name: Text = None
    prefix: Text = None
    custom_field1: Text = None
    custom_field2: Text = None
    type: OpenText[DocumentBlockType] = None


class NewDocumentBlock(WrittenModel):
    """A range of numbers to be opened. Source: specification, DocumentBlockSchema."""

    shown: ClassVar[tuple[str, ...]] = ("type", "prefix")

    name: Filled
    prefix: Filled
    type: Choice[DocumentBlockType]
    invoice_number_format: Choice[InvoiceNumberFormat] | None = None
    sender_email: WrittenText | None = None
    sender_name: WrittenText | None = None
    bcc_email: WrittenText | None = None
    create_invoice_from_paid_proforma: WrittenFlag | None = None
    """With it, `documents.set_payments` on a proforma may issue an invoice. Source: specification; not seen."""

    fulfillment_date_from_proforma_payment_date: WrittenFlag | None = None
    attach_xml_to_invoice_pdf: WrittenFlag | None = None
    advance_paid_instant: WrittenFlag | None = None
    financial_fulfillment_highlight: Choice[FinancialFulfillmentHighlight] | None = None
    entitlements_in_document_comment: WrittenFlag | None = None
    bank_account_id: Id | None = None
