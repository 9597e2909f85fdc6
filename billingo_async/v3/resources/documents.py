"""Documents, and receipts, which are made like them: find, make, correct, mail and settle them.

Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from billingo_async.fields.arguments import check_date_range, check_int, check_str
from billingo_async.fields.exact import to_json
from billingo_async.fields.writing import check_model
from billingo_async.journal.journal import missing_journal
from billingo_async.noun import Files, Noun, rows_of
from billingo_async.v3 import models, operations
from billingo_async.v3.api import MAX_PER_PAGE

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterator, Iterable

    from billingo_async.journal.records import Outcome
    from billingo_async.journal.run import Entries
    from billingo_async.paging import AsyncPager

PRINT_WIDTHS = (58, 80)
"""Millimetres. Source: specification, PosPrint."""


class Documents(Files["models.Document"]):
    """The documents of the account: invoices, advance invoices, proformas, drafts, and what corrects them.

    Every method raises the errors of `billingo_async.errors`. What makes or mails something (`create`, `issue_draft`,
    `cancel`, `copy`, `create_from_proforma`, `create_modification`, `send`) is never repeated in doubt: it raises
    `OutcomeUnknownError`. Source: specification, Document.
    """

    _rows = rows_of("documents", operations.TABLE)
    file_name: ClassVar[str] = "{invoice_number}.pdf"
    waits_until_made: ClassVar[bool] = True

    def list(
        self,
        *,
        page: int = 1,
        per_page: int = MAX_PER_PAGE,
        read_ahead: int = 1,
        block_id: int | None = None,
        partner_id: int | None = None,
        payment_method: models.PaymentMethod | str | None = None,
        payment_status: models.PaymentStatus | str | None = None,
        start_date: date | None = None,
        end_date: date | None = None,
        start_number: int | None = None,
        end_number: int | None = None,
        start_year: int | None = None,
        end_year: int | None = None,
        type: models.DocumentType | str | None = None,
        query: str | None = None,
        paid_start_date: date | None = None,
        paid_end_date: date | None = None,
        fulfillment_start_date: date | None = None,
        fulfillment_end_date: date | None = None,
        last_modified_date: datetime | None = None,
    ) -> AsyncPager[models.Document]:
        """List documents, the newest first: all of them, or those that every given filter lets through.

        Args:
            page: The page to begin with, from 1.
            per_page: Rows of a page, 1 to 100.
            read_ahead: Pages on the wire while the caller works on one.
            block_id: The number range.
            partner_id: The buyer.
            payment_method: How it is paid.
            payment_status: How far it is paid.
            start_date: The first day of issue, in Budapest.
            end_date: The last day of issue.
            start_number: The first number, within `start_year`.
            end_number: The last number, within `end_year`.
            start_year: The year of `start_number`.
            end_year: The year of `end_number`.
            type: The specification names ``invoice`` and ``receipt``.
            query: Free text; what it is looked for in is not documented.
            paid_start_date: The first day of payment.
            paid_end_date: The last day of payment.
            fulfillment_start_date: The first day of fulfillment.
            fulfillment_end_date: The last day of fulfillment.
            last_modified_date: What was changed since; a moment without a zone is Budapest's.

        Raises:
            ValueError: For a page size, a number or an id that cannot be, a day that is no `date`, or a first day after
                the last; nothing is sent.

        Example:
            ```python
            async for document in billingo.documents.list(start_date=date(2026, 3, 1), end_date=date(2026, 3, 31)):
                print(document.invoice_number, document.gross_total, document.currency)
            ```

        Source: specification, ListDocument.

        """
        numbers = {"block_id": block_id, "partner_id": partner_id, "start_number": start_number}
        numbers |= {"end_number": end_number, "start_year": start_year, "end_year": end_year}
        for name, value in numbers.items():
            if value is not None:
                check_int(name, value, 1)
        days = {
            "": (start_date, end_date),
            "paid_": (paid_start_date, paid_end_date),
            "fulfillment_": (fulfillment_start_date, fulfillment_end_date),
        }
        ranges: dict[str, date | None] = {}
        for kind, (start, end) in days.items():
            names = f"{kind}start_date", f"{kind}end_date"
            ranges |= dict(zip(names, check_date_range((names[0], start), (names[1], end)), strict=True))
        return self._pager(
            operations.DOCUMENTS_LIST,
            page,
            per_page,
            read_ahead,
            **numbers,
            **ranges,
            payment_method=payment_method,
            payment_status=payment_status,
            type=type,
            query=query,
            last_modified_date=None if last_modified_date is None else _in_budapest(last_modified_date),
        )

    async def by_vendor_id(self, vendor_id: str) -> models.Document:
        """Return the document that was made with this `vendor_id`; the newest, it seems, where several were.

        The server may not find a document at once after it was made.

        Raises:
            NotFoundError: If there is none.
            ValueError: If the text is empty; nothing is sent.

        Example:
            ```python
            document = await billingo.documents.by_vendor_id("order-1234")
            ```

        Source: specification, GetDocumentByVendorId; what it answers for two of one id is not documented.

        """
        return await self._dispatch.run(operations.DOCUMENTS_BY_VENDOR_ID.call(text=vendor_id))

    async def create(self, new: models.NewDocument, *, key: str | None = None) -> models.Document:
        """Make a document and return it.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        An invoice or an advance invoice is numbered and reported to the tax office at once, and cannot be changed any
        more, only cancelled. Whether the tax office took it, `online_szamla_status` tells later.

        With a key the request carries `vendor_id=key`, unless the caller has set one, and the account is asked before
        whether it has a document under it.

        Raises:
            InvalidRequestError: If the server finds fault with a field (`.errors` says with which), or if the month's
                documents are used up, which is a 400 with a Hungarian text.
            PaymentRequiredError: If the account's plan does not have the API.
            OutcomeUnknownError: If it may or may not have been made: look with `by_vendor_id` before you call again.

        Example:
            ```python
            document = await billingo.documents.create(
                NewDocument(
                    partner_id=partner.id,
                    block_id=180001,
                    type=DocumentType.INVOICE,
                    fulfillment_date=date(2026, 3, 2),
                    due_date=date(2026, 3, 10),
                    payment_method=PaymentMethod.WIRE_TRANSFER,
                    items=[
                        NewDocumentItem(
                            name="Honey", unit_price=3500, unit_price_type=UnitPriceType.NET,
                            quantity=2, unit="jar", vat=Vat.PERCENT_27,
                        )
                    ],
                )
            )
            ```

        Source: specification, CreateDocument.

        """
        return await self._make(operations.DOCUMENTS_CREATE, new, key)

    def create_many(
        self, entries: Entries[models.NewDocument], *, concurrency: int = 10
    ) -> AsyncIterator[Outcome[models.Document]]:
        """Make many documents, each under its key, and tell what became of each as soon as it is known.

        The input is read as it is needed, so it may be longer than the memory; at most `concurrency` of it is held at
        a time. A run that was killed is resumed by running it again: what is made already is not made again. One that
        fails does not stop the others. Leaving the loop stops taking new ones and finishes what is on the wire.

        Args:
            entries: Keys and documents, or functions that make them: a mapping, or any iterable or async iterable of
                pairs.
            concurrency: How many are worked on at the same time; fewer after a 429 or 503, for a while.

        Raises:
            ConfigurationError: If there is no journal.
            JournalError: If the journal cannot be used; the run waits `max_wait` seconds for one that is away, and
                stops then.

        Example:
            ```python
            async for outcome in billingo.documents.create_many(orders, concurrency=20):
                print(outcome.key, outcome.document or outcome.error)
            ```

        Source: specification, CreateDocument.

        """
        journal = self._journal or missing_journal("documents.create_many")
        return journal.do_many(self._keyed(operations.DOCUMENTS_CREATE), entries, concurrency=concurrency)

    async def issue_draft(self, id: int, new: models.NewDocument, *, key: str | None = None) -> models.Document:
        """Make the document of a draft, which keeps its id; `new` is the whole document with the type to issue.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        This is no change of a draft but the making of a legal document. To change a draft, delete it and make another.

        Raises:
            InvalidRequestError: If it is no draft any more.
            OutcomeUnknownError: If it may or may not have been issued: `documents.get` tells by its type.

        Example:
            ```python
            invoice = await billingo.documents.issue_draft(draft.id, order.model_copy(update={"type": "invoice"}))
            ```

        Source: specification, CreateDocumentFromDraft, which is a PUT; seen.

        """
        return await self._act(operations.DOCUMENTS_ISSUE_DRAFT, id, new, key)

    async def delete_draft(self, id: int) -> None:
        """Delete a draft. An issued document cannot be deleted, only cancelled.

        Raises:
            NotFoundError: If there was none with this id at the first try.

        Example:
            ```python
            await billingo.documents.delete_draft(draft.id)
            ```

        Source: specification, DeleteDocument.

        """
        await self._delete(operations.DOCUMENTS_DELETE_DRAFT, id)

    async def archive(self, id: int) -> None:
        """Put a proforma away, for good.

        Example:
            ```python
            await billingo.documents.archive(proforma.id)
            ```

        Source: specification, ArchiveDocument; seen: proformas alone.
        """
        await self._dispatch.run(operations.DOCUMENTS_ARCHIVE.call(id=id))

    async def cancel(
        self, id: int, *, reason: str | None = None, recipients: Iterable[str] = (), key: str | None = None
    ) -> models.Document:
        """Cancel a document and return the new one that cancels it, whose total is negative.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Whether the server cancels a cancelled document once more is not documented: look at `cancelled` before.

        Args:
            id: The document to cancel.
            reason: What the cancelling document says of it.
            recipients: The addresses that it is mailed to.
            key: What it is done for, such as the number of an order.

        Raises:
            OutcomeUnknownError: If it may or may not have been cancelled: the document's `cancelled` tells.

        Example:
            ```python
            storno = await billingo.documents.cancel(document.id, reason="Hibás adatok")
            ```

        Source: specification, CancelDocument.

        """
        addresses = _addresses("recipients", recipients)
        body: dict[str, object] = {}
        if reason is not None:
            body["cancellation_reason"] = check_str("reason", reason)
        if addresses:
            body["cancellation_recipients"] = ",".join(addresses)
        return await self._act(operations.DOCUMENTS_CANCEL, id, body, key)

    async def copy(self, id: int, *, key: str | None = None) -> models.Document:
        """Copy a document and return the new one. A copy of anything but a draft is issued at once.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            OutcomeUnknownError: If it may or may not have been made; nothing tells a copy from another document.

        Example:
            ```python
            again = await billingo.documents.copy(document.id)
            ```

        Source: specification, DocumentCopy; seen.

        """
        return await self._act(operations.DOCUMENTS_COPY, id, {}, key)

    async def create_from_proforma(
        self, id: int, settings: models.InvoiceSettings | None = None, *, key: str | None = None
    ) -> models.Document:
        """Make the invoice of a proforma and return it; `settings` is what it says otherwise than the proforma.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Whether the proforma's payment carries over is not documented: set the payments afterwards.

        Raises:
            OutcomeUnknownError: If it may or may not have been made: the proforma's `related_documents` tell.

        Example:
            ```python
            invoice = await billingo.documents.create_from_proforma(
                proforma.id, InvoiceSettings(due_date=date(2026, 3, 15), fulfillment_date=date(2026, 3, 5))
            )
            ```

        Source: specification, CreateDocumentFromProforma.

        """
        body: Any = {} if settings is None else check_model(settings, models.InvoiceSettings)
        return await self._act(operations.DOCUMENTS_CREATE_FROM_PROFORMA, id, body, key)

    async def create_modification(
        self, id: int, new: models.NewModification, *, key: str | None = None
    ) -> models.Document:
        """Make the document that modifies an invoice, and return it; `new` holds all lines, not only the changed ones.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            OutcomeUnknownError: If it may or may not have been made: the invoice's `related_documents` tell.

        Example:
            ```python
            modification = await billingo.documents.create_modification(invoice.id, NewModification(items=lines))
            ```

        Source: specification, CreateModificationDocument.

        """
        return await self._act(operations.DOCUMENTS_CREATE_MODIFICATION, id, new, key)

    async def send(self, id: int, *, emails: Iterable[str] = (), key: str | None = None) -> builtins.list[str]:
        """Mail a document and return to whom; without `emails` to the partner's own addresses.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Each call mails it again, also where it was mailed as it was made (`settings.should_send_email`).

        Raises:
            OutcomeUnknownError: If it may or may not have been mailed; nothing tells afterwards.

        Example:
            ```python
            await billingo.documents.send(document.id, emails=["accounting@shop.example"])
            ```

        Source: specification, SendDocument.

        """
        addresses = _addresses("emails", emails)
        return await self._act(operations.DOCUMENTS_SEND, id, {"emails": addresses} if addresses else {}, key)

    async def payments(self, id: int) -> builtins.list[models.DocumentPayment]:
        """Return the payments that a document has received.

        Example:
            ```python
            paid = sum(payment.price or 0 for payment in await billingo.documents.payments(document.id))
            ```

        Source: specification, GetPayment.
        """
        return await self._dispatch.run(operations.DOCUMENTS_PAYMENTS.call(id=id))

    async def set_payments(
        self, id: int, payments: Iterable[models.DocumentPayment]
    ) -> builtins.list[models.DocumentPayment]:
        """Replace all payments of a document, and return them. To add one, read them, append it, and set them all.

        Two programs that do so at once lose one of the payments: the API has no way to notice it.
        Where the block makes invoices from paid proformas, paying a proforma may issue an invoice.

        Raises:
            TypeError: For anything but payments; nothing is sent.
            ValueError: For a payment without a date, price or method; nothing is sent.

        Example:
            ```python
            payments = await billingo.documents.payments(document.id)
            payments.append(DocumentPayment(date=date(2026, 3, 5), price=25400, payment_method="bankcard"))
            await billingo.documents.set_payments(document.id, payments)
            ```

        Source: specification, UpdatePayment.

        """
        body = to_json([_checked_payment(payment) for payment in payments])
        return await self._dispatch.run(operations.DOCUMENTS_SET_PAYMENTS.call(body=body, id=id))

    async def clear_payments(self, id: int) -> builtins.list[models.DocumentPayment]:
        """Take back all payments of a document, and return what is left: none.

        Example:
            ```python
            await billingo.documents.clear_payments(document.id)
            ```

        Source: specification, DeletePayment.
        """
        return await self._dispatch.run(operations.DOCUMENTS_CLEAR_PAYMENTS.call(id=id))

    async def public_url(self, id: int) -> str:
        """Return the address of the document's public page, where anyone that knows it can see the document.

        Example:
            ```python
            address = await billingo.documents.public_url(document.id)
            ```

        Source: specification, GetPublicUrl.
        """
        return await self._dispatch.run(operations.DOCUMENTS_PUBLIC_URL.call(id=id))

    async def online_szamla(self, id: int) -> models.OnlineSzamlaStatus:
        """Return what the tax office says of a document.

        Raises:
            NotFoundError: If it was never reported: a draft, a proforma, a document of a test profile.

        Example:
            ```python
            status = await billingo.documents.online_szamla(document.id)
            ```

        Source: specification, GetOnlineSzamlaStatus; seen.

        """
        return await self._dispatch.run(operations.DOCUMENTS_ONLINE_SZAMLA.call(id=id))

    async def reminders(self, id: int) -> builtins.list[models.ReminderEvent]:
        """Return the reminders of a document, mailed, posted and to come, in order of time.

        Example:
            ```python
            coming = [event for event in await billingo.documents.reminders(7) if event.kind == "upcoming_reminders"]
            ```

        Source: specification, GetDocumentReminderEventList.
        """
        return await self._dispatch.run(operations.DOCUMENTS_REMINDERS.call(id=id))

    async def download_pos(self, id: int, *, size: Literal[58, 80]) -> bytes:
        """Return the document as a PDF for the paper of a till, 58 or 80 millimetres wide.

        Raises:
            ValueError: For another width; nothing is sent.
            DocumentNotReadyError: If it was not made within `max_wait`.

        Example:
            ```python
            slip = await billingo.documents.download_pos(document.id, size=58)
            ```

        Source: specification, PosPrint.

        """
        if size not in PRINT_WIDTHS:
            raise ValueError(f"size must be 58 or 80, the width of the paper in millimetres, got {size!r:.40}")
        call = operations.DOCUMENTS_DOWNLOAD_POS.call(query={"size": str(size)}, id=id)
        return await self._file(call)


class Receipts(Noun):
    """Receipts; they are found, cancelled and downloaded as documents. Source: specification, ReceiptInsert."""

    async def create(self, new: models.NewReceipt, *, key: str | None = None) -> models.Document:
        """Make a receipt and return it. It is numbered at once and cannot be changed any more, only cancelled.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field, such as a block of another type.
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            receipt = await billingo.receipts.create(
                NewReceipt(
                    block_id=180002,
                    payment_method=PaymentMethod.CASH,
                    items=[NewReceiptItem(name="Ticket", unit_price=1000, vat=ReceiptVat.PERCENT_27)],
                )
            )
            ```

        Source: specification, CreateReceipt.

        """
        return await self._make(operations.RECEIPTS_CREATE, new, key)

    async def issue_draft(self, id: int, new: models.NewReceipt, *, key: str | None = None) -> models.Document:
        """Make the receipt of a draft, which keeps its id; `new` is the whole receipt with the type to issue.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If it is no draft any more.
            OutcomeUnknownError: If it may or may not have been issued: `documents.get` tells by its type.

        Example:
            ```python
            receipt = await billingo.receipts.issue_draft(draft.id, order.model_copy(update={"type": "receipt"}))
            ```

        Source: specification, CreateReceiptFromDraft, which is a PUT.

        """
        return await self._act(operations.RECEIPTS_ISSUE_DRAFT, id, new, key)


def _addresses(name: str, addresses: Iterable[str]) -> list[str]:
    if isinstance(addresses, str):
        raise TypeError(f"{name} must be a list of addresses, such as [{addresses[:20]!r}], not one text")
    return [check_str(name, address) for address in addresses]


def _checked_payment(payment: Any) -> dict[str, object]:
    if not isinstance(payment, models.DocumentPayment):
        raise TypeError(f"payments must be a list of DocumentPayment, such as [one], not of {type(payment).__name__}")
    missing = next((name for name in payment.required if getattr(payment, name) is None), None)
    if missing is not None:
        raise ValueError(f"DocumentPayment.{missing} is missing")
    return payment.to_payload()


def _in_budapest(moment: datetime) -> str:
    if not isinstance(moment, datetime):
        raise TypeError(f"last_modified_date must be a datetime, got {type(moment).__name__}")
    local = moment if moment.tzinfo is None else moment.astimezone(ZoneInfo("Europe/Budapest"))
    return local.strftime("%Y-%m-%d %H:%M:%S")
