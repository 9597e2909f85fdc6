"""`Billingo`: opens, closes, holds the resources; and the two calls that belong to no noun.

Options are checked in `settings`, calls are carried out by `transport.dispatch`.
"""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from billingo_async import settings as defaults
from billingo_async.errors import ConfigurationError
from billingo_async.fields.arguments import encode_query
from billingo_async.fields.exact import to_json
from billingo_async.protocol.custom_operation import custom_operation
from billingo_async.settings import DEFAULT_PDF_LIMIT, Keys, Settings, found_base_url
from billingo_async.transport.dispatch import Dispatch
from billingo_async.transport.record import listen_if_asked
from billingo_async.transport.wire import Wire
from billingo_async.v2.decoders import EnvelopedJson
from billingo_async.v2.operations import SERVER_TIME
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
from billingo_async.v2.resources.once_per_key import a_journal
from billingo_async.v2.resources.updated_clients import UpdatedClients

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from billingo_async.fields.arguments import QueryValue
    from billingo_async.fields.exact import Json
    from billingo_async.protocol.call import Attempt, Effect
    from billingo_async.settings import RateLimit
    from billingo_async.transport.http import HttpClient
    from billingo_async.v2.resources.once_per_key import OncePerKey


class Billingo:
    """An account at Billingo: everything that can be done there, by noun and verb.

    Args:
        public_key: The account's public key; else `BILLINGO_PUBLIC_KEY` from the environment.
        private_key: The account's private key; else `BILLINGO_PRIVATE_KEY` from the environment.
        base_url: The address of the API; else `BILLINGO_BASE_URL`, else ``https://www.billingo.hu/api``.
        timeout: Seconds for one attempt; time in a queue does not count.
        max_retries: Tries after the first one; 0 means one try. Only what is safe to repeat is repeated.
        max_wait: Seconds that a call may spend waiting between its tries, all together.
        max_queue: Seconds that a call may wait for its turn under a limit before `ThrottledError`; None waits as long
            as it takes.
        max_connections: Connections at the same time.
        max_response_size: Bytes of an answer that are kept in memory at most; a PDF on its way to a file has no limit.
        pdf_limit: How often a PDF may be asked for, shared by all objects of this process with the same origin.
        http_client: An `httpx.AsyncClient` of yours (proxy, own authorities, instruments); never closed by this object.
        journal: Remembers keys, so that there is one invoice per key: `Journal("sqlite+aiosqlite:///invoices.db")`.
        on_attempt: Called with an `Attempt` after each try.

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
        journal: OncePerKey | None = None,
        on_attempt: Callable[[Attempt], object] | None = None,
    ) -> None:
        """Check the options; nothing is opened before the first call."""
        try:
            keys = Keys.found(public_key, private_key)
        finally:
            del public_key, private_key  # not to be seen in the locals of a traceback
        if on_attempt is not None and (not callable(on_attempt) or inspect.iscoroutinefunction(on_attempt)):
            msg = "on_attempt must be a plain function of one Attempt: it is called, never awaited"
            raise ConfigurationError(msg)
        if http_client is not None and max_connections != defaults.DEFAULT_MAX_CONNECTIONS:
            msg = "max_connections contradicts http_client, which has its own: set http_client.max_connections"
            raise ConfigurationError(msg)
        settings = Settings(
            keys=keys,
            base_url=found_base_url(base_url),
            timeout=timeout,
            max_retries=max_retries,
            max_wait=max_wait,
            max_queue=max_queue,
            max_connections=max_connections,
            max_response_size=max_response_size,
            pdf_limit=pdf_limit,
        )
        listen_if_asked()
        self._owns_wire = True
        self._updated = UpdatedClients()
        self._journal = a_journal(journal)
        self._hold(Dispatch(settings, Wire(settings, http_client), on_attempt))

    def _hold(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch
        self.invoices = Invoices(dispatch, self._updated, self._journal)
        self.clients = Clients(dispatch, self._updated)
        self.products = Products(dispatch)
        self.expenses = Expenses(dispatch)
        self.bank_accounts = BankAccounts(dispatch)
        self.payment_methods = PaymentMethods(dispatch)
        self.vat = Vats(dispatch)
        self.currencies = Currencies(dispatch)
        self.user = User(dispatch)
        self.recurring = Recurring(dispatch)

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

        A journal is let go of before, when the keys at work are settled. Every later call raises `ConfigurationError`.
        A copy made by `with_options` leaves the connections to the object it was made from.
        """
        if not self._owns_wire:
            return
        if self._journal is not None:
            await self._journal.aclose()
        await self._dispatch.wire.aclose()
        if self._journal is not None:
            await self._journal.aclose()  # somebody may have come with a key while the wire was still open

    def with_options(
        self,
        *,
        timeout: float | None = None,
        max_retries: int | None = None,
        max_wait: float | None = None,
        max_queue: float | None = None,
    ) -> Billingo:
        """Return a light copy with other patience, on the same connections and limits.

        Example:
            ```python
            patient = billingo.with_options(timeout=120, max_wait=600)
            ```

        """
        changed = self._dispatch.settings.but(
            timeout=timeout, max_retries=max_retries, max_wait=max_wait, max_queue=max_queue
        )
        copy = object.__new__(type(self))
        copy._owns_wire = False
        copy._updated, copy._journal = self._updated, self._journal
        copy._hold(self._dispatch.but(changed))
        return copy

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
        row = custom_operation(method, path, effect, EnvelopedJson())
        query = encode_query({} if params is None else params)
        call = row.call(query=query, body=None if json is None else to_json(json))
        del params, query, json  # not to be seen in the locals of a traceback
        return await self._dispatch.run(call)

    async def server_time(self) -> datetime:
        """Return the server's time, in UTC.

        Example:
            ```python
            behind = await billingo.server_time() - datetime.now(UTC)
            ```

        Source: API docs, Authentication: `/time` lives outside `/api` and takes no token.
        """
        seconds = await self._dispatch.run(SERVER_TIME.call(query={"type": "json"}))
        return datetime.fromtimestamp(seconds, UTC)
