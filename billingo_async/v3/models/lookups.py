"""What can only be looked up or ordered: the account, rates, tax numbers, old ids, reminders, exports."""

from decimal import Decimal
from typing import ClassVar, Self

from pydantic import model_validator

from billingo_async.fields.lenient import Day, Exact, Flag, Listed, Moment, Nested, NestedRows, OpenText, Text, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Choice, Id, Number, WrittenDay, WrittenFlag, WrittenText
from billingo_async.fields.writing import WrittenModel
from billingo_async.v3.models import enums


class Subscription(ReadModel):
    """What the account has booked. Source: specification, Subscription."""

    shown: ClassVar[tuple[str, ...]] = ("expiration_date",)

    expiration_date: Day = None
    """The last day of it."""

    features: Listed[OpenText[enums.Feature]] = None
    """What it includes."""


class Organization(ReadModel):
    """Whose account this is; the API tells neither name nor address. Source: specification, OrganizationData."""

    shown: ClassVar[tuple[str, ...]] = ("subscription",)

    tax_code: Text = None
    """The tax number."""

    subscription: Nested[Subscription] = None
    """What is subscribed to."""

    has_nav_connection: Flag = None
    """Whether documents are reported to the tax office; False on a test profile. Source: seen."""


class TaxpayerAddress(ReadModel):
    """One of the addresses that the tax office knows. Source: specification, TaxpayerAddress."""

    shown: ClassVar[tuple[str, ...]] = ("type",)

    type: Text = None
    """``HQ``, ``SITE`` or ``BRANCH``."""

    country_code: Text = None
    """ISO 3166, two letters."""

    region: Text = None
    """ISO 3166-2."""

    postal_code: Text = None
    """The postcode."""

    city: Text = None
    """The town."""

    street_name: Text = None
    """The street."""

    public_place_category: Text = None
    """Such as ``utca``."""

    number: Text = None
    """The house."""

    building: Text = None
    """The building."""

    staircase: Text = None
    """The staircase."""

    floor: Text = None
    """The floor."""

    door: Text = None
    """The door."""

    lot_number: Text = None
    """The lot number."""


class TaxNumberCheck(ReadModel):
    """What the tax office says of a tax number; names and addresses of a valid one alone.

    Source: specification, TaxNumberCheckResponse and TaxNumberCheckInvalidResponse.
    """

    shown: ClassVar[tuple[str, ...]] = ("result",)

    tax_number: Text = None
    """The tax number."""

    result: OpenText[enums.CheckTaxNumberMessage] = None
    """What the tax office says."""

    taxpayer_name: Text = None
    """The taxpayer's name."""

    taxpayer_short_name: Text = None
    """The taxpayer's short name."""

    addresses: NestedRows[TaxpayerAddress] = None
    """The taxpayer's addresses."""


class ConvertedId(ReadModel):
    """The id in API v3 of what API v2 knows by another. Source: specification, Id."""

    shown: ClassVar[tuple[str, ...]] = ("id", "legacy_id")

    id: Whole = None
    """The id."""

    legacy_id: Whole = None
    """The id that API v2 knows."""


class OnlineSzamlaStatusMessage(ReadModel):
    """A remark of the tax office's. Source: specification, OnlineSzamlaStatusMessage."""

    shown: ClassVar[tuple[str, ...]] = ("validation_result_code", "validation_error_code")

    validation_result_code: Text = None
    """How grave it is."""

    validation_error_code: Text = None
    """What it is about."""

    human_readable_message: Text = None
    """In words."""


class OnlineSzamlaStatus(ReadModel):
    """What the tax office says of a document; `status` is free text. Source: specification, OnlineSzamlaStatus."""

    shown: ClassVar[tuple[str, ...]] = ("transaction_id", "status")

    transaction_id: Text = None
    """The report's id at the tax office."""

    status: Text = None
    """Where it stands, as the tax office words it."""

    messages: NestedRows[OnlineSzamlaStatusMessage] = None
    """What the tax office says of it."""


class SentEmailStatus(ReadModel):
    """What became of an e-mail, and when. Source: specification, SentEmailStatus."""

    shown: ClassVar[tuple[str, ...]] = ("status", "date")

    status: OpenText[enums.SentEmailStatusType] = None
    """Where it stands."""

    date: Moment = None
    """When it came to stand there."""


class ReminderEvent(ReadModel):
    """A reminder of a document: mailed, to be mailed, or sent by post.

    Source: specification, DocumentReminderEventList, whose three lists are one here.
    """

    shown: ClassVar[tuple[str, ...]] = ("kind", "send_at", "type")

    kind: Text = None
    """The list that it came from: ``sent_reminders``, ``upcoming_reminders`` or ``sent_postal_mail``."""

    send_at: Day = None
    """The day on which it is sent, or was."""

    type: OpenText[enums.EmailType] = None
    """What the e-mail is about."""

    delivery_at: Day = None
    """The day on which it was delivered."""

    open_at: Day = None
    """The day on which it was opened."""

    subject: Text = None
    """The subject of the e-mail."""

    recipients: Listed[Text] = None
    """To whom it was mailed."""

    emails: Listed[Text] = None
    """To whom it will be mailed."""

    status: OpenText[SentEmailStatus | enums.ConsignmentStatus] = None
    """What became of the e-mail, or of the letter."""


class ConversionRate(ReadModel):
    """The rate between two currencies on a day. Source: specification, ConversationRate, which is spelled so."""

    shown: ClassVar[tuple[str, ...]] = ("from_currency", "to_currency", "conversation_rate", "date")

    from_currency: OpenText[enums.Currency] = None
    """ISO 4217."""

    to_currency: OpenText[enums.Currency] = None
    """ISO 4217."""

    conversation_rate: Exact
    """Units of `to_currency` for one of `from_currency`; the API spells it so."""

    date: Day = None
    """The day of the rate."""

    @property
    def conversion_rate(self) -> Decimal:
        """The rate, under the name by which documents take it."""
        return self.conversation_rate


class ExportState(ReadModel):
    """How far an export has come. Source: specification, DocumentExportStatus."""

    shown: ClassVar[tuple[str, ...]] = ("id", "state")

    id: Text = None
    """The job's id, a text."""

    state: OpenText[enums.DocumentExportStatusState] = None
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

    query_type: Choice[enums.DocumentExportQueryType]
    """Which day of a document counts."""

    start_date: WrittenDay
    """The first day."""

    end_date: WrittenDay
    """The last day."""

    export_type: Choice[enums.DocumentExportType]
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

    payment_method: Choice[enums.PaymentMethod] | None = None
    """How it is to be paid, or was."""

    sort_by: Choice[enums.DocumentExportSortBy] | None = None
    """How it is sorted."""

    other_options: Choice[enums.DocumentExportOtherOptions] | None = None
    """Which documents it holds."""

    filter_extra: DocumentExportFilterExtra | None = None
    """What single formats need beside."""

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.start_date > self.end_date:
            raise ValueError("start_date is after end_date: no day lies between; swap them")
        return self
