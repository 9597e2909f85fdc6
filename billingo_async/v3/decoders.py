"""How the answer of each operation of API v3 reads: the last column of the table of operations.

An object stands bare, a list in a paginator, payments in a bare array. What is not as documented is read as far as it
can be; what says nothing of what was asked for is no answer. A row only says where its model is found: a program that
never calls it never loads it. Source: specification; answers seen.

Never enters here: a rule about trying again, and any field of a model.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from http import HTTPStatus
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, TypeVar

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from billingo_async.fields.exact import Json, is_array, is_object
from billingo_async.fields.lenient import LEFT_TO_RIGHT, Text, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.protocol import decoders
from billingo_async.protocol.call import Call, Decoder, Reply
from billingo_async.protocol.refusals import malformed, not_ready, refusal

if TYPE_CHECKING:
    from billingo_async.errors import BillingoError
    from billingo_async.v3.models import ReminderEvent

DEFAULT_PER_PAGE: Final = 25
"""Rows of a page where the request does not say. Source: specification."""
REMINDER_LISTS: Final = ("sent_reminders", "upcoming_reminders", "sent_postal_mail")
"""The three lists of one answer. Source: specification, DocumentReminderEventList."""
NO_OBJECT: Final = {b"", b"null"}
"""What tells success without a word of what was made; ``[]`` and ``{}`` come from a gateway as well."""
NO_NEWS: Final = NO_OBJECT | {b"{}", b"[]"}
"""Bodies of an answer that says success by its status; the operations that give it may be repeated."""

T = TypeVar("T")
M = TypeVar("M", bound=ReadModel)

_PER_PAGE = re.compile(r"(?:^|&)per_page=(\d+)", re.ASCII)


class _Listing(TypedDict, Generic[M], total=False):
    data: list[M]
    total: Whole
    current_page: Whole
    last_page: Whole
    next_page_url: Text


class OfObject(decoders.OfModel[M]):
    """A single object, read into a model; `check` names what of it tells something else than was asked for."""

    @cached_property
    def _adapter(self) -> TypeAdapter[M]:
        return TypeAdapter(self.model)

    def _one(self, call: Call[Any], reply: Reply) -> M:
        model = decoders.read_whole(self._adapter, call, reply)
        _check_row(model, call, reply)
        return self._checked(model, call, reply)


class One(OfObject[M], Decoder[M]):
    """An object."""

    def read(self, call: Call[Any], reply: Reply) -> M:
        """Return the model of the answer."""
        return self._one(call, reply)


class Maybe(OfObject[M], Decoder["M | None"]):
    """An object where the server tells it; the specification gives the answer no body."""

    def read(self, call: Call[Any], reply: Reply) -> M | None:
        """Return the object, or None."""
        return None if reply.body.strip() in NO_OBJECT else self._one(call, reply)


class OfRows(decoders.OfModel[M]):
    """A list, in the paginator or as a bare array, each row read into a model."""

    @cached_property
    def _adapter(self) -> TypeAdapter[_Listing[M] | list[M]]:
        either: Any = GenericAlias(_Listing, (self.model,)) | GenericAlias(list, (self.model,))
        kind: Any = Annotated[either, LEFT_TO_RIGHT]  # one after the other: to weigh both reads each page twice
        return TypeAdapter(kind)

    def _page(self, call: Call[Any], reply: Reply) -> tuple[list[M], _Listing[M]]:
        """Return the models of the answer, in its order, and what the paginator says."""
        read = decoders.read_whole(self._adapter, call, reply)
        listing: _Listing[M] = {"data": read} if isinstance(read, list) else read
        rows = listing.get("data")
        if rows is None:
            raise malformed(call, reply, "no list in `data`")
        for row in rows:
            _check_row(row, call, reply)
        return rows, listing


class Paged(OfRows[M], Decoder[decoders.Rows[M]]):
    """One page of a list, and how many rows there are; without the paginator the page is told by its length."""

    def read(self, call: Call[Any], reply: Reply) -> decoders.Rows[M]:
        """Return the models of the answer, in its order, whether more may follow, and the total where it is told."""
        rows, listing = self._page(call, reply)
        return decoders.Rows(rows, _has_next(listing, len(rows), call.query), listing.get("total"))


class Many(OfRows[M], Decoder[list[M]]):
    """A whole list."""

    def read(self, call: Call[Any], reply: Reply) -> list[M]:
        """Return the models of the answer, in its order."""
        return self._page(call, reply)[0]


class Cleared(Many[M]):
    """A whole list; no content at all stands for an empty one."""

    def read(self, call: Call[Any], reply: Reply) -> list[M]:
        """Return the models of the answer."""
        return [] if reply.status == HTTPStatus.NO_CONTENT else super().read(call, reply)


class Value(decoders.Named[T]):
    """One named value of the answer, such as ``public_url``."""

    def read(self, call: Call[Any], reply: Reply) -> T:
        """Return the value."""
        decoders.check_whole(call, reply)
        return self._value_in(decoders.object_in(reply), call, reply, "the answer")


class Done(Decoder[None]):
    """An answer that says success by its status alone."""

    def read(self, call: Call[Any], reply: Reply) -> None:
        """Return, unless something is said."""
        if reply.body.strip() not in NO_NEWS:
            raise malformed(call, reply, "no body was promised")


class Reminders(decoders.OfModel["ReminderEvent"], Decoder["list[ReminderEvent]"]):
    """The three lists of reminders as one, in order of time."""

    def prepare(self) -> None:
        """Find the model."""
        _ = self.model

    def read(self, call: Call[Any], reply: Reply) -> list[ReminderEvent]:
        """Return the events, each with the list that it came from; what has no day comes last."""
        decoders.check_whole(call, reply)
        answer = decoders.object_in(reply)
        if answer is None or not answer.keys() & set(REMINDER_LISTS):
            raise malformed(call, reply, "no lists of reminders in the answer")
        rows = [(kind, row) for kind in REMINDER_LISTS for row in _rows_of(answer.get(kind))]
        events = [self.model.model_validate({**row, "kind": kind}) for kind, row in rows]
        return sorted(events, key=lambda event: event.send_at or date.max)


class DocumentPdf(decoders.Pdf):
    """A PDF; while the server makes it, it answers 202. Source: specification; seen."""

    def read(self, call: Call[Any], reply: Reply) -> bytes:
        """Return the bytes of the PDF; raise `DocumentNotReadyError` while it is being made."""
        check_made(call, reply)
        if not decoders.is_pdf(reply.body):
            raise malformed(call, reply, "the answer is no PDF")
        return super().read(call, reply)


class ExportFile(Decoder[bytes]):
    """A file of whatever kind an export has; never a page of a gateway's, and never an error in its place."""

    def read(self, call: Call[Any], reply: Reply) -> bytes:
        """Return the bytes."""
        check_made(call, reply)
        decoders.check_whole(call, reply, "the file")
        kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in {"application/json", "text/html"} or not reply.body:
            raise malformed(call, reply, "the answer is no file")
        return reply.body


class V3Json(decoders.AnyJson):
    """Decoded JSON of any shape; an answer without a body is None."""

    def read(self, call: Call[Any], reply: Reply) -> Json:
        """Return the JSON."""
        return super().read(call, reply) if reply.body.strip() else None


def check_made(call: Call[Any], reply: Reply) -> None:
    """Raise `DocumentNotReadyError` for 202, and `MalformedResponseError` for any other status of success but 200."""
    if reply.status == HTTPStatus.ACCEPTED:
        raise not_ready(call, reply, _words_of(decoders.object_in(reply) or {}))
    if reply.status != HTTPStatus.OK:
        raise malformed(call, reply, "a file comes with status 200")


def error_from(call: Call[Any], reply: Reply) -> BillingoError:
    """Return the error of an answer whose status is not one of success; its body may be anything.

    Documented are ``{"error": {"message", "trace_id"}}`` and ``{"message", "errors": [{"field", "message"}]}``; a bare
    ``message``, an ``error`` of text, HTML and nothing are seen. What it means is told by the status alone: messages
    are English or Hungarian, and a used-up quota is a 400 like any other. Source: specification; answers seen.
    """
    answer = decoders.object_in(reply) or {}
    return refusal(call, reply, _words_of(answer), _field_errors(answer.get("errors")))


def _rows_of(value: object) -> list[dict[str, Any]]:
    return [row for row in value if is_object(row)] if is_array(value) else []


def _words_of(answer: dict[str, Any]) -> object:
    error = answer.get("error")
    if not is_object(error):
        return error or answer.get("message")
    words, trace = error.get("message"), error.get("trace_id")
    return f"{words or 'no message'} (trace_id {trace})" if trace else words


def _field_errors(errors: object) -> object:
    """Return what is said of single fields by their dotted path; in another shape, as it came."""
    if not is_array(errors) or not all(is_object(each) and each.get("field") for each in errors):
        return errors
    by_field: dict[str, list[object]] = {}
    for each in errors:
        by_field.setdefault(str(each["field"]), []).append(each.get("message"))
    return by_field


def _check_row(model: ReadModel, call: Call[Any], reply: Reply) -> None:
    """Raise `MalformedResponseError` for what has no id where it needs one, or none of its fields."""
    if getattr(model, "id", None) == 0:
        raise malformed(call, reply, "no `id` in the answer")
    if not model.model_fields_set & type(model).model_fields.keys():
        raise malformed(call, reply, "nothing in the answer of what was asked for")


def _has_next(listing: _Listing[Any], rows: int, query: str) -> bool:
    """Tell whether a page may follow: the paginator says so, or it says nothing and the page is full."""
    if listing.get("next_page_url"):
        return True
    page, last = listing.get("current_page"), listing.get("last_page")
    if page is not None and last is not None:
        return page < last
    per_page = _PER_PAGE.search(query)
    return rows >= (int(per_page[1]) if per_page else DEFAULT_PER_PAGE)
