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
    features: Listed[OpenText[Feature]] = None


class Organization(ReadModel):
    """Whose account this is; the API tells neither name nor address. Source: specification, OrganizationData."""

    shown: ClassVar[tuple[str, ...]] = ("subscription",)

    tax_code: Text = None
    subscription: Nested[Subscription] = None
    has_nav_connection: Flag = None
    """Whether documents are reported to the tax office; False on a test profile. Source: seen."""


class TaxpayerAddress(ReadModel):
    """One of the addresses that the tax office knows. Source: specification, TaxpayerAddress."""

    shown: ClassVar[tuple[str, ...]] = ("type",)

    type: Text = None
    """``HQ``, ``SITE`` or ``BRANCH``."""

    country_code: Text = None
    region: Text = None
    postal_code: Text = None
    city: Text = None
    street_name: Text = None
    public_place_category: Text = None
    number: Text = None
    building: Text = None
    staircase: Text = None
    floor: Text = None
    door: Text = None
    lot_number: Text = None


class TaxNumberCheck(ReadModel):
    """What the tax office says of a tax number; names and addresses of a valid one alone.

    Source: specification, TaxNumberCheckResponse and TaxNumberCheckInvalidResponse.
    """

    shown: ClassVar[tuple[str, ...]] = ("result",)

    tax_number: Text = None
    result: OpenText[CheckTaxNumberMessage] = None
    taxpayer_name: Text = None
    taxpayer_short_name: Text = None
    addresses: NestedRows[TaxpayerAddress] = None


class ConvertedId(ReadModel):
    """The id in API v3 of what API v2 knows by another. Source: specification, Id."""

    shown: ClassVar[tuple[str, ...]] = ("id", "legacy_id")

    id: Whole = None
    legacy_id: Whole = None


class OnlineSzamlaStatusMessage(ReadModel):
    """A remark of the tax office's. Source: specification, OnlineSzamlaStatusMessage."""

    shown: ClassVar[tuple[str, ...]] = ("validation_result_code", "validation_error_code")

    validation_result_code: Text = None
    validation_error_code: Text = None
    human_readable_message: Text = None


class OnlineSzamlaStatus(ReadModel):
    """What the tax office says of a document; `status` is free text. Source: specification, OnlineSzamlaStatus."""

    shown: ClassVar[tuple[str, ...]] = ("transaction_id", "status")

    transaction_id: Text = None
    status: Text = None
    messages: NestedRows[OnlineSzamlaStatusMessage] = None


class SentEmailStatus(ReadModel):
    """What became of an e-mail, and when. Source: specification, SentEmailStatus."""

    shown: ClassVar[tuple[str, ...]] = ("status", "date")

    status: OpenText[SentEmailStatusType] = None
    date: Moment = None


class ReminderEvent(ReadModel):
    """A reminder of a document: mailed, to be mailed, or sent by post.

    Source: specification, DocumentReminderEventList, whose three lists are one here.
    """

    shown: ClassVar[tuple[str, ...]] = ("kind", "send_at", "type")

    kind: Text = None
    """The list that it came from: ``sent_reminders``, ``upcoming_reminders`` or ``sent_postal_mail``."""

    send_at: Day = None
    type: OpenText[EmailType] = None
    delivery_at: Day = None
    open_at: Day = None
    subject: Text = None
    recipients: Listed[Text] = None
    """To whom it was mailed."""

    emails: Listed[Text] = None
    """To whom it will be mailed."""

    status: Annotated[SentEmailStatus | ConsignmentStatus | str | None, LEFT_TO_RIGHT, FORGIVEN] = None
    """What became of the e-mail, or of the letter."""
