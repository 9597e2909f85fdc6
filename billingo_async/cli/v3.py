"""API v3 as the commands ask it: the columns and words of a file become its documents and partners.

Never enters here: an option, and what is printed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, Self

from billingo_async import ConfigurationError, Country, Journal, NewClient, NewInvoice, NewItem, RateLimit, v3
from billingo_async.cli.columns import ALIASES
from billingo_async.cli.papers import AccountWords, DocumentSummary, OpenAccount, shared_limit

_KINDS: Final = {0: "draft", 1: "proforma", 3: "invoice"}
_ROUNDS: Final = {0: "none", 1: "one", 5: "five", 10: "ten"}
_OWN_NAMES: Final = {"is_paid": "paid", "description": "name", "item_comment": "comment"}
_FIELDS: Final = {name: other for other, name in ALIASES.items()} | _OWN_NAMES
"""What a column is called in v3, where it has another name."""
METHODS: Final = {"transfer": "wire_transfer", "card": "bankcard"}
METHOD_NAMES: Final = {
    "cash": "1, Készpénz, Cash, Barzahlung",
    "wire_transfer": "2, Átutalás, Wiretransfer, Überweisung",
    "cash_on_delivery": "4, Utánvét, Cash on Delivery, Nachnahme",
    "bankcard": "5, Bankkártya, Bankcard, Bankkarte",
    "szep_card": "SZÉP kártya, SZEP card, SZÉP-Karte",
    "postai_csekk": "Postai csekk, Postal check, Postscheck",
    "kompenzacio": "Kompenzáció, Compensation, Kompensation",
    "ep_kartya": "Egészségpénztári kártya, Health insurance card, Gesundheitskassenkarte",
    "coupon": "Kupon, Coupon, Gutschein",
    "utalvany": "Utalvány, Voucher, Wertgutschein",
}
"""What the payment methods are called in v2, by their names in v3. Source: API docs, Payment methods."""
_YEAR_AND_NUMBER: Final = re.compile(r"(\d{4})\D+(\d+)$", re.ASCII)


class V3(OpenAccount):
    """API v3."""

    api: ClassVar[str] = "v3"
    noun: ClassVar[str] = "document"
    customer: ClassVar[str] = "partner_id"
    customers_noun: ClassVar[str] = "partners"
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
        customer = (one.partner.name or "") if one.partner else ""
        amounts = one.gross_total, None, str(one.currency or "")
        status = "canceled" if one.cancelled else status
        customer_id = one.partner and one.partner.id
        number = one.invoice_number or ""
        return DocumentSummary(one.id, number, one.invoice_date, *amounts, status, customer, customer_id)

    async def pay(self, one: Any, day: date, amount: Decimal, method: str) -> Decimal:
        """Add a payment to those of the document, which are written all together; return what is still to be paid."""
        payment = {"date": day, "price": amount, "payment_method": METHODS.get(method, method)}
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
            words.add("payment_method", number, method, *METHOD_NAMES.get(method, "").split(", "))
        blocks = [block async for block in self.billingo.document_blocks.list(type="invoice")]
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
        given = new.model_dump(exclude_unset=True, exclude_none=True, exclude={"items", "type"})
        fields = _renamed(given)
        items: list[dict[str, object]] = []
        for item in new.items:
            values = _renamed(item.model_dump(exclude_none=True))
            if isinstance(item, NewItem):
                kind = "net" if item.net_unit_price is not None else "gross"
                values |= {"unit_price": values.pop(f"{kind}_unit_price"), "unit_price_type": kind}
                values["vat"] = words.name_of("vat_id", values.pop("vat_id"))
            items.append(values)
        if "round_to" in fields:
            fields["settings"] = {"round": _ROUNDS[fields.pop("round_to")]}
        method = words.name_of("payment_method", fields.pop("payment_method"))
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
        tax_code = (await self.billingo.organization.get()).tax_code
        yield f"keys: accepted; the account is that of the tax number {tax_code}"
        blocks = await self.billingo.document_blocks.list(type="invoice").to_list()
        yield f"invoice blocks: {len(blocks)}; calls: 300 a minute for the key"


def _renamed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_FIELDS.get(name, name): value for name, value in values.items()}
