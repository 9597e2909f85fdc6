"""Exports for bookkeepers: what is ordered, and how far it has come."""

from typing import ClassVar, Self

from pydantic import model_validator

from billingo_async.fields.lenient import OpenText, Text
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Choice, Id, Number, WrittenDay, WrittenFlag, WrittenText
from billingo_async.fields.writing import WrittenModel
from billingo_async.v3.models.codes import (
    DocumentExportOtherOptions,
    DocumentExportQueryType,
    DocumentExportSortBy,
    DocumentExportStatusState,
    DocumentExportType,
)
from billingo_async.v3.models.enums import PaymentMethod


class ExportState(ReadModel):
    """How far an export has come. Source: specification, DocumentExportStatus."""

    shown: ClassVar[tuple[str, ...]] = ("id", "state")

    id: Text = None
    state: OpenText[DocumentExportStatusState] = None
    message: Text = None


class LedgerNumberInformation(WrittenModel):
    """Ledger numbers that some bookkeeping programs want. Source: specification, LedgerNumberInformation."""

    bevetel: WrittenText | None = None
    """Revenue."""

    vevo: WrittenText | None = None
    """The customer."""

    penztar: WrittenText | None = None
    """Cash."""

    afa: WrittenText | None = None
    """VAT."""


class DocumentExportFilterExtra(WrittenModel):
    """What single bookkeeping programs want besides. Source: specification, DocumentExportFilterExtra."""

    tensoft_vkod: WrittenText | None = None
    ledger_number: LedgerNumberInformation | None = None
    forintsoft_konyvelesi_naplo_szam: WrittenText | None = None
    positive_ledger_number: WrittenText | None = None
    negative_ledger_number: WrittenText | None = None
    rlb_kata: WrittenFlag | None = None
    rlb_note: WrittenText | None = None
    novitax_naplokod: WrittenText | None = None
    use_gross_values: WrittenFlag | None = None


class NewExport(WrittenModel):
    """An export to be made: of which days, for which program. Source: specification, CreateDocumentExport."""

    shown: ClassVar[tuple[str, ...]] = ("export_type", "query_type", "start_date", "end_date")

    query_type: Choice[DocumentExportQueryType]
    """Which day of a document counts."""

    start_date: WrittenDay
    end_date: WrittenDay
    export_type: Choice[DocumentExportType]
    document_block_id: Id | None = None
    number_start_year: Number | None = None
    number_start_sequence: Number | None = None
    number_end_year: Number | None = None
    number_end_sequence: Number | None = None
    payment_method: Choice[PaymentMethod] | None = None
    sort_by: Choice[DocumentExportSortBy] | None = None
    other_options: Choice[DocumentExportOtherOptions] | None = None
    filter_extra: DocumentExportFilterExtra | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.start_date > self.end_date:
            raise ValueError("start_date is after end_date: no day lies between; swap them")
        return self
