"""`Billingo` of API v3: opens, closes, holds the resources.

Options are checked in `settings`, calls are carried out by `transport.dispatch`, what both APIs have alike is `face`.

No rule about a call stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Literal

from billingo_async import settings as defaults
from billingo_async.errors import ConfigurationError
from billingo_async.face import Face, noun
from billingo_async.journal.intent import check_key
from billingo_async.journal.journal import Journal, missing_journal
from billingo_async.journal.port import Account
from billingo_async.settings import RateLimit, Settings, read_base_url, read_secret
from billingo_async.v3.api import API, DEFAULT_RATE_LIMIT, RATE_LIMIT, ApiKeyAuth
from billingo_async.v3.decoders import V3Json
from billingo_async.v3.once import DocumentsCreate
from billingo_async.v3.operations import SERVER_TIME
from billingo_async.v3.resources.documents import Documents, Receipts
from billingo_async.v3.resources.exports import Exports
from billingo_async.v3.resources.lists import BankAccounts, DocumentBlocks, Partners, Products, Spendings
from billingo_async.v3.resources.lookups import Currencies, LegacyIds, Organizations, TaxNumbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from billingo_async.fields.exact import Json
    from billingo_async.journal.records import KeyRecord
    from billingo_async.protocol.api import Api
    from billingo_async.protocol.call import Attempt, Call, CallReport, Decoder
    from billingo_async.transport.connections.borrowed import HttpClient

UNFINDABLE: Final = frozenset({".", ".."})
"""Keys that no path can hold."""


class Billingo(Face):
    """An account at Billingo over API v3: everything that can be done there, by noun and verb.

    Args:
        api_key: The account's key of version V3; else `BILLINGO_API_KEY` from the environment. It belongs to one
            profile: ids of another one's partners and blocks are refused.
        base_url: The address of the API; else `BILLINGO_V3_BASE_URL`, else ``https://api.billingo.hu/v3``.
        timeout: Seconds for one attempt; time in a queue does not count.
        max_retries: Attempts after the first one; 0 means one attempt. Only what is safe to repeat is repeated.
        max_wait: Seconds that a call may spend waiting between its attempts, all together; and for a PDF to be made.
        max_queue: Seconds that a call may wait for its turn under a limit before `ThrottledError`; None waits as long
            as it takes.
        max_connections: Connections at the same time, and so calls on the wire, over `http_client` as well.
        max_response_size: Bytes of an answer that are kept in memory at most; four times as many of a streamed PDF.
        rate_limit: How many calls the key may make, shared by all objects of this process with the same key and origin.
        http_client: An `AsyncClient` of yours, of httpx or httpx2 (own authorities, instruments); never closed by this
            object. It belongs to the event loop that it is first used in.
        proxy: The address of an HTTP proxy; by default what the environment says (`HTTPS_PROXY`, `ALL_PROXY`,
            `NO_PROXY`), with False none.
        user_agent: What you want to be called in the server's logs, before this library's own name.
        trust_refusals: Is a 429 or 503 with `Retry-After` believed to say that nothing was done? False is for those
            behind a gateway that answers so after the fact; then such an answer to a call that must not happen twice
            leaves its outcome unknown.
        journal: Remembers keys, so that each thing is done once per key: `Journal("sqlite:///invoices.db")`.
        on_attempt: Called with an `Attempt` after each attempt.
        on_call: Called with a `CallReport` at the end of each call, whatever its end.

    Raises:
        ConfigurationError: For a missing or blank key and options that cannot work, naming them.

    Example:
        ```python
        async with Billingo(api_key="…") as billingo:
            document = await billingo.documents.get(70000001)
        ```

    Source: specification.

    """

    _api: ClassVar[Api] = API
    _any_json: ClassVar[Decoder[Json]] = V3Json()
    _time_call: ClassVar[Call[float]] = SERVER_TIME.call()

    documents: Documents = noun(Documents)
    """Make, find, cancel, mail and settle invoices, proformas and drafts; fetch their PDFs."""
    receipts: Receipts = noun(Receipts)
    """Make receipts."""
    partners: Partners = noun(Partners)
    """The customers and suppliers."""
    products: Products = noun(Products)
    """What is sold again and again."""
    bank_accounts: BankAccounts = noun(BankAccounts)
    """Where partners transfer what they owe."""
    document_blocks: DocumentBlocks = noun(DocumentBlocks)
    """The ranges of numbers."""
    spendings: Spendings = noun(Spendings)
    """The invoices that the account has to pay."""
    exports: Exports = noun(Exports)
    """Files for bookkeepers."""
    currencies: Currencies = noun(Currencies)
    """Rates of exchange, by day."""
    organization: Organizations = noun(Organizations)
    """Whose account this is."""
    tax_numbers: TaxNumbers = noun(TaxNumbers)
    """What the tax office says of a number."""
    legacy_ids: LegacyIds = noun(LegacyIds)
    """The ids of API v2."""

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = defaults.DEFAULT_TIMEOUT,
        max_retries: int = defaults.DEFAULT_MAX_RETRIES,
        max_wait: float = defaults.DEFAULT_MAX_WAIT,
        max_queue: float | None = None,
        max_connections: int = defaults.DEFAULT_MAX_CONNECTIONS,
        max_response_size: int = defaults.DEFAULT_MAX_RESPONSE_SIZE,
        rate_limit: RateLimit = DEFAULT_RATE_LIMIT,
        http_client: HttpClient | None = None,
        proxy: str | Literal[False] | None = None,
        user_agent: str | None = None,
        trust_refusals: bool = True,
        journal: Journal | None = None,
        on_attempt: Callable[[Attempt], object] | None = None,
        on_call: Callable[[CallReport], object] | None = None,
        public_key: None = None,
        private_key: None = None,
    ) -> None:
        """Check the options; nothing is opened before the first call."""
        if (public_key, private_key) != (None, None):
            del public_key, private_key  # not to be seen in the locals of a traceback
            raise ConfigurationError("public_key and private_key are API v2's: from billingo_async import Billingo")
        try:
            auth = ApiKeyAuth(read_secret("api_key", "BILLINGO_API_KEY", api_key))
            settings = Settings(
                base_url=read_base_url(base_url, variable=API.base_url_variable, default=API.base_url),
                timeout=timeout,
                max_retries=max_retries,
                max_wait=max_wait,
                max_queue=max_queue,
                max_connections=max_connections,
                max_response_size=max_response_size,
                limits={RATE_LIMIT.name: rate_limit},
                trust_refusals=trust_refusals,
                proxy=proxy,
                user_agent=user_agent,
            )
        except ConfigurationError as error:
            raise error.with_traceback(None) from None
        finally:
            del api_key, base_url, proxy  # not to be seen in the locals of a traceback
        super().__init__(auth, settings, http_client, journal=journal, on_attempt=on_attempt, on_call=on_call)

    async def resolve(
        self,
        key: str,
        *,
        operation: str = "documents.create",
        result_id: int | None = None,
        happened: bool | None = None,
        force: bool = False,
    ) -> KeyRecord:
        """Resolve a key in doubt, by a person's word or else by asking the account; return what the journal has then.

        Args:
            key: The key.
            operation: What it was used for.
            result_id: The id of what was made under it, as seen in the account; it must be what was asked for, and must
                belong to no other key.
            happened: Whether it happened, where the result has no id; with False the key is free to be used again.
            force: Write down what contradicts the account.

        Raises:
            ConfigurationError: If there is no journal or no such key, a worker is at it, or the account or the journal
                contradicts the word.
            OutcomeUnknownError: If the account was asked and it still cannot be told.

        Example:
            ```python
            await billingo.resolve("order-1234", result_id=70000001)
            await billingo.resolve("order-1234", operation="documents.send", happened=True)
            ```

        """
        return await self._resolve(key, operation, result_id=result_id, happened=happened, force=force)

    async def recover(self, keys: Iterable[str]) -> int:
        """Take over into the journal the documents that the account has under these keys; return how many.

        For a journal that was lost, or restored from an old copy. A document is found by its `vendor_id`, which no
        answer tells: so the keys have to be given, such as the numbers of the orders. Under ``.`` and ``..``, which no
        path can hold, there is none, for nothing is ever made under them.

        Raises:
            ConfigurationError: If there is no journal.
            ValueError: For what can be no key; nothing is sent.

        Example:
            ```python
            await billingo.recover(["order-1234", "order-1235"])
            ```

        """
        journal = self._journal or missing_journal("Billingo.recover")
        if isinstance(keys, str):
            raise TypeError("keys must be a list of keys, not one text")
        findable = [key for key in map(check_key, keys) if key not in UNFINDABLE]
        return await journal.recover(DocumentsCreate(Account(self._dispatch)), keys=findable)
