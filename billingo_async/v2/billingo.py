"""`Billingo`: opens, closes, holds the resources; and the two calls that belong to no noun.

Options are checked in `settings`, calls are carried out by `transport.dispatch`.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from billingo_async import settings as defaults
from billingo_async.errors import ConfigurationError
from billingo_async.fields.arguments import check_date, encode_query
from billingo_async.fields.exact import to_json
from billingo_async.journal.journal import checked_journal, missing_journal
from billingo_async.journal.port import Account
from billingo_async.protocol.call import custom_operation
from billingo_async.protocol.decoders import Raw
from billingo_async.settings import Settings, check_rate_limit, read_base_url
from billingo_async.transport.dispatch import Dispatch
from billingo_async.transport.loops import run_to_the_end
from billingo_async.transport.observe import check_hook, start_logging
from billingo_async.transport.sender import Sender
from billingo_async.v2.api import API, DEFAULT_PDF_LIMIT, SERVER_TIME_CALL, JwtAuth
from billingo_async.v2.decoders import EnvelopedJson
from billingo_async.v2.once.create import InvoicesCreate
from billingo_async.v2.operations import PDF_LIMIT
from billingo_async.v2.resources import (
    BankAccounts,
    Clients,
    Currencies,
    Expenses,
    Invoices,
    PaymentMethods,
    Products,
    Recurring,
    User,
    Vats,
)
from billingo_async.v2.resources.updated_clients import UpdatedClients

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from types import TracebackType

    from billingo_async.fields.arguments import QueryValue
    from billingo_async.fields.exact import Json
    from billingo_async.journal.journal import Journal
    from billingo_async.journal.records import KeyRecord
    from billingo_async.protocol.call import Attempt, Call, CallReport, Effect, Operation, RawResponse
    from billingo_async.settings import Priority, RateLimit
    from billingo_async.transport.connections.borrowed import HttpClient

T = TypeVar("T")


class Billingo:
    """An account at Billingo: everything that can be done there, by noun and verb.

    Args:
        public_key: The account's public key; else `BILLINGO_PUBLIC_KEY` from the environment.
        private_key: The account's private key; else `BILLINGO_PRIVATE_KEY` from the environment.
        base_url: The address of the API; else `BILLINGO_BASE_URL`, else ``https://www.billingo.hu/api``.
        timeout: Seconds for one attempt; time in a queue does not count.
        max_retries: Attempts after the first one; 0 means one attempt. Only what is safe to repeat is repeated.
        max_wait: Seconds that a call may spend waiting between its attempts, all together.
        max_queue: Seconds that a call may wait for its turn under a limit before `ThrottledError`; None waits as long
            as it takes.
        max_connections: Connections at the same time.
        max_response_size: Bytes of an answer that are kept in memory at most; four times as many of a streamed PDF.
        pdf_limit: How often a PDF may be asked for, shared by all objects of this process with the same origin.
        http_client: An `AsyncClient` of yours, of httpx or httpx2 (own authorities, instruments); never closed by this
            object. It belongs to the event loop that it is first used in.
        proxy: The address of an HTTP proxy; by default what the environment says (`HTTPS_PROXY`, `ALL_PROXY`,
            `NO_PROXY`), with False none.
        user_agent: What you want to be called in the server's logs, before this library's own name.
        trust_refusals: Is a 429 or 503 with `Retry-After` believed to say that nothing was done? False is for those
            behind a gateway that answers so after the fact; then such an answer to a call that must not happen twice
            leaves its outcome unknown.
        journal: Remembers keys, so that each thing is done once per key: `Journal("sqlite+aiosqlite:///invoices.db")`.
        on_attempt: Called with an `Attempt` after each attempt.
        on_call: Called with a `CallReport` at the end of each call, whatever its end.

    Raises:
        ConfigurationError: For missing or blank keys and options that cannot work, naming them.

    Example:
        ```python
        async with Billingo(public_key="…", private_key="…") as billingo:
            invoice = await billingo.invoices.get(1938103373)
        ```

    Source: API docs, API URL / Authentication.

    """

    invoices: Invoices
    """Make, find, cancel, mail, settle invoices; fetch their PDFs."""
    clients: Clients
    """The customers that invoices are made out to."""
    products: Products
    """What is sold again and again."""
    expenses: Expenses
    """The invoices that the account has to pay."""
    bank_accounts: BankAccounts
    """Where customers transfer what they owe."""
    payment_methods: PaymentMethods
    """How invoices are paid."""
    vat: Vats
    """Rates of value added tax."""
    currencies: Currencies
    """Exchange rates of the day."""
    user: User
    """Whose account this is."""
    recurring: Recurring
    """Recurring profiles; withdrawn by the vendor."""

    def __init__(
        self,
        public_key: str | None = None,
        private_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = defaults.DEFAULT_TIMEOUT,
        max_retries: int = defaults.DEFAULT_MAX_RETRIES,
        max_wait: float = defaults.DEFAULT_MAX_WAIT,
        max_queue: float | None = None,
        max_connections: int = defaults.DEFAULT_MAX_CONNECTIONS,
        max_response_size: int = defaults.DEFAULT_MAX_RESPONSE_SIZE,
        pdf_limit: RateLimit = DEFAULT_PDF_LIMIT,
        http_client: HttpClient | None = None,
        proxy: str | Literal[False] | None = None,
        user_agent: str | None = None,
        trust_refusals: bool = True,
        journal: Journal | None = None,
        on_attempt: Callable[[Attempt], object] | None = None,
        on_call: Callable[[CallReport], object] | None = None,
        api_key: None = None,
    ) -> None:
        """Check the options; nothing is opened before the first call."""
        if api_key is not None:
            del api_key  # not to be seen in the locals of a traceback
            raise ConfigurationError("api_key is API v3's: from billingo_async.v3 import Billingo")
        try:
            auth = JwtAuth.read(public_key, private_key)
        finally:
            del public_key, private_key  # not to be seen in the locals of a traceback
        check_hook("on_attempt", on_attempt, "Attempt")
        check_hook("on_call", on_call, "CallReport")
        if http_client is not None and max_connections != defaults.DEFAULT_MAX_CONNECTIONS:
            msg = "max_connections contradicts http_client, which has its own: set http_client.max_connections"
            raise ConfigurationError(msg)
        if http_client is not None and proxy is not None:
            raise ConfigurationError("proxy contradicts http_client, which has its own: give the proxy to that client")
        settings = Settings(
            base_url=read_base_url(base_url, variable=API.base_url_variable, default=API.base_url),
            timeout=timeout,
            max_retries=max_retries,
            max_wait=max_wait,
            max_queue=max_queue,
            max_connections=max_connections,
            max_response_size=max_response_size,
            limits={PDF_LIMIT.name: check_rate_limit("pdf_limit", pdf_limit)},
            trust_refusals=trust_refusals,
            proxy=proxy,
            user_agent=user_agent,
        )
        start_logging()
        self._owns_sender = True
        self._updated = UpdatedClients()
        self._journal = checked_journal(journal)
        self._hold(Dispatch(settings, Sender(settings, API, auth, http_client), on_attempt, on_call))

    def _hold(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch
        self.invoices = Invoices(dispatch, self._updated, self._journal)
        self.clients = Clients(dispatch, self._updated, self._journal)
        self.products = Products(dispatch, self._journal)
        self.expenses = Expenses(dispatch, self._journal)
        self.bank_accounts = BankAccounts(dispatch, self._journal)
        self.payment_methods = PaymentMethods(dispatch)
        self.vat = Vats(dispatch)
        self.currencies = Currencies(dispatch)
        self.user = User(dispatch)
        self.recurring = Recurring(dispatch, self._journal)

    def __repr__(self) -> str:
        """Show the address and nothing of the keys."""
        address = self._dispatch.settings.base_url if "_dispatch" in vars(self) else "that was never set up"
        return f"<Billingo {address}>"

    async def __aenter__(self) -> Self:
        """Return the object; connections are made when they are needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close as `aclose` does."""
        await self.aclose()

    async def aclose(self) -> None:
        """Wait for what is on the wire, at most `timeout` seconds, then close all connections.

        Calls that have not left, queueing or between two attempts, are let go of with a `ConfigurationError`, as every
        later call is. A journal is let go of before, when the keys at work are resolved. No cancellation keeps this
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
    ) -> Billingo:
        """Return a light copy with other patience, on the same connections and limits.

        With `priority="interactive"` a call takes the next free turn under a limit, before the normal ones that queue.

        Example:
            ```python
            patient = billingo.with_options(timeout=120, max_wait=600)
            ```

        """
        copy = object.__new__(type(self))
        copy._owns_sender = False
        copy._updated, copy._journal = self._updated, self._journal
        copy._hold(
            self._dispatch.replace(
                timeout=timeout, max_retries=max_retries, max_wait=max_wait, max_queue=max_queue, priority=priority
            )
        )
        return copy

    async def resolve(
        self,
        key: str,
        *,
        operation: str = "invoices.create",
        result_id: int | None = None,
        happened: bool | None = None,
        force: bool = False,
    ) -> KeyRecord:
        """Resolve a key in doubt, by a person's word or else by asking the account; return what the journal has then.

        Args:
            key: The key.
            operation: What it was used for, such as ``invoices.send``.
            result_id: The id of what was made, if you know it; it is read and compared with what was asked for, and
                must belong to no other key.
            happened: True or False where there is no id to tell: whether it happened.
            force: Believe you even where the account says otherwise.

        Raises:
            ConfigurationError: If there is no journal or no such key, a worker is at it, or the account or the journal
                says otherwise.
            OutcomeUnknownError: If you say nothing and the account does not tell.

        Example:
            ```python
            await billingo.resolve("order-1234", operation="invoices.send", happened=True)
            ```

        """
        journal = self._journal or missing_journal("Billingo.resolve")
        from billingo_async.v2.reconcile import KEYED  # noqa: PLC0415 - loaded by those who resolve

        if operation not in KEYED:
            msg = f"{operation!r:.60} is none of the operations with keys: {', '.join(KEYED)}"
            raise ConfigurationError(msg)
        keyed = KEYED[operation](Account(self._dispatch))
        return await journal.resolve(keyed, key, result_id=result_id, happened=happened, force=force)

    async def recover(self, since: date) -> int:
        """Take over into the journal what the account has made since a day and bears its stamp; return how many keys.

        For a journal that was lost, or restored from an old copy. Needs `Journal(…, stamp=…)`.

        Example:
            ```python
            await billingo.recover(date(2026, 3, 1))
            ```

        """
        journal = self._journal or missing_journal("Billingo.recover")
        day = check_date("since", since)
        if day is None:
            raise ValueError("since must be a datetime.date")
        first = datetime.combine(day, time.min, UTC).timestamp()
        return await journal.recover(InvoicesCreate(Account(self._dispatch)), first)

    async def request(
        self,
        method: str,
        path: str,
        *,
        effect: Effect | str,
        params: Mapping[str, QueryValue] | None = None,
        json: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
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
            blocks = await billingo.request("GET", "/invoices/blocks", effect=Effect.READ)
            ```

        """
        call = _custom_call(custom_operation(method, path, effect, EnvelopedJson()), params, json)
        del params, json  # not to be seen in the locals of a traceback
        return await self._dispatch.run(call)

    async def raw_request(
        self,
        method: str,
        path: str,
        *,
        effect: Effect | str,
        params: Mapping[str, QueryValue] | None = None,
        json: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
    ) -> RawResponse:
        """Call any endpoint as `request` does, and return the answer as it came: status, headers and bytes.

        An answer whose status is not one of success is raised as an error here, too.

        Example:
            ```python
            answer = await billingo.raw_request("GET", "/invoices/blocks", effect=Effect.READ)
            ```

        """
        call = _custom_call(custom_operation(method, path, effect, Raw()), params, json)
        del params, json  # not to be seen in the locals of a traceback
        return await self._dispatch.run(call)

    async def server_time(self) -> datetime:
        """Return the server's time, in UTC.

        Example:
            ```python
            behind = await billingo.server_time() - datetime.now(UTC)
            ```

        Source: API docs, Authentication: `/time` lives outside `/api` and takes no token.
        """
        seconds = await self._dispatch.run(SERVER_TIME_CALL)
        return datetime.fromtimestamp(seconds, UTC)


def _custom_call(
    row: Operation[T],
    params: Mapping[str, QueryValue] | None,
    json: Mapping[str, object] | Sequence[Mapping[str, object]] | None,
) -> Call[T]:
    query = encode_query({} if params is None else params)
    return row.call(query=query, body=None if json is None else to_json(json))
