"""Invoices: find, cancel, mail, settle; making them is in `making`, their PDFs and public pages are in `papers`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.paging import MAX_PER_PAGE, whole
from billingo_async.v2 import models, operations
from billingo_async.v2.resources.downloads import Downloads
from billingo_async.v2.resources.making import Making
from billingo_async.v2.resources.resource import a_day, body_of

if TYPE_CHECKING:
    import builtins
    from datetime import date

    from billingo_async.paging import AsyncPager
    from billingo_async.v2.models import Block, Invoice, Payment, PaymentState


class Invoices(Making, Downloads):
    """The invoices of the account: drafts, proformas, invoices, and the invoices that cancel others.

    Every method raises the errors of `billingo_async.errors`. What changes something legal (`create`, `cancel`,
    `generate`, `send`, `pay`, `undo_payment`) is never repeated in doubt: it raises `OutcomeUnknownError`.
    Source: API docs, Invoices.
    """

    def list(self, *, page: int = 1, max_per_page: int = MAX_PER_PAGE, read_ahead: int = 1) -> AsyncPager[Invoice]:
        """List all invoices, page after page.

        Args:
            page: The page to begin with, from 1.
            max_per_page: Rows of a page, 1 to 50.
            read_ahead: Pages on the wire while the caller works on one.

        Raises:
            ValueError: For a page size that the API would refuse; nothing is sent.

        Example:
            ```python
            async for invoice in billingo.invoices.list():
                print(invoice.invoice_no, invoice.total, invoice.currency)
            ```

        Source: API docs, Invoices / Show the invoices.

        """
        return self._pager(operations.INVOICES_LIST, page, max_per_page, read_ahead)

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
    ) -> AsyncPager[Invoice]:
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
        whole_ones = {
            "num_start": num_start,
            "num_end": num_end,
            "year_start": year_start,
            "year_end": year_end,
            "payment_method": payment_method,
            "block": block,
        }
        for name, value in whole_ones.items():
            if value is not None:
                whole(name, value, 0 if name == "block" else 1)
        for bound in ("start", "end"):
            if whole_ones[f"num_{bound}"] is not None and whole_ones[f"year_{bound}"] is None:
                msg = f"num_{bound} needs year_{bound}: invoice numbers begin anew each year"
                raise ValueError(msg)
        first, last = a_day("start_date", start_date), a_day("end_date", end_date)
        if start_date is not None and end_date is not None and start_date > end_date:
            msg = f"start_date {first} is after end_date {last}: no day lies between; swap them"
            raise ValueError(msg)
        return self._pager(
            operations.INVOICES_QUERY,
            page,
            max_per_page,
            read_ahead,
            start_date=first,
            end_date=last,
            **whole_ones,
        )

    async def get(self, id: int) -> Invoice:
        """Return one invoice.

        Raises:
            NotFoundError: If there is none with this id.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            invoice = await billingo.invoices.get(1938103373)
            ```

        Source: API docs, Invoices / Show the invoices.

        """
        return await self._dispatch.run(operations.INVOICES_GET.call(id=id))

    async def cancel(self, id: int) -> Invoice:
        """Cancel an invoice and return the new invoice that cancels it, whose total is negative.

        Raises:
            InvalidRequestError: If it is cancelled already, or cannot be.
            OutcomeUnknownError: If it may or may not have been cancelled.

        Example:
            ```python
            storno = await billingo.invoices.cancel(invoice.id)
            ```

        Source: API docs, Invoices / Cancel the invoice.

        """
        return await self._dispatch.run(operations.INVOICES_CANCEL.call(id=id))

    async def generate(self, id: int) -> int | None:
        """Make the normal invoice of a proforma and return its id, where the server tells it.

        Raises:
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            invoice_id = await billingo.invoices.generate(proforma.id)
            ```

        Source: API docs, Invoices / Generate normal invoice from proforma invoice; API 2.1 does not tell the id.

        """
        return await self._dispatch.run(operations.INVOICES_GENERATE.call(id=id))

    async def send(self, id: int) -> None:
        """Mail the invoice to its client.

        Raises:
            InvalidRequestError: If the client has no e-mail address; nothing is mailed.
            OutcomeUnknownError: If the e-mail may or may not have been sent.

        Example:
            ```python
            await billingo.invoices.send(invoice.id)
            ```

        Source: API docs, Invoices / Send the invoice to the client email address.

        """
        await self._dispatch.run(operations.INVOICES_SEND.call(id=id))

    async def pay(self, id: int, payment: Payment) -> PaymentState:
        """Record a payment, in full or in part, and return what is outstanding, in the invoice's currency.

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
        return await self._dispatch.run(operations.INVOICES_PAY.call(id=id, body=body_of(payment, models.Payment)))

    async def undo_payment(self, id: int) -> PaymentState:
        """Take back the payment of an invoice and return what is outstanding, in the invoice's currency.

        Raises:
            OutcomeUnknownError: If it may or may not have been taken back.

        Example:
            ```python
            state = await billingo.invoices.undo_payment(invoice.id)
            ```

        Source: API docs, Invoices / Undo payment of the invoice.

        """
        return await self._dispatch.run(operations.INVOICES_UNDO_PAYMENT.call(id=id))

    async def blocks(self) -> builtins.list[Block]:
        """Return the account's invoice blocks, each with numbers of its own.

        Example:
            ```python
            names = {block.id: block.name for block in await billingo.invoices.blocks()}
            ```

        Source: API docs, Invoices / Get the available invoice blocks.
        """
        return await self._dispatch.run(operations.INVOICES_BLOCKS.call())
