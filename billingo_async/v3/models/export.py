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
    """The job's id, a text."""

    state: OpenText[DocumentExportStatusState] = None
    """Where the job stands."""

    message: Text = None
    """What the server says of it."""


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
    """For Tensoft."""

    ledger_number: LedgerNumberInformation | None = None
    """Numbers of the ledger."""

    forintsoft_konyvelesi_naplo_szam: WrittenText | None = None
    """For Forintsoft."""

    positive_ledger_number: WrittenText | None = None
    """The ledger number of sums above 0."""

    negative_ledger_number: WrittenText | None = None
    """The ledger number of sums below 0."""

    rlb_kata: WrittenFlag | None = None
    """For RLB."""

    rlb_note: WrittenText | None = None
    """For RLB."""

    novitax_naplokod: WrittenText | None = None
    """For Novitax."""

    use_gross_values: WrittenFlag | None = None
    """Whether sums are gross."""


class NewExport(WrittenModel):
    """An export to be made: of which days, for which program. Source: specification, CreateDocumentExport."""

    shown: ClassVar[tuple[str, ...]] = ("export_type", "query_type", "start_date", "end_date")

    query_type: Choice[DocumentExportQueryType]
    """Which day of a document counts."""

    start_date: WrittenDay
    """The first day."""

    end_date: WrittenDay
    """The last day."""

    export_type: Choice[DocumentExportType]
    """The format."""

    document_block_id: Id | None = None
    """The id of a document block."""

    number_start_year: Number | None = None
    """The year of the first number."""

    number_start_sequence: Number | None = None
    """The first number."""

    number_end_year: Number | None = None
    """The year of the last number."""

    number_end_sequence: Number | None = None
    """The last number."""

    payment_method: Choice[PaymentMethod] | None = None
    """How it is to be paid, or was."""

    sort_by: Choice[DocumentExportSortBy] | None = None
    """How it is sorted."""

    other_options: Choice[DocumentExportOtherOptions] | None = None
    """Which documents it holds."""

    filter_extra: DocumentExportFilterExtra | None = None
    """What single formats need beside."""

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.start_date > self.end_date:
            raise ValueError("start_date is after end_date: no day lies between; swap them")
        return self
