"""Invoices: make, find, cancel, mail and settle them; fetch their PDFs and the addresses of their public pages.

What a key is and how it is kept stands in `journal`, how a run fills a folder in `transport.download_folder`.

Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import quote

from billingo_async.errors import BillingoError, MalformedResponseError, OutcomeUnknownError
from billingo_async.fields.arguments import check_date_range, check_int, check_str
from billingo_async.fields.exact import to_json
from billingo_async.fields.writing import check_model
from billingo_async.journal.journal import missing_journal
from billingo_async.journal.port import Account
from billingo_async.noun import Files, rows_of
from billingo_async.protocol.call import Call, Reply
from billingo_async.v2 import models, operations, updates
from billingo_async.v2.api import MAX_PER_PAGE
from billingo_async.v2.decoders import One
from billingo_async.v2.resources.lists import Listable

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator

    from billingo_async.journal.records import Outcome
    from billingo_async.journal.run import Entries
    from billingo_async.paging import AsyncPager

_YEAR_AND_NUMBER: Final = re.compile(r"([12][0-9]{3})\D+0*([1-9][0-9]{0,8})$", re.ASCII)


def _without_spaces(number: str) -> str:
    return "".join(number.split()).casefold()


class Invoices(Listable["models.Invoice"], Files["models.Invoice"]):
    """The invoices of the account: drafts, proformas, invoices, and the invoices that cancel others.

    Every method raises the errors of `billingo_async.errors`. What changes something legal (`create`, `cancel`,
    `generate`, `send`, `pay`, `undo_payment`) is never repeated in doubt: it raises `OutcomeUnknownError`.
    Source: API docs, Invoices.
    """

    _rows = rows_of("invoices", operations.TABLE)
    file_name: ClassVar[str] = "{prefixed_invoice_no}.pdf"

    def query(
        self,
        *,
        start_date: date | None = None,
        end_date: date | None = None,
        num_start: int | None = None,
        num_end: int | None = None,
        year_start: int | None = None,
        year_end: int | None = None,
        payment_method: int | None = None,
        block: int | None = None,
        page: int = 1,
        max_per_page: int = MAX_PER_PAGE,
        read_ahead: int = 1,
    ) -> AsyncPager[models.Invoice]:
        """Find invoices by day, number, payment method or block.

        Args:
            start_date: The first day; the server's default is the first of this month.
            end_date: The last day; the server's default is today.
            num_start: The first number, within `year_start`.
            num_end: The last number, within `year_end`.
            year_start: The year of `num_start`.
            year_end: The year of `num_end`.
            payment_method: The id of a payment method.
            block: The id of an invoice block; 0 is the account's default block.
            page: The page to begin with, from 1.
            max_per_page: Rows of a page, 1 to 50.
            read_ahead: Pages on the wire while the caller works on one.

        Raises:
            ValueError: For a number bound without its year bound, a number or an id that is no positive int, a day
                that is no `date`, or a first day after the last; nothing is sent.

        Example:
            ```python
            march = billingo.invoices.query(start_date=date(2026, 3, 1), end_date=date(2026, 3, 31))
            numbers = [invoice.invoice_no async for invoice in march]
            ```

        Source: API docs 2.2, Invoices / Query invoices.

        """
        bounds = {"num_start": num_start, "num_end": num_end, "year_start": year_start, "year_end": year_end}
        numbers = {**bounds, "payment_method": payment_method, "block": block}
        for name, value in numbers.items():
            if value is not None:
                check_int(name, value, 0 if name == "block" else 1)
        for bound in ("start", "end"):
            if bounds[f"num_{bound}"] is not None and bounds[f"year_{bound}"] is None:
                raise ValueError(f"num_{bound} needs year_{bound}: invoice numbers begin anew each year")
        first, last = check_date_range(("start_date", start_date), ("end_date", end_date))
        return self._pager(
            operations.INVOICES_QUERY, page, max_per_page, read_ahead, start_date=first, end_date=last, **numbers
        )

    async def find(self, invoice_no: str) -> models.Invoice | None:
        """Return the invoice with a number as it is printed, with its prefix or without; None if there is none.

        A number with its year, such as ``TST / 2026-000123``, is looked up by both. Any other is looked for in the list
        of all invoices, page after page.

        Raises:
            ValueError: If invoices of several blocks have this number: give it with its prefix.
            TypeError: If `invoice_no` is no text; nothing is sent.

        Example:
            ```python
            invoice = await billingo.invoices.find("2026-000123")
            ```

        Source: API docs 2.2, Invoices / Query invoices; the API has no search by the number as printed.

        """
        number = _without_spaces(check_str("invoice_no", invoice_no))
        parts = _YEAR_AND_NUMBER.search(number)
        if parts is None:
            pager = self.list()
        else:
            year, serial = int(parts[1]), int(parts[2])
            first, last = date(year - 1, 12, 1), date(year + 1, 1, 31)  # without days the API looks at this month alone
            pager = self.query(
                start_date=first, end_date=last, num_start=serial, num_end=serial, year_start=year, year_end=year
            )
        exact: dict[int, models.Invoice] = {}
        without_prefix: dict[int, models.Invoice] = {}
        async for invoice in pager:
            if _without_spaces(invoice.prefixed_invoice_no or "") == number:
                exact[invoice.id] = invoice
            elif _without_spaces(invoice.invoice_no or "") == number:
                without_prefix[invoice.id] = invoice
        matches = list((exact or without_prefix).values())
        if len(matches) > 1:
            raise ValueError(f"{len(matches)} invoices have the number {invoice_no!r:.60}: give it with its prefix")
        return matches[0] if matches else None

    async def create(self, new: models.NewInvoice, *, key: str | None = None) -> models.Invoice:
        """Make an invoice, a proforma or a draft, and return it in short: without items and client.

        A normal invoice reaches the tax office within seconds and cannot be changed any more, only cancelled. With a
        `key` there is one invoice per key, for ever: a second call, in another process or after a crash, returns the
        first one's invoice. That needs `Billingo(journal=…)`.

        Args:
            new: What to make.
            key: What the invoice is made for, such as the number of an order; 1 to 200 printable characters.

        Raises:
            ConfigurationError: With a key, if there is no journal.
            KeyConflictError: If the key stands for another request already, or has its invoice from one.
            InvalidRequestError: If the server finds fault with a field; `.errors` says with which.
            OutcomeUnknownError: If it may or may not have been made. Without a key, look before you call again; with
                one, calling again asks Billingo what it has and never sends blindly.
            TimedOutError: If the client was updated and the server still shows its old data after `max_wait`.

        Example:
            ```python
            invoice = await billingo.invoices.create(
                NewInvoice(
                    client_uid=client.id,
                    payment_method=1,
                    fulfillment_date=date(2026, 3, 1),
                    due_date=date(2026, 3, 9),
                    items=[NewItem(description="Honey", vat_id=1, qty=2, unit="jar", net_unit_price=Decimal("3500"))],
                ),
                key="order-1234",
            )
            ```

        Source: API docs, Invoices / Save a new invoice.

        """
        if key is not None:
            return await self._once(operations.INVOICES_CREATE, new, key)
        call = operations.INVOICES_CREATE.call(body=to_json(check_model(new, models.NewInvoice).to_payload()))
        await updates.wait_until_visible(Account(self._dispatch), new.client_uid)
        return await self._dispatch.run(call)

    def create_many(
        self, entries: Entries[models.NewInvoice], *, concurrency: int = 10
    ) -> AsyncIterator[Outcome[models.Invoice]]:
        """Make many invoices, each under its key, and tell what became of each as soon as it is known.

        The input is read as it is needed, so it may be longer than the memory; at most `concurrency` of it is held at
        a time. A run that was killed is resumed by running it again: what is made already is not made again. One that
        fails does not stop the others. Leaving the loop stops taking new ones and finishes what is on the wire.

        Args:
            entries: Keys and invoices: a mapping, or any iterable or async iterable of pairs. In place of an invoice a
                function that makes it, or a coroutine function: it is called when its turn has come.
            concurrency: How many are worked on at the same time; fewer after a 429 or 503, for a while.

        Raises:
            ConfigurationError: If there is no journal.
            JournalError: If the journal cannot be used; the run waits `max_wait` seconds for one that is away, and
                stops then.

        Example:
            ```python
            async for outcome in billingo.invoices.create_many(drafts, concurrency=20):
                print(outcome.key, outcome.invoice or outcome.error)
            ```

        Source: API docs, Invoices / Save a new invoice.

        """
        journal = self._journal or missing_journal("invoices.create_many")
        return journal.do_many(self._keyed(operations.INVOICES_CREATE), entries, concurrency=concurrency)

    async def cancel(self, id: int, *, key: str | None = None) -> models.Invoice:
        """Cancel an invoice and return the new invoice that cancels it, whose total is negative.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If it is cancelled already, or cannot be.
            OutcomeUnknownError: If it may or may not have been cancelled.

        Example:
            ```python
            storno = await billingo.invoices.cancel(invoice.id)
            ```

        Source: API docs, Invoices / Cancel the invoice.

        """
        if key is not None:
            return await self._once(operations.INVOICES_CANCEL, (id, None), key)
        call = operations.INVOICES_CANCEL.call(id=id)
        try:
            return await self._dispatch.run(call)
        except OutcomeUnknownError as doubt:
            storno = await self._confirmed_storno(id, call, doubt)
            if storno is None:
                raise
            return storno

    async def _confirmed_storno(
        self, id: int, call: Call[models.Invoice], doubt: OutcomeUnknownError
    ) -> models.Invoice | None:
        """Return the invoice that an odd answer names, if reading it shows that it cancels this one.

        The one that cancels a credit has a positive total, as has the answer to another call.
        """
        cause = doubt.cause
        if doubt.raw is None or not isinstance(cause, MalformedResponseError) or cause.differing != "total":
            return None
        with suppress(BillingoError):
            named = One(lambda: models.Invoice).read(call, Reply(200, {}, doubt.raw))
            storno, canceled = await self.get(named.id), await self.get(id)
            numbers = {canceled.invoice_no, canceled.prefixed_invoice_no} - {None, ""}
            if storno.id != id and storno.is_cancel_invoice and storno.connected_invoice_no in numbers:
                return named
        return None

    async def generate(self, id: int, *, key: str | None = None) -> int | None:
        """Make the normal invoice of a proforma and return its id, where the server tells it.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            invoice_id = await billingo.invoices.generate(proforma.id)
            ```

        Source: API docs, Invoices / Generate normal invoice from proforma invoice; API 2.1 does not tell the id.

        """
        return await self._act(operations.INVOICES_GENERATE, id, None, key)

    async def send(self, id: int, *, key: str | None = None) -> None:
        """Mail the invoice to its client.

        With a `key` it is mailed once at most under this key. Nothing tells afterwards whether a mail was sent: where
        the answer was lost, the doubt stays until a person says what happened (`Billingo.resolve`). That needs
        `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the client has no e-mail address; nothing is mailed.
            OutcomeUnknownError: If the e-mail may or may not have been sent.

        Example:
            ```python
            await billingo.invoices.send(invoice.id)
            ```

        Source: API docs, Invoices / Send the invoice to the client email address.

        """
        return await self._act(operations.INVOICES_SEND, id, None, key)

    async def pay(self, id: int, payment: models.Payment, *, key: str | None = None) -> models.PaymentState:
        """Record a payment, in full or in part, and return what is outstanding, in the invoice's currency.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            OutcomeUnknownError: If it may or may not have been recorded.

        Example:
            ```python
            state = await billingo.invoices.pay(
                invoice.id, Payment(date=date(2026, 3, 2), amount=Decimal("4445"), payment_method=2)
            )
            ```

        Source: API docs, Invoices / Pay the full or partial amount of the invoice.

        """
        return await self._act(operations.INVOICES_PAY, id, payment, key)

    async def undo_payment(self, id: int, *, key: str | None = None) -> models.PaymentState:
        """Take back the payment of an invoice and return what is outstanding, in the invoice's currency.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If nothing is paid of it; with a `key` nothing is sent then.
            OutcomeUnknownError: If it may or may not have been taken back.

        Example:
            ```python
            state = await billingo.invoices.undo_payment(invoice.id)
            ```

        Source: API docs, Invoices / Undo payment of the invoice.

        """
        return await self._act(operations.INVOICES_UNDO_PAYMENT, id, None, key)

    async def blocks(self) -> builtins.list[models.Block]:
        """Return the account's invoice blocks, each with numbers of its own.

        Example:
            ```python
            names = {block.id: block.name for block in await billingo.invoices.blocks()}
            ```

        Source: API docs, Invoices / Get the available invoice blocks.
        """
        return await self._dispatch.run(operations.INVOICES_BLOCKS.call())

    async def code(self, id: int) -> str:
        """Return the code of the invoice's public page; see `access_url` for the address.

        Example:
            ```python
            code = await billingo.invoices.code(invoice.id)
            ```

        Source: API docs, Invoices / Get the download code.
        """
        return await self._dispatch.run(operations.INVOICES_CODE.call(id=id))

    async def access_url(self, id: int) -> str:
        """Return the address of the invoice's public page, where anyone that knows it can see the invoice.

        Example:
            ```python
            address = await billingo.invoices.access_url(invoice.id)
            ```

        Source: API docs, Invoices / Access URL.
        """
        return f"{self._dispatch.settings.origin}/access/c:{quote(await self.code(id), safe='')}"
