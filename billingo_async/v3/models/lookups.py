"""What can only be looked up: the account, tax numbers, old ids, the tax office's word on a document, reminders."""

from typing import Annotated, ClassVar

from billingo_async.fields.lenient import (
    FORGIVEN,
    LEFT_TO_RIGHT,
    Day,
    Flag,
    Listed,
    Moment,
    Nested,
    NestedRows,
    OpenText,
    Text,
    Whole,
)
from billingo_async.fields.reading import ReadModel
from billingo_async.v3.models.codes import (
    CheckTaxNumberMessage,
    ConsignmentStatus,
    EmailType,
    Feature,
    SentEmailStatusType,
)


class Subscription(ReadModel):
    """What the account has booked. Source: specification, Subscription."""

    shown: ClassVar[tuple[str, ...]] = ("expiration_date",)

    expiration_date: Day = None
    """The last day of it."""

    features: Listed[OpenText[Feature]] = None
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

    result: OpenText[CheckTaxNumberMessage] = None
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

    status: OpenText[SentEmailStatusType] = None
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

    type: OpenText[EmailType] = None
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

    status: Annotated[SentEmailStatus | ConsignmentStatus | str | None, LEFT_TO_RIGHT, FORGIVEN] = None
    """What became of the e-mail, or of the letter."""
