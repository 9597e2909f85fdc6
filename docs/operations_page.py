"""Writes the page of all operations when the documentation is built, from the table that decides what is repeated.

The Python calls are found on the face of the library: a row whose call is gone stops the build.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import billingo_async
from billingo_async import v3
from billingo_async.protocol.call import Effect
from billingo_async.v2 import operations as v2_operations
from billingo_async.v2.api import DEFAULT_PDF_LIMIT
from billingo_async.v3 import operations as v3_operations
from billingo_async.v3.api import DEFAULT_RATE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from properdocs.config.defaults import MkDocsConfig
    from properdocs.structure.files import Files

    from billingo_async.protocol.call import Operation
    from billingo_async.settings import RateLimit

OPENING = """\
---
hide: [toc]
---

# Operations: what is ever repeated, and what never is

Every call that this library can make, one a row: [those of API v3](#api-v3) and [those of API v2](#api-v2). The page is
made from the very tables that the library decides by, so it cannot say anything else than what happens.

Lines drop and servers fail. Then nobody can tell whether the request arrived, and the question is: may it be sent
again? The column *effect* answers it.

| effect | what a second time would do | when the line drops |
| --- | --- | --- |
{effects}

In the words of a bookkeeper:

- **Never made twice by itself:** {once}.
  If the library cannot learn what became of such a request, it does not send another one but says so with
  [`OutcomeUnknownError`][billingo_async.OutcomeUnknownError]. A person, or the [journal of keys](guides/bulk.md), then
  looks before anything is sent again.
- **Sent again without a question:** only where the server certainly did nothing. It could not be reached at all, it
  said that it was too busy and had not touched the request, or it turned the token away because of its times.
- **Repeated freely:** whatever only reads, and what leaves the same state however often it is done, such as writing a
  customer's new address.
- **The HTTP method does not tell.** In API v2 {getters} are GET requests, and each of them makes something; in API v3
  {putters} are PUT requests, and each of them issues a legal document.

How long the library tries is up to you (`max_retries`, `max_wait`).
[Why it works so](explanation/effects.md) is another page.

<div class="operations" markdown>
"""

EFFECTS = {
    Effect.READ: ("nothing: it only reads", "tried again, up to `max_retries` times"),
    Effect.SAME: ("nothing more: the same state as after the first", "tried again, up to `max_retries` times"),
    Effect.ONCE: (
        "harm: a second invoice, e-mail, payment or record",
        "**never sent again**: `OutcomeUnknownError`",
    ),
}
"""What each effect means to a reader: a second time, a dropped line."""

MADE = {
    "invoices.create": "an invoice",
    "invoices.cancel": "a cancellation",
    "invoices.generate": "the invoice of a proforma",
    "invoices.send": "an e-mail to a customer",
    "invoices.pay": "a payment",
    "invoices.undo_payment": "the taking back of a payment",
    "clients.create": "a customer whom `force=True` doubles",
    "products.create": "a product",
    "expenses.create": "an expense",
    "bank_accounts.create": "a bank account",
    "recurring.create": "a recurring profile",
    "documents.create": "an invoice",
    "documents.issue_draft": "the invoice of a draft",
    "documents.cancel": "a cancellation",
    "documents.copy": "a copy, which is issued",
    "documents.create_from_proforma": "the invoice of a proforma",
    "documents.create_modification": "the correction of an invoice",
    "documents.send": "an e-mail to a customer",
    "receipts.create": "a receipt",
    "receipts.issue_draft": "the receipt of a draft",
    "partners.create": "a partner",
    "document_blocks.create": "a range of numbers",
    "spendings.create": "a cost",
    "exports.create": "an export",
}
"""What each operation that must not happen twice makes, in plain words; a test holds it against the table."""

NOUNS = {
    "invoices": "Invoices",
    "clients": "Clients (customers)",
    "products": "Products",
    "expenses": "Expenses",
    "bank_accounts": "Bank accounts",
    "payment_methods": "Payment methods",
    "vat": "Value added tax",
    "currencies": "Currencies",
    "user": "The account",
    "recurring": "Recurring profiles (withdrawn by the vendor)",
    "documents": "Documents",
    "receipts": "Receipts",
    "partners": "Partners (customers and suppliers)",
    "document_blocks": "Document blocks",
    "spendings": "Spendings",
    "exports": "Exports",
    "organization": "The organization",
    "tax_numbers": "Tax numbers",
    "legacy_ids": "The ids of API v2",
    "time": "The server's clock",
}
"""Each noun of either API, in the order of the page."""
APIS: dict[str, tuple[Any, Any, RateLimit]] = {
    "API v3": (v3.Billingo, v3_operations, DEFAULT_RATE_LIMIT),
    "API v2": (billingo_async.Billingo, v2_operations, DEFAULT_PDF_LIMIT),
}
"""What carries the calls out, the table, and what a limit of the table is."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page to the documentation."""
    from properdocs.structure.files import File  # noqa: PLC0415 - the tests read the page where properdocs is not installed

    files.append(File.generated(config, "operations.md", content=page()))
    return files


def page() -> str:
    """Return the page."""
    tables = [row for _, table, _ in APIS.values() for row in table.TABLE]
    once = [row for row in tables if row.effect is Effect.ONCE]
    parts = [
        OPENING.format(
            effects="\n".join(f"| **{effect}** | {again} | {drop} |" for effect, (again, drop) in EFFECTS.items()),
            once=", ".join(dict.fromkeys(MADE[row.name] for row in once)),
            getters=_listed(once, "GET"),
            putters=_listed(once, "PUT"),
        )
    ]
    for api, (_, table, limit) in APIS.items():
        parts.append(f"## {api}\n")
        if api == "API v3":
            parts.append(f"All calls of one key together: {limit.count} in {limit.per:g} s.\n")
        for noun, title in NOUNS.items():
            rows = [row for row in table.TABLE if row.name.partition(".")[0] == noun]
            if rows:
                parts.append(f"### {title}\n\n| operation | request | effect | limit | call |\n{'| --- ' * 5}|")
                parts.append("\n".join(_line(row, api) for row in rows) + "\n")
    return "\n".join([*parts, "</div>\n"])


def _listed(rows: list[Operation[Any]], method: str) -> str:
    names = [f"`{row.name}`" for row in rows if row.method == method]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _line(row: Operation[Any], api: str) -> str:
    effect = f"**{row.effect}**" if row.effect is Effect.ONCE else str(row.effect)
    limited = APIS[api][2]
    limit = f"{limited.count} in {limited.per:g} s" if row.limit is not None else ""
    shown = "<br>".join(f"`{call}`" for call in calls(row, api))
    return f"| `{row.name}` | `{row.method} {row.path}` | {effect} | {limit} | {shown} |"


def calls(row: Operation[Any], api: str) -> list[str]:
    """Return the Python calls that carry out a row, the one of the row's own name first.

    Raises AttributeError if the face of the library has none.
    """
    billingo, table, _ = APIS[api]
    noun, _, verb = row.name.partition(".")
    if not verb:
        return [_shown("billingo", billingo.server_time)]
    kind = inspect.get_annotations(billingo)[noun]
    face: type[Any] = getattr(inspect.getmodule(billingo), kind)
    named = getattr(face, verb, None) or getattr(face, f"{verb}_to", None)
    constant = next((name for name in dir(table) if getattr(table, name) is row), row.name)
    others = [method for method in _methods(face) if f"operations.{constant}." in inspect.getsource(method)]
    methods = list(dict.fromkeys([*([named] if named else []), *others]))
    if not methods:
        raise AttributeError(f"nothing carries out {row.name}")
    forced = {"new": "NewClient(…, force=True)"} if constant == "CLIENTS_FORCE" else {}
    return [_shown(f"billingo.{noun}", method, {} if method is named else forced) for method in methods]


def _methods(face: type[Any]) -> Iterator[Any]:
    return (method for name, method in inspect.getmembers(face, inspect.isfunction) if not name.startswith("_"))


def _shown(owner: str, method: Any, forced: dict[str, str] | None = None) -> str:
    """Return a call with what it needs: models by their name, everything optional left out."""
    given: list[str] = []
    for name, parameter in list(inspect.signature(method).parameters.items())[1:]:
        if parameter.default is not parameter.empty:
            continue
        kind = str(parameter.annotation)
        is_model = hasattr(billingo_async, kind) or hasattr(v3, kind)
        value = (forced or {}).get(name) or (f"{kind}(…)" if is_model else name)
        given.append(f"{name}=…" if parameter.kind is parameter.KEYWORD_ONLY else value)
    return f"{owner}.{method.__name__}({', '.join(given)})"
