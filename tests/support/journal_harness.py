"""A sandbox, a customer in it, and `Billingo` objects that share a journal: what the tests about keys need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from billingo_async import Billingo, Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AsyncExitStack

    from billingo_async import Attempt
    from billingo_async.sandbox import Sandbox


@dataclass
class JournalHarness:
    """The sandbox and what opens `Billingo` objects on it, each like a process of its own."""

    sandbox: Sandbox
    url: str
    stack: AsyncExitStack
    client_uid: int = 0
    attempts: list[Attempt] = field(default_factory=list["Attempt"])
    """All requests that were sent, by all that were opened."""
    on_attempt: Callable[[Attempt], object] | None = None

    async def open(
        self, *, second_look: float = 0.0, stamp: str | None = None, public_key: str | None = None, **options: Any
    ) -> Billingo:
        """Return a `Billingo` with a journal of its own on the common database."""
        options.setdefault("timeout", 0.5)  # nothing is on a wire; a request in doubt is given as long as that
        journal = Journal(self.url, second_look=second_look, stamp=stamp)
        line = await self.stack.enter_async_context(httpx.AsyncClient(transport=self.sandbox.transport()))
        keys = public_key or self.sandbox.public_key, self.sandbox.private_key
        return await self.stack.enter_async_context(
            Billingo(*keys, http_client=line, journal=journal, on_attempt=self._hear, **options)
        )

    def _hear(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)
        if self.on_attempt is not None:
            self.on_attempt(attempt)

    @property
    def made(self) -> int:
        """How many invoices were made."""
        return self.sandbox.ledger.count("invoices.create")

    def asked(self, operation: str) -> int:
        """How many requests of an operation were sent."""
        return sum(attempt.operation == operation for attempt in self.attempts)
