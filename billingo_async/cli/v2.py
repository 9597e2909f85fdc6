"""API v2 as the commands ask it.

Never enters here: an option, and what is printed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, Self

import billingo_async as v2
from billingo_async.cli.papers import AccountWords, DocumentSummary, OpenAccount, shared_limit

LANGUAGES: Final = ("hu", "en", "de")
"""In which Billingo names its payment methods. Source: API docs, Payment methods."""
METHODS: Final = {"cash": 1, "transfer": 2, "card": 5}
"""How an invoice is paid. Source: API docs, Payment methods."""
UNPAID: Final = v2.InvoiceStatus.UNPAID
STATUS: Final = {v2.InvoiceStatus.PAID: "paid", UNPAID: "unpaid", v2.InvoiceStatus.CANCELED: "canceled"}


class V2(OpenAccount):
    """API v2."""

    api: ClassVar[str] = "v2"
    noun: ClassVar[str] = "invoice"
    customer: ClassVar[str] = "client_uid"
    customers_noun: ClassVar[str] = "clients"
    default_address: ClassVar[str] = "https://www.billingo.hu/api"
    address_variable: ClassVar[str] = "BILLINGO_BASE_URL"
    limit: ClassVar[v2.RateLimit] = v2.RateLimit(10, per=61.0)
    """What PDFs are paced by."""

    billingo: v2.Billingo

    @classmethod
    def open(cls, journal: v2.Journal | None = None, limits: str | None = None) -> Self:
        """Return a `Billingo` for the keys of the environment."""
        return cls(v2.Billingo(journal=journal, pdf_limit=shared_limit(cls.limit, limits)))

    def listed(self, first: date | None, last: date | None) -> v2.AsyncPager[Any]:
        """List the invoices of some days; all of them where no day is named."""
        invoices = self.billingo.invoices
        return invoices.query(start_date=first, end_date=last) if first or last else invoices.list()

    async def numbered(self, number: str) -> Any:
        """Return the invoice of a printed number, or None."""
        return await self.billingo.invoices.find(number)

    def paper(self, one: Any) -> DocumentSummary:
        """Return what a line tells of an invoice."""
        status = next((word for known, word in STATUS.items() if one.status == known), str(one.status))
        if one.type == v2.InvoiceType.PROFORMA:
            status = "proforma"
        elif one.is_cancel_invoice:
            status = "cancelling"
        elif one.total_paid and one.status == UNPAID:
            status = "partly paid"
        customer = (one.client.name or "") if one.client else ""
        amounts = one.total, one.total_paid, one.currency or ""
        return DocumentSummary(one.id, one.invoice_no or "", one.date, *amounts, status, customer, one.client_uid)

    async def pay(self, one: Any, day: date, amount: Decimal, method: str) -> Decimal:
        """Record a payment and return what is still to be paid."""
        if method not in METHODS and not method.isdigit():
            raise v2.ConfigurationError(f"--method {method}: write {', '.join(METHODS)}, or an id")
        id_ = METHODS.get(method) or int(method)
        state = await self.billingo.invoices.pay(one.id, v2.Payment(date=day, amount=amount, payment_method=id_))
        return Decimal(0) if state.fully_paid else state.outstanding

    async def load(self, words: AccountWords) -> None:
        """Ask for the rates, payment methods and blocks."""
        for rate in await self.billingo.vat.list():
            words.add_rate(rate.id, rate.value, rate.id, rate.description, rate.info_text)
        for language in LANGUAGES:
            for method in await self.billingo.payment_methods.list(language):
                words.add("payment_method", method.id, method.id, method.name)
        words.add("block_uid", 0, 0)
        for block in await self.billingo.invoices.blocks():
            words.add("block_uid", block.id, block.id, block.prefix, block.name)

    def price(self, product: Any) -> tuple[Decimal | None, object, object]:
        """Return the net price of one, the rate of VAT and the currency of a stored product."""
        return product.price, product.vat_id, product.currency_code

    def parts(self, customer: v2.Client) -> Mapping[str, object]:
        """Return what tells a client from others of the same name."""
        address = customer.billing_address
        return {"taxcode": customer.taxcode, **(address.model_dump() if address else {})}

    def new_paper(self, new: v2.NewInvoice, words: AccountWords) -> v2.NewInvoice:
        """Return the invoice, in the block of those that name none."""
        block = words.only_block
        return new if new.block_uid or not block else new.model_copy(update={"block_uid": block})

    def new_customer(self, new: v2.NewClient) -> v2.NewClient:
        """Return the client as it is."""
        return new

    async def examine(self) -> AsyncIterator[str]:
        """Tell whether invoices are legal, how many blocks there are, and the limit."""
        mode = (
            "test mode: nothing is legal" if await self.billingo.user.is_sandbox() else "real: every invoice is legal"
        )
        yield f"keys: accepted; the account is {mode}"
        yield f"invoice blocks: {len(await self.billingo.invoices.blocks())}; PDFs: 10 a minute for an IP address"
