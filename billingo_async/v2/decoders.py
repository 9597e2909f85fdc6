"""How the answer of each operation reads: the last column of the table of operations.

A documented answer takes the fast way, from its bytes straight into models. Whatever does not fit there takes the
lenient one, through `envelope`, which knows the dialects and raises what the answer stands for. A row only says where
its model is found: a program that never calls it never loads it.

Never enters here: a rule about trying again, and any field of a model.
"""

from __future__ import annotations

import re
from functools import cached_property
from types import GenericAlias
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from billingo_async.fields.exact import Json, is_array, is_object
from billingo_async.fields.lenient import LEFT_TO_RIGHT, Identity
from billingo_async.fields.reading import ReadModel, read_json
from billingo_async.protocol.call import Call, Decoder, Reply
from billingo_async.protocol.decoders import Adapted, AnyJson, Named, OfModel, Rows, UnixTime, object_in, validated
from billingo_async.protocol.refusals import malformed
from billingo_async.v2 import envelope

DEFAULT_PER_PAGE: Final = 20
"""Rows of a page where the request does not say. Source: API docs, Invoices / Show the invoices."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
M = TypeVar("M", bound=ReadModel)


_SURROGATE = re.compile("[\ud800-\udfff]")
_PER_PAGE = re.compile(r"(?:^|&)max_per_page=(\d+)", re.ASCII)


class _Entry(TypedDict, Generic[M]):
    id: Identity  # where it is none, the lenient way looks for another
    attributes: M


class _Success(TypedDict, Generic[T]):
    success: Literal[True]
    data: T


class Entries(OfModel[M]):
    """Entries, be it one alone (POST, PUT, cancel) or a list of them (GET, even of one), each read into a model."""

    @cached_property
    def _adapter(self) -> TypeAdapter[_Success[list[_Entry[M]] | _Entry[M]]]:
        entry: Any = GenericAlias(_Entry, (self.model,))
        data: Any = Annotated[GenericAlias(list, (entry,)) | entry, LEFT_TO_RIGHT]
        answer: Any = GenericAlias(_Success, (data,))
        return TypeAdapter(answer)

    @cached_property
    def _lenient_adapter(self) -> TypeAdapter[list[M]]:
        rows: Any = GenericAlias(list, (self.model,))
        return TypeAdapter(rows)

    def _models(self, call: Call[Any], reply: Reply) -> list[M]:
        """Return the models of the answer, in its order."""
        if not reply.cut:
            try:
                data = read_json(self._adapter, reply.body)["data"]
            except ValueError:
                pass  # not as documented
            else:
                return with_ids(data if isinstance(data, list) else [data])
        rows = envelope.entries(envelope.unwrap(call, reply).get("data"))
        if rows is None:
            raise malformed(call, reply, "no list of entries in `data`")
        return validated(self._lenient_adapter, rows, call, reply)


class Many(Entries[M], Decoder[list[M]]):
    """A list of entries."""

    def read(self, call: Call[Any], reply: Reply) -> list[M]:
        """Return the models of the answer, in its order."""
        return self._models(call, reply)


class Paged(Entries[M], Decoder[Rows[M]]):
    """One page of a list of entries.

    The API tells neither a total nor a next link: a page with fewer rows than it may have is the last one.
    """

    def read(self, call: Call[Any], reply: Reply) -> Rows[M]:
        """Return the models of the answer, in its order, and whether more may follow."""
        models = self._models(call, reply)
        per_page = _PER_PAGE.search(call.query)
        return Rows(models, len(models) >= (int(per_page[1]) if per_page else DEFAULT_PER_PAGE))


class One(Entries[M], Decoder[M]):
    """A single entry; `check` compares it with the call."""

    def read(self, call: Call[Any], reply: Reply) -> M:
        """Return the model of the answer."""
        models = self._models(call, reply)
        if len(models) != 1:
            raise malformed(call, reply, f"one entry was promised, {len(models)} came")
        return self._checked(models[0], call, reply)


class Data(OfModel[M], Adapted[M]):
    """An object without id: the whole of `data`."""

    @cached_property
    def _adapter(self) -> TypeAdapter[M]:
        return TypeAdapter(self.model)

    def read(self, call: Call[Any], reply: Reply) -> M:
        """Return the model of the answer."""
        data = envelope.unwrap_single(envelope.unwrap(call, reply).get("data"))
        return validated(self._adapter, data, call, reply)


class Value(Named[T]):
    """One named value of `data`, such as ``data.code``."""

    def read(self, call: Call[Any], reply: Reply) -> T:
        """Return the value."""
        data = envelope.unwrap_single(envelope.unwrap(call, reply).get("data"))
        value = self._value_in(data, call, reply, "`data`")
        if isinstance(value, str) and _SURROGATE.search(value):
            raise malformed(call, reply, f"half a character (a lone surrogate) in `{self._name}`")
        return value


class Done(Decoder[None]):
    """An answer that says success and nothing else."""

    def read(self, call: Call[Any], reply: Reply) -> None:
        """Return when the answer says success."""
        envelope.unwrap(call, reply)


class NewId(Adapted[int | None]):
    """The id of what was made: at the top, in `data`, or absent as in API 2.1. Source: API docs; seen."""

    @cached_property
    def _adapter(self) -> TypeAdapter[int]:
        return TypeAdapter(Identity)

    def read(self, call: Call[Any], reply: Reply) -> int | None:
        """Return the id where the server tells it."""
        answer = envelope.unwrap(call, reply)
        data = answer.get("data")
        first = data[0] if is_array(data) and data else data
        identity = answer.get("id") or (first.get("id") if is_object(first) else None)
        new = validated(self._adapter, identity, call, reply) if identity else None
        if new is not None and new == call.requested_id:
            raise malformed(call, reply, "the id in the request came in place of a new one")
        return new


class EnvelopedJson(AnyJson):
    """Decoded JSON of any shape, unless its envelope says that it is a failure."""

    def read(self, call: Call[Any], reply: Reply) -> Json:
        """Return the JSON, the envelope included where there is one."""
        value = super().read(call, reply)
        is_enveloped = is_object(value) and ("success" in value or envelope.has_error(value))
        return envelope.unwrap(call, reply) if is_enveloped else value


class ServerTime(UnixTime):
    """The server's time; whatever times a failure names, it tells none."""

    def read(self, call: Call[Any], reply: Reply) -> float:
        """Return the Unix time in seconds."""
        value = None if reply.cut else object_in(reply)
        if value is not None and (envelope.has_error(value) or envelope.success_flag(value) is False):
            envelope.unwrap(call, reply)  # raises, unless it says success all the same
        return super().read(call, reply)


def with_ids(entries: list[_Entry[M]]) -> list[M]:
    """Return the models of entries, each with the id that stands beside its attributes.

    The models are fresh and have no other owner yet, so they are completed in place: a copy would cost more than
    reading them, and so would a validator that is called for each.
    """
    models: list[M] = []
    for entry in entries:
        model = entry["attributes"]
        vars(model)["id"] = entry["id"]
        model.__pydantic_fields_set__.add("id")
        models.append(model)
    return models
