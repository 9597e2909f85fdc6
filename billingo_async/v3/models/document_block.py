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
    """The id."""

    name: Text = None
    """The name."""

    prefix: Text = None
    """What its numbers begin with."""

    custom_field1: Text = None
    """A text of the account's own."""

    custom_field2: Text = None
    """A text of the account's own."""

    type: OpenText[DocumentBlockType] = None
    """What kind it is."""


class NewDocumentBlock(WrittenModel):
    """A range of numbers to be opened. Source: specification, DocumentBlockSchema."""

    shown: ClassVar[tuple[str, ...]] = ("type", "prefix")

    name: Filled
    """The name."""

    prefix: Filled
    """What its numbers begin with."""

    type: Choice[DocumentBlockType]
    """What kind it is."""

    invoice_number_format: Choice[InvoiceNumberFormat] | None = None
    """How numbers are written."""

    sender_email: WrittenText | None = None
    """The sender of its e-mails."""

    sender_name: WrittenText | None = None
    """The sender's name."""

    bcc_email: WrittenText | None = None
    """Who gets a copy of its e-mails."""

    create_invoice_from_paid_proforma: WrittenFlag | None = None
    """With it, `documents.set_payments` on a proforma may issue an invoice. Source: specification; not seen."""

    fulfillment_date_from_proforma_payment_date: WrittenFlag | None = None
    """Whether that invoice is dated by the payment."""

    attach_xml_to_invoice_pdf: WrittenFlag | None = None
    """Whether the PDF holds the data as XML."""

    advance_paid_instant: WrittenFlag | None = None
    """Whether an advance counts as paid when it is made."""

    financial_fulfillment_highlight: Choice[FinancialFulfillmentHighlight] | None = None
    """How a paid document is marked."""

    entitlements_in_document_comment: WrittenFlag | None = None
    """Whether the reason for no VAT stands in the comment."""

    bank_account_id: Id | None = None
    """The id of the bank account that the money goes to; left out, the account's default."""
