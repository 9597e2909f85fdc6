"""`Api`: what a wing hands to the shared floors of the API that it speaks, as one frozen value.

No endpoint stands here and no answer is read here: a wing says how its refusals read and how its clock is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.errors import BillingoError
    from billingo_async.protocol.call import Call, Limit, Reply


@dataclass(frozen=True, slots=True)
class Api:
    """One API of the vendor's.

    Attributes:
        name: How the package calls it, such as ``v2``.
        base_url: Where it lives unless a caller says otherwise.
        base_url_variable: The environment variable by which a caller says otherwise.
        error_from: How an answer reads whose status is not one of success.
        limits: The limits that every call falls under; an operation may name one more.
        time: The call that asks for the server's time; None where no clock has to be known.

    """

    name: str
    base_url: str
    base_url_variable: str
    error_from: Callable[[Call[Any], Reply], BillingoError]
    limits: tuple[Limit, ...] = ()
    time: Call[float] | None = None
