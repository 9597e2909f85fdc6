"""`Face`: what the `Billingo` objects of both APIs have alike: opening, closing, light copies, calls that have no noun.

Never enters here: a noun, an operation, and how an answer reads; those a wing brings along.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias, TypeVar, cast

from billingo_async.errors import ConfigurationError
from billingo_async.fields.arguments import QueryValue, encode_query
from billingo_async.fields.exact import Json, to_json
from billingo_async.journal.journal import Journal, checked_journal, missing_journal
from billingo_async.journal.port import Account, KeyedOperation, operation_class
from billingo_async.protocol.call import custom_operation
from billingo_async.protocol.decoders import Raw
from billingo_async.transport.dispatch import Dispatch
from billingo_async.transport.loops import run_to_the_end
from billingo_async.transport.observe import Hook, check_hook, start_logging
from billingo_async.transport.sender import Sender

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from billingo_async.journal.records import KeyRecord
    from billingo_async.protocol.api import Api, Auth
    from billingo_async.protocol.call import Attempt, Call, CallReport, Decoder, Effect, Operation, RawResponse
    from billingo_async.settings import Priority, Settings
    from billingo_async.transport.connections.borrowed import HttpClient

N = TypeVar("N")
Query: TypeAlias = "Mapping[str, QueryValue]"
"""A query, by the names of its parameters."""
JsonBody: TypeAlias = "Mapping[str, object] | Sequence[Mapping[str, object]]"
"""What is sent as JSON: an object, or a list of objects."""


def noun(kind: Callable[[Dispatch, Journal | None], N]) -> N:
    """Return the attribute of a `Billingo` object that holds a noun, which is made when it is first asked for."""
    return cast("N", cached_property(lambda account: kind(account._dispatch, account._journal)))  # noqa: SLF001 - its own


class Face:
    """An account at Billingo, over one of the two APIs."""

    _api: ClassVar[Api]
    """The protocol that it speaks."""
    _any_json: ClassVar[Decoder[Json]]
    """How an answer of any endpoint reads."""
    _time_call: ClassVar[Call[float]]
    """How the server is asked for its time."""

    _dispatch: Dispatch

    def __init__(
        self,
        auth: Auth,
        settings: Settings,
        http_client: HttpClient | None,
        *,
        journal: Journal | None,
        on_attempt: Hook[Attempt] | None,
        on_call: Hook[CallReport] | None,
    ) -> None:
        """Check the options; nothing is opened before the first call."""
        check_hook("on_attempt", on_attempt, "Attempt")
        check_hook("on_call", on_call, "CallReport")
        if http_client is not None and settings.proxy is not None:
            raise ConfigurationError("proxy contradicts http_client, which has its own: give the proxy to that client")
        start_logging()
        self._owns_sender = True
        self._journal = checked_journal(journal)
        self._dispatch = Dispatch(settings, Sender(settings, self._api, auth, http_client), on_attempt, on_call)

    def __repr__(self) -> str:
        """Show the address and nothing of the keys."""
        address = self._dispatch.settings.base_url if "_dispatch" in vars(self) else "that was never set up"
        return f"<{type(self).__name__} {address}>"

    async def __aenter__(self) -> Self:
        """Return the object; connections are made when they are needed."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close as `aclose` does."""
        await self.aclose()

    async def aclose(self) -> None:
        """Wait for what is on the wire, at most `timeout` seconds, then close all connections.

        Calls that have not left, queueing or between two attempts, are let go of with a `ConfigurationError`, as every
        later call is. A journal is let go of before, when the keys at work are reconciled. No cancellation keeps this
        from closing: it only ends the wait. A copy made by `with_options` leaves the connections to the object it was
        made from.
        """
        if self._owns_sender:
            await run_to_the_end(self._close(), self._dispatch.sender.stop_waiting)

    async def _close(self) -> None:
        if self._journal is not None:
            await self._journal.aclose()
        await self._dispatch.sender.aclose()
        if self._journal is not None:
            await self._journal.aclose()  # a keyed call may have begun while the connections were still open

    def with_options(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        max_wait: float | None = None,
        max_queue: float | None = None,
        priority: Priority | None = None,
    ) -> Self:
        """Return a light copy with other patience, on the same connections and limits.

        With `priority="interactive"` a call takes the next free turn under a limit, before the normal ones that queue.

        Example:
            ```python
            patient = billingo.with_options(timeout=120, max_wait=600)
            ```

        """
        copy = object.__new__(type(self))
        copy._owns_sender = False
        copy._journal = self._journal
        copy._dispatch = self._dispatch.replace(
            timeout=timeout, max_retries=max_retries, max_wait=max_wait, max_queue=max_queue, priority=priority
        )
        return copy

    async def _resolve(
        self, key: str, operation: str, *, result_id: int | None, happened: bool | None, force: bool
    ) -> KeyRecord:
        journal = self._journal or missing_journal("Billingo.resolve")
        keyed = self._keyed(operation)
        return await journal.resolve(keyed, key, result_id=result_id, happened=happened, force=force)

    def _keyed(self, operation: str) -> KeyedOperation[Any]:
        return operation_class(self._api.name, operation)(Account(self._dispatch))

    async def request(
        self, method: str, path: str, *, effect: Effect | str, params: Query | None = None, json: JsonBody | None = None
    ) -> Json:
        """Call any endpoint and return its decoded JSON, numbers exact (`int`, `Decimal`).

        Args:
            method: GET, POST, PUT, PATCH or DELETE.
            path: Below the base URL, such as ``/invoices/blocks``.
            effect: What repeating the call does; it has no default, since the method does not tell.
            params: The query: text, int, Decimal or date; what is None is left out.
            json: The body; money as Decimal or int, never as float.

        Raises:
            ValueError: For a path that leaves the API, an unknown method or effect, a number that is not finite or
                longer than any amount, a body nested too deeply or within itself; nothing is sent.
            TypeError: For a float, or anything else that has no one spelling; nothing is sent.

        Example:
            ```python
            answer = await billingo.request("GET", "/products", effect=Effect.READ, params={"page": 2})
            ```

        """
        call = _call_of(custom_operation(method, path, effect, self._any_json), params, json)
        del params, json  # not to be seen in the locals of a traceback
        return await self._dispatch.run(call)

    async def raw_request(
        self, method: str, path: str, *, effect: Effect | str, params: Query | None = None, json: JsonBody | None = None
    ) -> RawResponse:
        """Call any endpoint as `request` does, and return the answer as it came: status, headers and bytes.

        An answer whose status is not one of success is raised as an error here, too.

        Example:
            ```python
            answer = await billingo.raw_request("GET", "/products", effect=Effect.READ)
            ```

        """
        call = _call_of(custom_operation(method, path, effect, Raw()), params, json)
        del params, json  # not to be seen in the locals of a traceback
        return await self._dispatch.run(call)

    async def server_time(self) -> datetime:
        """Return the server's time, in UTC.

        Example:
            ```python
            behind = await billingo.server_time() - datetime.now(UTC)
            ```

        """
        return datetime.fromtimestamp(await self._dispatch.run(self._time_call), UTC)


def _call_of(row: Operation[N], params: Query | None, json: JsonBody | None) -> Call[N]:
    query = encode_query({} if params is None else params)
    return row.call(query=query, body=None if json is None else to_json(json))
