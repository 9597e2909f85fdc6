"""Recurring profiles, by which the server repeated an invoice. The vendor has withdrawn them."""

from typing import ClassVar

from billingo_async.fields.lenient import Day, Flag, Moment, Nested, NestedRows, Text, Uid, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Filled, Id, Number, WrittenDay, WrittenFlag, WrittenText
from billingo_async.fields.writing import WrittenModel, edited
from billingo_async.v2.models.invoice import Invoice


class RecurringProfile(ReadModel):
    """A schedule by which an invoice is repeated.

    Withdrawn by the vendor: it works where the server still answers. Source: API docs of October 2017, Recurring.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "frequency", "start_date", "stopped")

    id: Uid = 0
    """The id."""

    uid: Whole = None
    """The id again, as the API repeats it among the attributes."""

    base_invoice_uid: Whole = None
    """The invoice that is repeated."""

    frequency: Text = None
    """Such as ``2M``: every two months."""

    due_days: Whole = None
    """Days from the invoice's date to its due date."""

    fulfillment_shift: Whole = None
    """Days from the invoice's date to its day of fulfillment."""

    send_invoice: Flag = None
    """Whether each invoice is mailed to the client."""

    max_qty: Whole = None
    """After how many invoices it ends."""

    used_qty: Whole = None
    """How many there have been."""

    comment: Text = None
    """Text on its invoices."""

    stopped: Flag = None
    """Whether it is stopped."""

    start_date: Day = None
    """The first day."""

    last_recurring_date: Day = None
    """The day on which it last made one."""

    created_at: Moment = None
    """When it was made."""

    updated_at: Moment = None
    """When it was changed."""

    invoice: Nested[Invoice] = None
    """The invoice that is repeated."""

    invoices: NestedRows[Invoice] = None
    """The invoices that it has made."""

    def edit(self, **changes: object) -> "NewRecurringProfile":
        """Return what `recurring.update` takes: this profile with the changes, nothing else lost.

        Fields of `NewRecurringProfile` may be changed; undocumented fields travel along unchanged.
        A value in a form that its field cannot hold (a `due_days` of ``"soon"``) was read as None: it is left out of
        what is written, and a required one has to be given anew.
        Raises `TypeError` for a name that it does not have, `ValidationError` for a value that it refuses.
        """
        return edited(self, NewRecurringProfile, changes)


class NewRecurringProfile(WrittenModel):
    """A schedule to be made or changed.

    Withdrawn by the vendor: it works where the server still answers. Source: API docs of October 2017, Recurring.
    """

    shown: ClassVar[tuple[str, ...]] = ("base_invoice_uid", "frequency", "start_date")

    base_invoice_uid: Id
    """The invoice that is repeated."""

    frequency: Filled
    """Such as ``2M``: every two months."""

    start_date: WrittenDay
    """The first day."""

    due_days: Number | None = None
    """Days from the invoice's date to its due date."""

    fulfillment_shift: Number | None = None
    """Days from the invoice's date to its day of fulfillment."""

    send_invoice: WrittenFlag | None = None
    """Whether each invoice is mailed to the client."""

    max_qty: Number | None = None
    """After how many invoices it ends."""

    comment: WrittenText | None = None
    """Text on its invoices."""

    stopped: WrittenFlag | None = None
    """Whether it is stopped."""
