"""The ledger, the plain values, and the fixtures for other people's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billingo_async.sandbox import Request, Response, Sandbox

if TYPE_CHECKING:
    from sandbox_caller import Caller, Clock


async def test_the_ledger_tells_what_was_committed(caller: Caller, sandbox: Sandbox, clock: Clock) -> None:
    """Each change is one entry with its operation, its ids and its instant; reads and refusals are none."""
    client = await caller.new_client()
    clock.at += 5
    invoice = await caller.new_invoice(client)
    await caller.get("/invoices")
    await caller.refused(404, "GET", "/invoices/1/cancel")
    storno = (await caller.get(f"/invoices/{invoice}/cancel"))["id"]
    entries = [(e.operation, e.id, e.of, e.at) for e in sandbox.ledger]
    assert entries == [
        ("clients.create", client, client, clock.at - 5),
        ("invoices.create", invoice, invoice, clock.at),
        ("invoices.cancel", storno, invoice, clock.at),
    ]
    assert len(sandbox.ledger) == 3
    assert [e.id for e in sandbox.ledger[1:]] == [invoice, storno]
    assert sandbox.ledger.count(sandbox.ledger[0]) == 1
    assert sandbox.ledger.of("invoices.cancel", of=invoice) == [sandbox.ledger[-1]]
    assert sandbox.ledger.of("invoices.cancel", of=storno) == []


@pytest.mark.parametrize(
    ("slip", "remedy"),
    [("invoice.create", "did you mean 'invoices.create'?"), ("POST", "they are bank_accounts.create, ")],
)
def test_a_slip_is_not_counted_as_nothing(slip: str, remedy: str) -> None:
    """A name that no operation has is an error that tells the right one, never a 0 that lets a test pass."""
    ledger = Sandbox().ledger
    for ask in (ledger.count, ledger.of):
        with pytest.raises(ValueError, match=f"no operation is named '{slip}'") as refused:
            ask(slip)
        assert remedy in str(refused.value)


def test_requests_and_responses_hide_what_they_hold() -> None:
    """Neither shows a token, a body or a query when printed."""
    request = Request("POST", "/api/clients", "q=secret", {"authorization": "Bearer secret"}, b"secret")
    response = Response(200, b"secret", (("X-Secret", "secret"),))
    assert "secret" not in repr(request) + repr(response)
    assert response.header("x-secret") == "secret"
    assert response.header("x-other") is None


async def test_nothing_printed_names_a_customer(caller: Caller, sandbox: Sandbox) -> None:
    """No repr of the books or of what they hold shows a name or an address."""
    client = await caller.new_client()
    invoice = await caller.new_invoice(client)
    await caller.call("GET", f"/invoices/{invoice}/send")
    await caller.post("/products", {"name": "Minta", "price": 1, "unit": "", "currency_code": "HUF", "vat_id": 1})
    await caller.post("/expenses", {"name": "Minta", "categories_id": 1, "gross_price": 1, "client_uid": client})
    await caller.post("/recurring", {"base_invoice_uid": invoice, "frequency": "1M", "comment": "Minta"})
    books = sandbox._books  # pyright: ignore[reportPrivateUsage]  # the books are not public
    tables = (books.clients, books.invoices, books.products, books.expenses, books.recurring)
    records = [record for table in tables for record in table]
    printed = " ".join(map(repr, [sandbox, books, *tables, *records, *sandbox.outbox]))
    assert len(records) == 5
    assert "Minta" not in printed
    assert "minta@" not in printed


async def test_the_same_seed_gives_the_same_ids(clock: Clock) -> None:
    """Ids are random and repeatable: the same seed, the same ids; another, others."""

    def first_id(seed: int) -> int:
        return Sandbox(now=clock, seed=seed)._books.new_id()  # pyright: ignore[reportPrivateUsage]  # no request is needed

    assert first_id(1) == first_id(1) != first_id(2)


def test_the_fixtures(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """In other people's tests `billingo` and `billingo_v3` talk to `billingo_sandbox`, for keys as well."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # an installed wheel would bring the plugin a second time
    pytester.makeini("[pytest]")
    pytester.makepyfile(
        """
        import asyncio
        import billingo_async.sandbox

        def test_they_belong_together(billingo, billingo_v3, billingo_sandbox):
            async def tax_codes():
                return {await billingo.user.tax_code(), (await billingo_v3.organization.get()).tax_code}
            assert len(asyncio.run(tax_codes())) == 1
            assert isinstance(billingo_sandbox, billingo_async.sandbox.Sandbox)

        def test_keys_of_both(billingo_with_keys, billingo_v3_with_keys, billingo_journal):
            async def counts():
                async with billingo_with_keys, billingo_v3_with_keys:
                    return (await billingo_journal.status()).counts
            assert not sum(asyncio.run(counts()).values())

        def test_each_test_has_its_own(billingo_sandbox):
            assert len(billingo_sandbox.ledger) == 0
        """
    )
    result = pytester.runpytest("-p", "billingo_async.sandbox.pytest_plugin", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=3)
