"""The books: all state of one sandbox, its switches, calendar and dice; nothing of HTTP or of a dialect enters here."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Literal

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import totals
from billingo_async.sandbox.http import JsonObject
from billingo_async.sandbox.ledger import Entry, Ledger, Mail
from billingo_async.sandbox.records import RECEIPTS, Invoice, Number, Record, Row, Table, Terms, Type

_LOWEST_ID = 10_000_000
_HIGHEST_ID = 2_000_000_000
_CODE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_CODE_LENGTH = 8
_INHERITED = frozenset({"settings", "discount", "partner"})
"""What v3 knows of a document, and of those that are made from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """How v3's counter answers where nothing public says how the real one does; each default is the more dangerous one.

    Source: the unknowns of the v3 reference. The page "The sandbox's switches" of the documentation says more of each.

    Example:
        `sandbox.switches = Switches(second_cancel="refuse", vendor_id_lag=2.0)`
    """

    second_cancel: Literal["storno", "refuse"] = "storno"
    """A second cancel of one document: another storno, or a refusal with 422."""
    second_from_proforma: Literal["issue", "refuse"] = "issue"
    """A second document from one proforma: another document, or a refusal with 422."""
    not_a_draft_status: int = 422
    """The status for issuing or deleting a document that is no draft: 400, 403 or 422."""
    vendor_id_unique: bool = False
    """Whether a second document with the same `vendor_id` is refused with 422."""
    vendor_id_lag: float = 0.0
    """For so many seconds after it was made, a document is not found by its `vendor_id`."""
    vendor_id_answer: Literal["newest", "oldest"] = "newest"
    """Which document a `vendor_id` leads to that several have."""
    vendor_id_hides: frozenset[str] = frozenset()
    """Types of documents that are not found by their `vendor_id`, such as `draft`."""
    foreign_row_status: int = 403
    """The status for another profile's row: 403 or 404."""
    subscription: bool = True
    """Without one, everything is answered with 402."""
    quota_left: int | None = None
    """How many more documents the month's quota allows; beyond it, 400 and a Hungarian text."""
    rate_headers: Literal["none", "limit", "all"] = "none"
    """Which rate headers an answer has: none, as seen in 2026; two, as in 2024; all four, as documented."""
    retry_after: bool = False
    """Whether a 429 says when to come back."""
    line_digits: int | None = 2
    """The decimals to which the sums of a line are rounded; None leaves them exact."""
    draft_number: Literal["blank", "null", "missing"] = "blank"
    """The `invoice_number` of a draft."""
    pdf_after: float = 2.0
    """A PDF is answered with 202 for so many seconds after its document was made."""
    pdf_wrapped: bool = True
    """Whether the body of that 202 is wrapped in `error`, as seen, or bare, as documented."""
    pos_after: float = 2.0
    """The same for the print of a till."""
    nav_connected: bool = True
    """Whether documents are reported to NAV; a test profile's are not."""
    nav_after: float = 5.0
    """A document's report is processed for so many seconds."""
    nav_outcome: str = "done"
    """What the report comes to: `done`, `nav_warn`, `aborted` or another of the states."""
    block_answer: bool = False
    """Whether making a block answers the block, or nothing."""
    empty_account_number: Literal["--", ""] = "--"
    """The `account_number` of a partner that has none."""
    export_outcome: Literal["success", "warning", "fail"] = "success"
    """What an export comes to."""
    growing_enums: bool = False
    """Whether answers hold values that the specification does not know."""


class Books:
    """One account's books.

    `at`, `api`, `operation` and `timezone` are those of the request that is being answered, the same all through it.
    """

    def __init__(self, ledger: Ledger, seed: int = 0, first_row: int = 1) -> None:
        self.at: float = 0.0
        self.api: str = "v2"
        self.operation: str = ""
        self.timezone: tzinfo = UTC
        self.switches: Switches = Switches()
        self._dice = random.Random(seed)  # noqa: S311 - ids that look like the real one's, no secrets
        self._taken: set[int] = set(seeds.BLOCKS)
        self._serials: dict[tuple[int, int, str], int] = {}
        self.ledger: Ledger = ledger
        self.outbox: list[Mail] = []
        self.quota_used: int = 0
        self.vendor_ids: dict[str, list[int]] = {}
        self.blocks: Table[seeds.Block] = Table("document block", 180_000 + first_row)
        for block in seeds.BLOCKS.values():
            self.blocks.put(block.uid, block)
        self.clients: Table[Record] = Table("client", 1_800_000_000 + first_row)
        self.products: Table[Record] = Table("product", 12_000_000 + first_row)
        self.expenses: Table[Record] = Table("expense", 0 + first_row)
        self.recurring: Table[Record] = Table("recurring profile", 0 + first_row)
        self.bank_accounts: Table[Record] = Table("bank account", 140_000 + first_row)
        self.spendings: Table[Record] = Table("spending", 9_000_000 + first_row)
        self.exports: dict[str, JsonObject] = {}
        self.invoices: Table[Invoice] = Table("invoice", 70_000_000 + first_row)

    def __repr__(self) -> str:
        return f"Books({len(self.invoices)} invoices, {len(self.clients)} clients)"

    def know_of(self, other: Books) -> None:
        """Know another profile's rows from ids that nothing has."""
        for mine, theirs in zip(self._shared_tables(), other._shared_tables(), strict=True):
            mine.foreign, theirs.foreign = theirs, mine

    def set_switches(self, switches: Switches) -> None:
        """Answer so from now on; the month's quota starts anew."""
        self.switches, self.quota_used = switches, 0
        for table in self._shared_tables():
            table.foreign_status = switches.foreign_row_status

    def _shared_tables(self) -> tuple[Table[Any], ...]:
        return (self.blocks, self.clients, self.products, self.bank_accounts, self.spendings, self.invoices)

    def new_id(self) -> int:
        """An id that was never given before, of the size of the real one's and in no order."""
        while (uid := self._dice.randint(_LOWEST_ID, _HIGHEST_ID)) in self._taken:
            pass
        self._taken.add(uid)
        return uid

    def new_code(self) -> str:
        """A code for an invoice's public page."""
        return "".join(self._dice.choices(_CODE_LETTERS, k=_CODE_LENGTH))

    def today(self) -> date:
        """The day on the sandbox's calendar."""
        return self.now().date()

    def now(self) -> datetime:
        """The instant of the request on the sandbox's calendar."""
        return datetime.fromtimestamp(self.at, self.timezone)

    def timestamp(self) -> str:
        """This instant as `created_at` and `updated_at` spell it."""
        return f"{self.now():%Y-%m-%d %H:%M:%S}"

    def issue(
        self,
        type_: Type,
        block: seeds.Block,
        *,
        terms: Terms,
        client: JsonObject,
        rows: tuple[Row, ...],
        draft: Invoice | None = None,
    ) -> Invoice:
        """Make a document and take its number, after everything that could refuse has been checked.

        Numbers have one sequence a block, year and prefix, without a gap. What is issued from a draft has its ids.
        """
        number: Number | None = None
        today = self.today()
        if type_ is not Type.DRAFT:
            prefix = "D-" if type_ is Type.PROFORMA else ""
            key = (block.uid, today.year, prefix)
            self._serials[key] = self._serials.get(key, 0) + 1
            number = Number(today.year, self._serials[key], prefix)
        if draft is not None:
            self.invoices.remove(draft.uid)
        invoice = Invoice(
            uid=draft.uid if draft else self.new_id(),
            code=draft.code if draft else self.new_code(),
            type=type_,
            date=today,
            made_at=self.at,
            modified_at=self.at,
            block=block,
            number=number,
            terms=terms,
            client=client,
            rows=rows,
            totals=totals([(row.rate, row.price.sums) for row in rows], terms.round_to),
        )
        self.invoices.put(invoice.uid, invoice)
        return invoice

    def issue_after(self, original: Invoice, type_: Type, terms: Terms, rows: tuple[Row, ...] | None = None) -> Invoice:
        """A document of another one's block and customer, and of its rows unless others are given."""
        rows = original.rows if rows is None else rows
        invoice = self.issue(type_, original.block, terms=terms, client=original.client, rows=rows)
        invoice.more |= {name: value for name, value in original.more.items() if name in _INHERITED}
        return invoice

    def issue_from_proforma(self, proforma: Invoice, terms: Terms, type_: Type = Type.INVOICE) -> Invoice:
        """The document of a proforma, each linked to the other."""
        invoice = self.issue_after(proforma, type_, terms)
        proforma.generated = invoice
        self.link(proforma, invoice)
        return invoice

    def issue_storno(self, invoice: Invoice, comment: str | None = None) -> Invoice:
        """The document that cancels another: every sum turned, the next number of the same block, both linked."""
        terms = replace(invoice.terms, due_date=self.today().isoformat())
        if comment is not None:
            terms = replace(terms, comment=comment)
        type_ = Type.RECEIPT_CANCELLATION if invoice.type in RECEIPTS else Type.CANCELLATION
        storno = self.issue_after(invoice, type_, terms, tuple(row.turned() for row in invoice.rows))
        storno.cancels = invoice
        invoice.cancelled_by = invoice.cancelled_by or storno
        invoice.touch(self.at)
        self.link(invoice, storno)
        return storno

    def made_with(self, vendor_id: str) -> list[Invoice]:
        """The documents that were made with a `vendor_id` of v3 and are still there, oldest first."""
        uids = dict.fromkeys(self.vendor_ids.get(vendor_id, ()))
        return [self.invoices.get(uid) for uid in uids if uid in self.invoices]

    def link(self, one: Invoice, other: Invoice) -> None:
        """Name each among the other's related documents."""
        one.related.append(other)
        other.related.append(one)

    def keep(
        self, table: Table[Record], written: JsonObject, more: JsonObject | None = None, *, old: Record | None = None
    ) -> Record:
        """Keep what was written as a new record, or in the place of an old one."""
        now = self.timestamp()
        uid, created_at = (old.uid, old.created_at) if old else (self.new_id(), now)
        record = Record(uid, written, more or {}, created_at, now)
        table.put(uid, record)
        return record

    def bank_account_for(self, terms: Terms) -> Record | None:
        """The bank account that an invoice names, else the first one in its currency, else none."""
        if terms.bank_account_uid is not None:
            return self.bank_accounts.get(terms.bank_account_uid)
        oldest_first = reversed(list(self.bank_accounts))
        return next((each for each in oldest_first if each.written["currency"] == terms.currency), None)

    def counts(self) -> dict[str, int]:
        """How many of each noun it holds, of e-mails that would have been sent and of committed changes."""
        tables: tuple[Table[Any], ...] = (self.invoices, self.clients, self.products, self.expenses)
        tables += (self.bank_accounts, self.spendings, self.recurring)
        counts = {f"{table.noun}s": len(table) for table in tables}
        return counts | {"e-mails": len(self.outbox), "committed changes": len(self.ledger)}

    def record(self, id: int, of: int | None = None) -> None:
        """Write a committed change into the ledger."""
        self.ledger.append(Entry(self.operation, id, id if of is None else of, self.at, self.api))
