"""The table of all operations: method, path, handler, the body's schema, whether a token or the PDF limit applies.

Nothing is served that has no row here. Everything under `/api` asks for a token; what stands outside it does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from billingo_async.sandbox import bank_accounts, clients, expenses, lists, products, recurring
from billingo_async.sandbox.invoices import deliver, find, issue, settle
from billingo_async.sandbox.refusal import Refusal
from billingo_async.sandbox.serverside import time_

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.http import Response
    from billingo_async.sandbox.office import Office

    Handler = Callable[[Office, Asked], Response]

_PLACEHOLDERS = {
    "{id}": r"(?P<uid>[0-9]{1,18})",
    "{id?}": r"(?P<uid>[0-9]{0,18})",
    "{lang}": r"(?P<word>[a-z]{2})",
    "{code}": r"(?P<word>[A-Za-z0-9]+)",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One row; `schema` names the file in `schemas/`, `limited` means the PDF limit, `public` asks for no token."""

    operation: str
    method: str
    path: str
    handler: Handler
    schema: str | None = None
    limited: bool = False
    public: bool = False

    def pattern(self) -> re.Pattern[str]:
        """The path as a pattern; ids are ASCII digits only."""
        text = re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}").replace(r"\?", "?")
        for placeholder, pattern in _PLACEHOLDERS.items():
            text = text.replace(placeholder, pattern)
        return re.compile(text)


ROUTES = (
    Route("invoices.list", "GET", "/api/invoices", find.list_),
    Route("invoices.query", "GET", "/api/invoices/query", find.query),
    Route("invoices.blocks", "GET", "/api/invoices/blocks", deliver.blocks),
    Route("invoices.get", "GET", "/api/invoices/{id}", find.get),
    Route("invoices.create", "POST", "/api/invoices", issue.create, schema="invoice"),
    Route("invoices.code", "GET", "/api/invoices/{id?}/code", deliver.code),
    Route("invoices.generate", "GET", "/api/invoices/{id}/generate", issue.generate),
    Route("invoices.download", "GET", "/api/invoices/{id}/download", deliver.download, limited=True),
    Route("invoices.cancel", "GET", "/api/invoices/{id}/cancel", issue.cancel),
    Route("invoices.send", "GET", "/api/invoices/{id}/send", deliver.send),
    Route("invoices.pay", "POST", "/api/invoices/{id}/pay", settle.pay, schema="invoice_pay"),
    Route("invoices.undo_payment", "DELETE", "/api/invoices/{id}/pay", settle.undo),
    Route("clients.list", "GET", "/api/clients", clients.list_),
    Route("clients.get", "GET", "/api/clients/{id}", clients.get),
    Route("clients.create", "POST", "/api/clients", clients.create, schema="client"),
    Route("clients.update", "PUT", "/api/clients/{id}", clients.update, schema="client"),
    Route("clients.delete", "DELETE", "/api/clients/{id}", clients.delete),
    Route("products.list", "GET", "/api/products", products.list_),
    Route("products.get", "GET", "/api/products/{id}", products.get),
    Route("products.create", "POST", "/api/products", products.create, schema="product"),
    Route("products.update", "PUT", "/api/products/{id}", products.update, schema="product"),
    Route("products.delete", "DELETE", "/api/products/{id}", products.delete),
    Route("bank_accounts.list", "GET", "/api/bank_accounts", bank_accounts.list_),
    Route("bank_accounts.get", "GET", "/api/bank_accounts/{id}", bank_accounts.get),
    Route("bank_accounts.create", "POST", "/api/bank_accounts", bank_accounts.create, schema="bank_account"),
    Route("bank_accounts.update", "PUT", "/api/bank_accounts/{id}", bank_accounts.update, schema="bank_account"),
    Route("expenses.list", "GET", "/api/expenses", expenses.list_),
    Route("expenses.create", "POST", "/api/expenses", expenses.create, schema="expense"),
    Route("expenses.update", "PUT", "/api/expenses/{id}", expenses.update, schema="expense"),
    Route("expenses.categories", "GET", "/api/expenses/categories/{lang}", expenses.categories),
    Route("payment_methods.list", "GET", "/api/payment_methods/{lang}", lists.payment_methods),
    Route("vat.list", "GET", "/api/vat", lists.vat_rates),
    Route("vat.eu", "GET", "/api/vat/eu", lists.eu_vat),
    Route("currencies.convert", "GET", "/api/currency", lists.convert),
    Route("user.is_sandbox", "GET", "/api/user/is-sandbox", lists.is_sandbox),
    Route("user.tax_code", "GET", "/api/user/tax-code", lists.tax_code),
    Route("recurring.list", "GET", "/api/recurring", recurring.list_),
    Route("recurring.get", "GET", "/api/recurring/{id}", recurring.get),
    Route("recurring.create", "POST", "/api/recurring", recurring.create, schema="recurring"),
    Route("recurring.update", "PUT", "/api/recurring/{id}", recurring.update, schema="recurring"),
    Route("recurring.stop", "POST", "/api/recurring/{id}/stop", recurring.stop),
    Route("recurring.resume", "POST", "/api/recurring/{id}/resume", recurring.resume),
    Route("time", "GET", "/time", time_, public=True),
    Route("access", "GET", "/access/c:{code}", deliver.public_page, public=True),
)

PREFIX = "/api"
OPERATIONS = frozenset(route.operation for route in ROUTES)
_PATTERNS = tuple((route, route.pattern()) for route in ROUTES)


@dataclass(frozen=True, slots=True)
class Match:
    """The row that a request fits, and what its path names."""

    route: Route
    uid: int
    word: str


def no_such_operation(name: str) -> ValueError:
    """The error for a name that no operation has: the nearest one, else all of them."""
    near = get_close_matches(name, OPERATIONS, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f": they are {', '.join(sorted(OPERATIONS))}"
    return ValueError(f"no operation is named {name!r}{hint}")


def operation_of(method: str, path: str) -> str:
    """The name of the operation that a request asks for, blank where there is none."""
    try:
        return match(method, path).route.operation
    except Refusal:
        return ""


def match(method: str, path: str) -> Match:
    """The row for a request.

    Raises:
        Refusal: 404 where no row has that path, 405 with `Allow` where one has it with another method.
    """
    allowed: list[str] = []
    for route, pattern in _PATTERNS:
        found = pattern.fullmatch(path)
        if found is None:
            continue
        if route.method == method:
            named = found.groupdict()
            return Match(route, int(named.get("uid") or 0), named.get("word") or "")
        allowed.append(route.method)
    if allowed:
        raise Refusal(405, "Method Not Allowed", headers=(("Allow", ", ".join(allowed)),))
    raise Refusal(404, "Not Found: there is no such endpoint")
