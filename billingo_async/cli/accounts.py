"""An account as the commands ask it, over API v2 or v3: which it is, what a line tells of a document, what is made.

A file has the columns of API v2; over v3 they become its documents and partners. Never enters here: an option, and
what is printed.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, Self, TypeAlias

import billingo_async as v2
from billingo_async import ConfigurationError, Country, Journal, NewClient, NewInvoice, NewItem, RateLimit, v3
from billingo_async.cli.columns import ALIASES
from billingo_async.cli.running import FAILED, USAGE, end
from billingo_async.cli.words import METHODS, AccountWords, plain

DRAFT: Final = "(draft)"
"""What stands in the place of a number."""
STATUS: Final = {1: "paid", 2: "unpaid", 4: "canceled"}
"""What has become of an invoice of API v2. Source: API docs, Invoices."""
_KINDS: Final = {0: "draft", 1: "proforma", 3: "invoice"}
_ROUNDS: Final = {0: "none", 1: "one", 5: "five", 10: "ten"}
_OWN_NAMES: Final = {"is_paid": "paid", "description": "name", "item_comment": "comment"}
_FIELDS: Final = {name: other for other, name in ALIASES.items()} | _OWN_NAMES
"""What a column is called in API v3, where it has another name."""
_YEAR_AND_NUMBER: Final = re.compile(r"(\d{4})\D+(\d+)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """What a line tells of an invoice of API v2 or a document of API v3."""

    id: int
    number: str
    """As it is printed, with its prefix; empty for a draft, which has none yet."""
    day: date | None
    total: Decimal | None
    paid: Decimal | None
    currency: str
    status: str
    customer: str
    customer_id: int | None = None


class OpenAccount:
    """A `Billingo` of either API, while it is open."""

    noun: ClassVar[str]
    customers_noun: ClassVar[str]

    def __init__(self, billingo: Any) -> None:
        """Take it; leaving a `with` closes it."""
        self.billingo = billingo
        self.papers: Any = getattr(billingo, f"{self.noun}s")
        self.customers: Any = getattr(billingo, self.customers_noun)

    async def __aenter__(self) -> Self:
        """Return it; connections are made when they are needed."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.billingo.aclose()


class V2(OpenAccount):
    """API v2."""

    api: ClassVar[str] = "v2"
    noun: ClassVar[str] = "invoice"
    customer: ClassVar[str] = "client_uid"
    customers_noun: ClassVar[str] = "clients"
    keys: ClassVar[Sequence[str]] = ("BILLINGO_PUBLIC_KEY", "BILLINGO_PRIVATE_KEY")
    """The variables that hold its keys."""
    default_address: ClassVar[str] = "https://www.billingo.hu/api"
    address_variable: ClassVar[str] = "BILLINGO_BASE_URL"
    limit: ClassVar[RateLimit] = RateLimit(10, per=61.0)
    """What PDFs are paced by."""

    billingo: v2.Billingo

    @classmethod
    def open(cls, journal: Journal | None = None, limits: str | None = None) -> Self:
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
        status = STATUS.get(one.status, str(one.status))
        if one.type == v2.InvoiceType.PROFORMA:
            status = "proforma"
        elif one.is_cancel_invoice:
            status = "cancelling"
        elif one.total_paid and status == "unpaid":
            status = "partly paid"
        customer = (one.client.name or "") if one.client else ""
        number = one.prefixed_invoice_no or one.invoice_no or ""
        amounts = one.total, one.total_paid, one.currency or ""
        return DocumentSummary(one.id, number, one.date, *amounts, status, customer, one.client_uid)

    async def pay(self, one: Any, day: date, amount: Decimal, method: int) -> Decimal:
        """Record a payment and return what is still to be paid."""
        payment = v2.Payment(date=day, amount=amount, payment_method=method)
        state = await self.billingo.invoices.pay(one.id, payment)
        return Decimal(0) if state.fully_paid else state.outstanding

    async def load(self, words: AccountWords) -> None:
        """Ask for the rates, payment methods and blocks."""
        for rate in await self.billingo.vat.list():
            words.add_rate(rate.id, rate.value, rate.id, rate.description, rate.info_text)
        for language in ("hu", "en", "de"):  # source: API docs, Payment methods
            for method in await self.billingo.payment_methods.list(language):
                words.add("payment_method", method.id, method.id, method.name)
        known = words.words.get("payment_method", {})
        for name, others in METHODS.items():
            for id_ in known.get(plain(others.partition(",")[0]), ()):
                words.add("payment_method", id_, name, *others.split(", "))
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

    def new_paper(self, new: NewInvoice, words: AccountWords) -> NewInvoice:
        """Return the invoice, in the block of those that name none."""
        block = words.only_block
        return new if new.block_uid or not block else new.model_copy(update={"block_uid": block})

    def new_customer(self, new: NewClient) -> NewClient:
        """Return the client as it is."""
        return new

    async def examine(self) -> AsyncIterator[str]:
        """Tell whether invoices are legal, how many blocks there are, and the limit."""
        is_sandbox = await self.billingo.user.is_sandbox()
        mode = "test mode: nothing is legal" if is_sandbox else "real: every invoice is legal"
        yield f"keys: accepted; the account is {mode}"
        yield f"invoice blocks: {len(await self.billingo.invoices.blocks())}; PDFs: 10 a minute for an IP address"


class V3(OpenAccount):
    """API v3."""

    api: ClassVar[str] = "v3"
    noun: ClassVar[str] = "document"
    customer: ClassVar[str] = "partner_id"
    customers_noun: ClassVar[str] = "partners"
    keys: ClassVar[Sequence[str]] = ("BILLINGO_API_KEY",)
    """The variable that holds its key."""
    default_address: ClassVar[str] = "https://api.billingo.hu/v3"
    address_variable: ClassVar[str] = "BILLINGO_V3_BASE_URL"
    limit: ClassVar[RateLimit] = RateLimit(300, per=61.0)
    """What all calls of the key are paced by."""

    billingo: v3.Billingo

    @classmethod
    def open(cls, journal: Journal | None = None, limits: str | None = None) -> Self:
        """Return a `Billingo` for the key of the environment."""
        return cls(v3.Billingo(journal=journal, rate_limit=shared_limit(cls.limit, limits)))

    def listed(self, first: date | None, last: date | None) -> v3.AsyncPager[Any]:
        """List the documents of some days; all of them where no day is named."""
        return self.billingo.documents.list(start_date=first, end_date=last)

    async def numbered(self, number: str) -> Any:
        """Return the document of a printed number, with its prefix or without; None if there is none."""
        parts = _YEAR_AND_NUMBER.search(number)
        if parts is None:
            return None
        year, serial = int(parts[1]), int(parts[2])
        pager = self.billingo.documents.list(start_year=year, end_year=year, start_number=serial, end_number=serial)
        bare = "".join(number.split())
        known = [(one, "".join((one.invoice_number or "").split())) async for one in pager]
        matches = [one for one, printed in known if printed == bare]
        matches = matches or [one for one, printed in known if printed.endswith(bare)]
        if len(matches) > 1:
            raise ConfigurationError(f"{len(matches)} documents have the number {number}: give it with its prefix")
        return matches[0] if matches else None

    def paper(self, one: Any) -> DocumentSummary:
        """Return what a line tells of a document; how much of it is paid no answer holds."""
        status = str(one.payment_status or "").replace("partially_", "partly ").replace("outstanding", "unpaid")
        status = {"proforma": "proforma", "cancellation": "cancelling"}.get(str(one.type), status)
        status = "canceled" if one.cancelled else status
        customer, customer_id = (one.partner.name or "", one.partner.id) if one.partner else ("", None)
        amounts = one.gross_total, None, str(one.currency or "")
        number = one.invoice_number or ""
        return DocumentSummary(one.id, number, one.invoice_date, *amounts, status, customer, customer_id)

    async def pay(self, one: Any, day: date, amount: Decimal, method: int) -> Decimal:
        """Add a payment to those of the document, which are written all together; return what is still to be paid."""
        name = list(v3.PaymentMethod)[method - 1]  # as `load` numbers them
        payment = {"date": day, "price": amount, "payment_method": name}
        if one.currency != "HUF":
            payment["conversion_rate"] = one.conversion_rate
        before = await self.billingo.documents.payments(one.id)
        paid = await self.billingo.documents.set_payments(one.id, [*before, v3.DocumentPayment.model_validate(payment)])
        return (one.gross_total or Decimal(0)) - sum((each.price or Decimal(0) for each in paid), Decimal(0))

    async def load(self, words: AccountWords) -> None:
        """Ask for the blocks; the rates and payment methods are those of the specification, numbered here."""
        for number, vat in enumerate(v3.Vat, 1):
            percent = vat.replace(",", ".")
            value = Decimal(percent.rstrip("%")) / 100 if percent.endswith("%") else Decimal(0)
            words.add_rate(number, value, vat, percent)
        for number, method in enumerate(v3.PaymentMethod, 1):
            words.add("payment_method", number, method, *METHODS.get(method, "").split(", "))
        blocks = await self.billingo.document_blocks.list(type="invoice").to_list()
        for block in blocks:
            words.add("block_uid", block.id, block.id, block.prefix, block.name)
        words.only_block = blocks[0].id if len(blocks) == 1 else None

    def price(self, product: Any) -> tuple[Decimal | None, object, object]:
        """Return the net price of one, the rate of VAT and the currency of a stored product."""
        return product.net_unit_price, product.vat, product.currency

    def parts(self, customer: v3.Partner) -> Mapping[str, object]:
        """Return what tells a partner from others of the same name."""
        address = customer.address
        names = {"postcode": "post_code", "city": "city", "street_name": "address"}
        return {"taxcode": customer.taxcode, **{name: getattr(address, own, None) for name, own in names.items()}}

    def new_paper(self, new: NewInvoice, words: AccountWords) -> v3.NewDocument:
        """Return the document that says the same."""
        fields = _renamed(new.model_dump(exclude_unset=True, exclude_none=True, exclude={"items", "type"}))
        items: list[dict[str, object]] = []
        for item in new.items:
            values = _renamed(item.model_dump(exclude_none=True))
            if isinstance(item, NewItem):
                kind = "net" if item.net_unit_price is not None else "gross"
                values |= {"unit_price": values.pop(f"{kind}_unit_price"), "unit_price_type": kind}
                values["vat"] = words.names["vat_id"][values.pop("vat_id")]
            items.append(values)
        if "round_to" in fields:
            fields["settings"] = {"round": _ROUNDS[fields.pop("round_to")]}
        method = words.names["payment_method"][fields.pop("payment_method")]
        made = {"type": _KINDS[int(new.type)], "block_id": new.block_uid or words.only_block}
        return v3.NewDocument.model_validate({**fields, **made, "payment_method": method, "items": items})

    def new_customer(self, new: NewClient) -> v3.NewPartner:
        """Return the partner that says the same: the country by its code, the street in one line."""
        address = new.billing_address
        street = " ".join(filter(None, (address.street_name, address.street_type, address.house_nr)))
        inside = {part: getattr(address, part) for part in ("block", "entrance", "floor", "door")}
        where = ", ".join([street, *(f"{text} {part}" for part, text in inside.items() if text)])
        code = next((each.name for each in Country if each.value == address.country), address.country)
        values = new.model_dump(include={"name", "taxcode", "phone", "tax_type"}, exclude_none=True)
        place = {"country_code": code, "post_code": address.postcode, "city": address.city, "address": where}
        emails = {"emails": [new.email]} if new.email else {}
        return v3.NewPartner.model_validate({**values, **emails, "address": place})

    async def examine(self) -> AsyncIterator[str]:
        """Tell whose account it is, how many blocks there are, and the limit."""
        yield f"keys: accepted; the account is that of tax number {(await self.billingo.organization.get()).tax_code}"
        blocks = await self.billingo.document_blocks.list(type="invoice").to_list()
        yield f"invoice blocks: {len(blocks)}; calls: 300 a minute for the key"


Service: TypeAlias = V2 | V3
REMEDY: Final = "set BILLINGO_API_KEY for API v3, or BILLINGO_PUBLIC_KEY and BILLINGO_PRIVATE_KEY for API v2"
SERVICES: Final[Mapping[str, type[Service]]] = {"v2": V2, "v3": V3}


def service_at(api: str | None) -> type[Service]:
    """Return the API of a name, or else the one whose key is set; end where the keys do not tell."""
    known = [name for name in ([api] if api else SERVICES) if any(map(os.environ.get, SERVICES[name].keys))]
    if len(known) > 1:
        end(USAGE, "keys of both APIs are set; say --api v2 or --api v3")
    if not known:
        end(FAILED, f"no key of API {api or 'v2 or v3'} is set; {REMEDY}; v3's nouns are documents and partners")
    return SERVICES[known[0]]


def shared_limit(limit: RateLimit, address: str | None) -> RateLimit:
    """Return a limit as the programs of this user share it in their cache folder, or as `--limits` says."""
    if address == "none":
        return limit
    if address is None:
        from platformdirs import user_cache_path  # noqa: PLC0415 - loaded where it is needed

        folder = user_cache_path("billingo-async", appauthor=False)
        with suppress(OSError):  # without the folder, this program counts by itself and says so
            folder.mkdir(parents=True, exist_ok=True)
        address = f"sqlite:///{folder / 'limits.db'}"
    try:
        return RateLimit(limit.count, per=limit.per, shared=address)
    except ConfigurationError as error:
        end(USAGE, f"--limits: {error}; or none")


def _renamed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_FIELDS.get(name, name): value for name, value in values.items()}
