"""An answer that is compared with more than its request: with what the account said before the request left.

What the request itself tells is compared by `decoders`. Values stay out of messages; the answer stands with the error.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from billingo_async.protocol.call import Decoder
from billingo_async.protocol.refusals import malformed

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.protocol.call import Call, Reply

T = TypeVar("T")


class Compared(Decoder[T]):
    """A decoder whose value is looked at before it is believed."""

    def __init__(self, decoder: Decoder[T], check: Callable[[T], str | None]) -> None:
        """Take what decodes, and what names the thing that the value tells otherwise than it was asked for."""
        self._decoder = decoder
        self._check = check

    def prepare(self) -> None:
        """Prepare what decodes."""
        self._decoder.prepare()

    def read(self, call: Call[Any], reply: Reply) -> T:
        """Return the value; raise `MalformedResponseError` where it answers something else."""
        value = self._decoder.read(call, reply)
        other = self._check(value)
        if other is not None:
            raise malformed(call, reply, f"it answers something else than what was asked: another {other}")
        return value


def compared(call: Call[T], check: Callable[[T], str | None]) -> Call[T]:
    """Return a call whose answer is believed only if `check` finds nothing."""
    return replace(call, operation=call.operation._replace(decoder=Compared(call.operation.decoder, check)))
