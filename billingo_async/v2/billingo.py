"""`Billingo` of API v2: its options, and the resources that it holds.

Options are checked in `settings`, calls are carried out by `transport.dispatch`, what both APIs have alike is `face`.

No rule about a call stands here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, ClassVar, Literal

from billingo_async import settings as defaults
from billingo_async.errors import ConfigurationError
from billingo_async.face import Face, noun
from billingo_async.fields.arguments import check_date
from billingo_async.journal.journal import Journal, missing_journal
from billingo_async.settings import RateLimit, Settings, read_base_url
from billingo_async.v2.api import API, DEFAULT_PDF_LIMIT, SERVER_TIME_CALL, JwtAuth
from billingo_async.v2.decoders import EnvelopedJson
from billingo_async.v2.operations import PDF_LIMIT
from billingo_async.v2.resources.clients import Clients
from billingo_async.v2.resources.invoices import Invoices
from billingo_async.v2.resources.lists import BankAccounts, Expenses, Products, Recurring
from billingo_async.v2.resources.reference import Currencies, PaymentMethods, User, Vats

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.fields.exact import Json
    from billingo_async.journal.records import KeyRecord
    from billingo_async.protocol.api import Api
    from billingo_async.protocol.call import Attempt, Call, CallReport, Decoder
    from billingo_async.transport.connections.borrowed import HttpClient


class Billingo(Face):
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
        max_connections: Connections at the same time, and so calls on the wire, over `http_client` as well.
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

    _api: ClassVar[Api] = API
    _any_json: ClassVar[Decoder[Json]] = EnvelopedJson()
    _time_call: ClassVar[Call[float]] = SERVER_TIME_CALL

    invoices: Invoices = noun(Invoices)
    """Make, find, cancel, mail, settle invoices; fetch their PDFs."""
    clients: Clients = noun(Clients)
    """The customers that invoices are made out to."""
    products: Products = noun(Products)
    """What is sold again and again."""
    expenses: Expenses = noun(Expenses)
    """The invoices that the account has to pay."""
    bank_accounts: BankAccounts = noun(BankAccounts)
    """Where customers transfer what they owe."""
    payment_methods: PaymentMethods = noun(PaymentMethods)
    """How invoices are paid."""
    vat: Vats = noun(Vats)
    """Rates of value added tax."""
    currencies: Currencies = noun(Currencies)
    """Exchange rates of the day."""
    user: User = noun(User)
    """Whose account this is."""
    recurring: Recurring = noun(Recurring)
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
            settings = Settings(
                base_url=read_base_url(base_url, variable=API.base_url_variable, default=API.base_url),
                timeout=timeout,
                max_retries=max_retries,
                max_wait=max_wait,
                max_queue=max_queue,
                max_connections=max_connections,
                max_response_size=max_response_size,
                limits={PDF_LIMIT.name: pdf_limit},
                trust_refusals=trust_refusals,
                proxy=proxy,
                user_agent=user_agent,
            )
        except ConfigurationError as error:
            raise error.with_traceback(None) from None
        finally:
            del public_key, private_key, base_url, proxy  # not to be seen in the locals of a traceback
        super().__init__(auth, settings, http_client, journal=journal, on_attempt=on_attempt, on_call=on_call)

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
        return await self._resolve(key, operation, result_id=result_id, happened=happened, force=force)

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
        return await journal.recover(self._keyed("invoices.create"), since=first)
