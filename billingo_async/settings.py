"""What a `Billingo` object is set up with once and for all: address, patience, limits; and how secrets are read.

From arguments, else from the environment, else the documented defaults; checked here, so that nothing wrong gets
further. Holds no connection and no state, and knows neither API: each wing brings its own defaults along.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import math
import os
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import SecretStr

from billingo_async.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>(/(?!(?:\.|%2e){1,2}(?:/|$))[\w.~%+-]+)*)/*",
    re.ASCII | re.IGNORECASE,
)
PORTS: Final = {"http": 80, "https": 443}
_LIBRARIES: Final = {"postgresql+asyncpg": "asyncpg", "redis": "redis", "rediss": "redis"}
"""The library that a store of a shared limit needs, by the scheme of its address; SQLite needs none."""
_EXTRAS: Final = {"asyncpg": "postgresql", "redis": "redis"}
"""The extra that brings each."""
_STORE_EXAMPLES: Final = "sqlite+aiosqlite:///limits.db, postgresql+asyncpg://user@host/database or redis://host:6379/0"
_PASSWORD_OR_OPTIONS: Final = re.compile(r"(?<=://)([^:/@?]*):.*@|\?.*", re.DOTALL)
DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_MAX_RETRIES: Final = 3
DEFAULT_MAX_WAIT: Final = 60.0
DEFAULT_MAX_CONNECTIONS: Final = 50
DEFAULT_MAX_RESPONSE_SIZE: Final = 32 * 2**20

Priority = Literal["normal", "interactive"]
"""Which calls leave a queue first."""


def check_number(
    name: str, value: object, *, is_int: bool = False, least: float | None = None, above: float = -math.inf
) -> None:
    """Refuse what is no finite number of the right kind and size."""
    is_number = isinstance(value, int if is_int else int | float) and not isinstance(value, bool)
    number = value if is_number and isinstance(value, int | float) else math.nan  # which is within no bounds
    most = sys.maxsize if is_int else sys.float_info.max  # more than anything on this machine can count
    if not (above < number <= most) or (least is not None and number < least):
        bound = f"of at least {least:g}" if least is not None else f"above {above:g}"
        bound += f" and at most {most}" if is_int and number > most else ""
        msg = f"{name} must be {'a whole number' if is_int else 'a number'} {bound}, got {value!r:.40}"
        raise ConfigurationError(msg)


@dataclass(frozen=True, slots=True, repr=False)
class RateLimit:
    """At most `count` requests in any `per` seconds; in this process, or in all that share a store.

    Attributes:
        count: How many requests may leave within the window; a positive int.
        per: The length of the window in seconds; give a second more than the server counts, for the way there.
        shared: The address of a store in which all processes that name it count together, by its clock:
            `sqlite+aiosqlite:///…` on one host, `postgresql+asyncpg://…`, or `redis://…` of Redis or Valkey (extra
            `redis`). None counts what leaves this process.
        name: What the window is called in the store; by default made of the limit, the server's address and, where the
            server counts by key, the account.

    Raises `ConfigurationError` for what lets nothing or everything through, and for an address of no known store.

    Example:
        >>> RateLimit(10, per=61.0)
        RateLimit(count=10, per=61.0)
        >>> RateLimit(10, per=61.0, shared="sqlite:///limits.db")
        RateLimit(count=10, per=61.0, shared='sqlite:///limits.db')

    Source: API docs, Invoices / Download invoice: 10 requests per minute for every IP.

    """

    count: int
    per: float
    shared: str | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        """Refuse a window that lets nothing or everything through, and a store that cannot be asked."""
        check_number("RateLimit count", self.count, is_int=True, least=1)
        check_number("RateLimit per", self.per, above=0)
        if (problem := _problem_with_store(self.shared)) is not None:
            raise ConfigurationError(f"RateLimit shared {problem}")
        if self.name is not None and not (isinstance(self.name, str) and self.name.strip() and self.name.isprintable()):
            raise ConfigurationError(f"RateLimit name must be a line of text, got {self.name!r:.40}")

    @property
    def store(self) -> str | None:
        """The address of the store without a password or options, as it may be shown."""
        return None if self.shared is None else _PASSWORD_OR_OPTIONS.sub(_user_alone, self.shared)

    def __repr__(self) -> str:
        """Show no password."""
        shown = {"count": self.count, "per": self.per, "shared": self.store, "name": self.name}
        return f"RateLimit({', '.join(f'{key}={value!r}' for key, value in shown.items() if value is not None)})"

    def __reduce__(self) -> tuple[type[RateLimit], tuple[object, ...]]:
        """Pickle what holds no password; TypeError for what may hold one."""
        if self.store != self.shared:
            raise TypeError("the address of a limit's store is not pickled with a password or options")
        return RateLimit, (self.count, self.per, self.shared, self.name)

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __copy__(self) -> Self:
        return self


def _user_alone(match: re.Match[str]) -> str:
    return f"{match[1]}@" if match[1] else ""


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """All options of one `Billingo` object that both APIs have alike, checked.

    Attributes:
        base_url: Without a slash at its end.
        timeout: Seconds for one attempt on the wire.
        max_retries: Attempts after the first one.
        max_wait: Seconds that a call may spend waiting between its attempts, all together.
        max_queue: Seconds that a call may wait for its turn under a limit; None waits as long as it takes.
        max_connections: Connections at the same time, and so calls on the wire, over `http_client` as well.
        max_response_size: Bytes of an answer that are kept in memory at most.
        limits: How often may be sent what falls under a limit, by the limit's name.
        priority: Which calls leave a queue first.
        trust_refusals: Is a 429 or 503 with `Retry-After` believed to say that nothing was done?
        proxy: The address of a proxy; None for what the environment says, False for none.
        user_agent: What the caller wants to be called, before our own name.

    """

    base_url: str
    timeout: float = DEFAULT_TIMEOUT
    max_retries: int = DEFAULT_MAX_RETRIES
    max_wait: float = DEFAULT_MAX_WAIT
    max_queue: float | None = None
    max_connections: int = DEFAULT_MAX_CONNECTIONS
    max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE
    limits: Mapping[str, RateLimit] = field(default_factory=dict[str, RateLimit])
    priority: Priority = "normal"
    trust_refusals: bool = True
    proxy: str | Literal[False] | None = None
    user_agent: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot work, naming the option."""
        check_number("timeout", self.timeout, above=0)
        check_number("max_retries", self.max_retries, is_int=True, least=0)
        check_number("max_wait", self.max_wait, least=0)
        if self.max_queue is not None:
            check_number("max_queue", self.max_queue, least=0)
        check_number("max_connections", self.max_connections, is_int=True, least=1)
        check_number("max_response_size", self.max_response_size, is_int=True, least=1)
        for name, limit in self.limits.items():
            if not isinstance(limit, RateLimit):
                words = "must be a RateLimit, such as RateLimit(10, per=61.0)"
                raise ConfigurationError(f"{name} {words}, got {type(limit).__name__}")
        if self.priority not in get_args(Priority):
            raise ConfigurationError(f'priority must be "normal" or "interactive", got {self.priority!r:.40}')
        if not isinstance(self.trust_refusals, bool):
            raise ConfigurationError(f"trust_refusals must be True or False, got {self.trust_refusals!r:.40}")
        if not (self.proxy is None or self.proxy is False or (isinstance(self.proxy, str) and self.proxy.strip())):
            words = "must be an address such as http://proxy.example:3128, or False for none"
            raise ConfigurationError(f"proxy {words}, got {type(self.proxy).__name__}")
        agent = self.user_agent
        is_line = isinstance(agent, str) and agent.strip() and agent.isascii() and agent.isprintable()
        if agent is not None and not is_line:
            words = "must be a line of ASCII text, such as 'shop/2.1 (+https://shop.example)'"
            raise ConfigurationError(f"user_agent {words}, got {agent!r:.80}")

    @property
    def origin(self) -> str:
        """The scheme and host of the address, where the public pages live."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some options changed; None leaves one as it is."""
        given = {name: value for name, value in changes.items() if value is not None}
        try:
            return dataclasses.replace(self, **given)
        except ConfigurationError as error:
            raise error.with_traceback(None) from None  # its frames hold a proxy's password


def read_base_url(argument: str | None, *, variable: str, default: str) -> str:
    """Return the address from the argument, else from the environment, else the default; refuse one that is no such.

    The same server has the same address: scheme and host in small letters, no usual port, no slash at the end. Plain
    http is for loopback alone, since credentials would travel in the clear.
    """
    text = argument if argument is not None else os.environ.get(variable, "").strip() or default
    address = _ADDRESS.fullmatch(str(text).strip())
    port = int(address["port"] or 0) if address else 0
    if address is None or port not in range(2**16) or (address["port"] and not port):
        raise ConfigurationError(
            f"base_url (or {variable}) must look like {default}: http or https, a host, perhaps a port "
            f"and a path without dots to climb with, but no user, query or fragment"
        )
    scheme, host = address["scheme"].lower(), address["host"].lower()
    if scheme == "http" and not is_loopback(host):
        msg = f"base_url (or {variable}) must begin with https: plain http is for this machine alone, not for {host}"
        raise ConfigurationError(msg)
    shown_port = f":{port}" if port and port != PORTS[scheme] else ""
    return f"{scheme}://{host}{shown_port}{address['path']}"


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself, whatever DNS says (RFC 6761, 6.3)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_secret(name: str, variable: str, argument: str | None) -> SecretStr:
    """Return a key from the argument, else from the environment; raise `ConfigurationError` naming it if there is none.

    Neither the error nor its traceback holds any of it.
    """
    value: object = argument if argument is not None else os.environ.get(variable, "")
    key = value.strip() if isinstance(value, str) else ""
    if key and key.isprintable():
        return SecretStr(key)
    if not isinstance(value, str):
        problem = f"must be text, got {type(value).__name__}"
    elif not key:
        problem = f"is missing: pass {name}= or set {variable} in the environment"
    else:
        problem = "holds a line break or another character that no key has: copy it once more from Billingo"
    del argument, value, key  # not to be seen in the locals of a traceback
    raise ConfigurationError(f"{name} {problem}")


@cache
def package_version() -> str:
    """Return the version of this package."""
    return version("billingo-async")


def _problem_with_store(address: object) -> str | None:
    """Return what is wrong with the address of a store, without quoting it: it may hold a password."""
    if address is None:
        return None
    example = f"must be an address such as {_STORE_EXAMPLES}"
    if not isinstance(address, str):
        return f"{example}, got {type(address).__name__}"
    scheme, _, place = address.partition("://")
    try:
        urlsplit(address).port  # noqa: B018 - asked for what it raises
    except ValueError:
        scheme, place = "", ""
    library = _LIBRARIES.get(scheme)
    if library is None and scheme not in {"sqlite", "sqlite+aiosqlite"}:
        return f"{example}, got {f'the scheme {scheme!r:.20}' if place else 'none that can be'}"
    if scheme.startswith("sqlite") and place.partition("?")[0] in {"", "/", "/:memory:"}:
        return "in memory would be shared by no one: name a file, as in sqlite+aiosqlite:///limits.db"
    if library is not None and find_spec(library) is None:
        return f'needs {library}: pip install "billingo-async[{_EXTRAS[library]}]"'
    return None
