"""Which API a command asks: the one that is named, or else the one whose key is set; and commands made for one.

Never enters here: how either API is asked; that stands in `v2` and `v3`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Iterable
from importlib import import_module
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from billingo_async import ConfigurationError
from billingo_async.cli.running import DONE, FAILED, GO_ON, USAGE, Stop, end, run

if TYPE_CHECKING:
    from billingo_async.cli.v2 import V2
    from billingo_async.cli.v3 import V3

Service: TypeAlias = "V2 | V3"
OnlineCommand: TypeAlias = "Callable[..., Coroutine[Any, Any, int | None]]"
KEYS: Final = {"v2": ("BILLINGO_PUBLIC_KEY", "BILLINGO_PRIVATE_KEY"), "v3": ("BILLINGO_API_KEY",)}
"""The variables that hold the keys of each API."""


def service_at(api: str | None) -> type[V2 | V3]:
    """Return the API of a name, or else the one whose key is set; end where the keys do not tell."""
    known = [api] if api else [name for name, variables in KEYS.items() if any(map(os.environ.get, variables))]
    if len(known) > 1:
        end(USAGE, "keys of both APIs are set; say --api v2 or --api v3")
    if not known:
        end(FAILED, f"no key is set; set {KEYS['v3'][0]} for API v3, or {' and '.join(KEYS['v2'])} for API v2")
    return cast("type[V2 | V3]", getattr(import_module(f"billingo_async.cli.{known[0]}"), known[0].upper()))


async def find(service: Service, number: str) -> Any:
    """Return the invoice or document of a printed number or an id."""
    is_id = number.isascii() and number.isdigit()
    one = await (service.papers.get(int(number)) if is_id else service.numbered(number))
    if one is None:
        remedy = f"`billingo-async {service.papers_noun} list` shows them"
        raise ConfigurationError(f"there is no {service.noun} {number}; {remedy}")
    return one


def online(
    api: str, command: OnlineCommand, columns: Iterable[Parameter] = (), *, if_interrupted: str = GO_ON
) -> Callable[..., None]:
    """Make a command of a coroutine function: it gets an API, a `Billingo` of its key, and what may stop it.

    Where it takes `**columns`, they become options.
    """

    def wrapper(**given: Any) -> None:
        api_class = service_at(api)

        async def with_service(stop: Stop) -> int:
            async with api_class.open(limits=given.get("limits")) as service:
                return await command(service, stop, **given) or DONE

        run(with_service, if_interrupted=if_interrupted)

    own = list(signature(command, eval_str=True).parameters.values())[2:]
    taken = [*own[:-1], *columns] if own[-1].kind == Parameter.VAR_KEYWORD else own
    wrapper.__signature__ = Signature(taken)  # type: ignore[attr-defined]  # what the command line is made of
    return wrapper
