"""What a `Billingo` object is told once and for all: keys, address, patience, limits.

From arguments, else from the environment, else the documented defaults; checked here, so that nothing wrong gets
further. Holds no connection and no state.
"""

from __future__ import annotations

import math
import os
import re
import sys
from dataclasses import dataclass, field, replace
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

from pydantic import SecretStr

from billingo_async.errors import ConfigurationError

DEFAULT_BASE_URL: Final = "https://www.billingo.hu/api"
"""Source: API docs, API URL."""
_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>(/(?!(?:\.|%2e){1,2}(?:/|$))[\w.~%+-]+)*)/*",
    re.ASCII | re.IGNORECASE,
)
_USUAL_PORTS: Final = {"http": 80, "https": 443}
DEFAULT_TIMEOUT: Final = 30.0
DEFAULT_MAX_RETRIES: Final = 3
DEFAULT_MAX_WAIT: Final = 60.0
DEFAULT_MAX_CONNECTIONS: Final = 50
DEFAULT_MAX_RESPONSE_SIZE: Final = 32 * 2**20


def check_number(
    name: str, value: object, *, whole: bool = False, least: float | None = None, above: float = -math.inf
) -> None:
    """Refuse what is no finite number of the wanted kind and size."""
    is_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    number = value if is_number and isinstance(value, int | float) else math.nan  # which is within no bounds
    most = sys.maxsize if whole else sys.float_info.max  # more than anything on this machine can count
    if not (above < number <= most) or (least is not None and number < least):
        bound = f"of at least {least:g}" if least is not None else f"above {above:g}"
        bound += f" and at most {most}" if whole and number > most else ""
        msg = f"{name} must be {'a whole number' if whole else 'a number'} {bound}, got {value!r:.40}"
        raise ConfigurationError(msg)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `count` requests in any `per` seconds.

    Attributes:
        count: How many requests may leave within the window; a positive int.
        per: The length of the window in seconds; give a second more than the server counts, for the way there.

    Example:
        >>> RateLimit(10, per=61.0)
        RateLimit(count=10, per=61.0)

    Source: API docs, Invoices / Download invoice: 10 requests per minute for every IP.

    """

    count: int
    per: float

    def __post_init__(self) -> None:
        """Refuse a window that lets nothing or everything through."""
        check_number("RateLimit count", self.count, whole=True, least=1)
        check_number("RateLimit per", self.per, above=0)


DEFAULT_PDF_LIMIT: Final = RateLimit(10, per=61.0)


class Keys:
    """The two keys of an account; shown nowhere, pickled never."""

    __slots__ = ("private", "public")

    def __init__(self, public: SecretStr, private: SecretStr) -> None:
        """Take both."""
        self.public: Final = public
        self.private: Final = private

    @classmethod
    def found(cls, public_key: str | None, private_key: str | None) -> Keys:
        """Return the keys from the arguments, else from the environment.

        Raises `ConfigurationError` if one is missing, naming it.
        """
        try:
            return cls(
                _key("public_key", "BILLINGO_PUBLIC_KEY", public_key),
                _key("private_key", "BILLINGO_PRIVATE_KEY", private_key),
            )
        finally:
            del public_key, private_key  # not to be seen in the locals of a traceback

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        msg = "API keys are not pickled: make a Billingo object in the process that needs one"
        raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class Settings:
    """All options of one `Billingo` object, checked.

    Attributes:
        keys: The account's keys.
        base_url: Without a slash at its end.
        timeout: Seconds for one attempt on the wire.
        max_retries: Tries after the first one.
        max_wait: Seconds that a call may spend waiting between its tries, all together.
        max_queue: Seconds that a call may wait for its turn under a limit; None waits as long as it takes.
        max_connections: Connections at the same time, and so calls on the wire at the same time.
        max_response_size: Bytes of an answer that are kept in memory at most.
        pdf_limit: How often a PDF may be asked for.

    """

    keys: Keys = field(repr=False)
    base_url: str = DEFAULT_BASE_URL
    timeout: float = DEFAULT_TIMEOUT
    max_retries: int = DEFAULT_MAX_RETRIES
    max_wait: float = DEFAULT_MAX_WAIT
    max_queue: float | None = None
    max_connections: int = DEFAULT_MAX_CONNECTIONS
    max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE
    pdf_limit: RateLimit = DEFAULT_PDF_LIMIT

    def __post_init__(self) -> None:
        """Refuse what cannot work, naming the option."""
        check_number("timeout", self.timeout, above=0)
        check_number("max_retries", self.max_retries, whole=True, least=0)
        check_number("max_wait", self.max_wait, least=0)
        if self.max_queue is not None:
            check_number("max_queue", self.max_queue, least=0)
        check_number("max_connections", self.max_connections, whole=True, least=1)
        check_number("max_response_size", self.max_response_size, whole=True, least=1)
        if not isinstance(self.pdf_limit, RateLimit):
            msg = f"pdf_limit must be a RateLimit, such as RateLimit(10, per=61.0), got {type(self.pdf_limit).__name__}"
            raise ConfigurationError(msg)

    @property
    def origin(self) -> str:
        """The scheme and host of the address, where `/time` and the public pages live."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def but(self, **changes: Any) -> Settings:
        """Return a copy with some options changed; None leaves one as it is."""
        return replace(self, **{name: value for name, value in changes.items() if value is not None})


def found_base_url(base_url: str | None) -> str:
    """Return the address from the argument, else `BILLINGO_BASE_URL`, else the vendor's; refuse one that is no such.

    The same server has the same spelling: scheme and host in small letters, no usual port, no slash at the end.
    """
    text = base_url if base_url is not None else os.environ.get("BILLINGO_BASE_URL", "").strip() or DEFAULT_BASE_URL
    address = _ADDRESS.fullmatch(str(text).strip())
    port = int(address["port"] or 0) if address else 0
    if address is None or port not in range(2**16) or (address["port"] and not port):
        msg = (
            f"base_url (or BILLINGO_BASE_URL) must look like {DEFAULT_BASE_URL}: http or https, a host, perhaps a port "
            f"and a path without dots to climb with, but no user, query or fragment"
        )
        raise ConfigurationError(msg)
    scheme = address["scheme"].lower()
    shown_port = f":{port}" if port and port != _USUAL_PORTS[scheme] else ""
    return f"{scheme}://{address['host'].lower()}{shown_port}{address['path']}"


def _key(name: str, variable: str, argument: str | None) -> SecretStr:
    value = argument if argument is not None else os.environ.get(variable, "")
    trouble = _trouble_with(name, variable, value)
    if trouble is None:
        return SecretStr(value.strip())
    del argument, value  # not to be seen in the locals of a traceback
    raise ConfigurationError(trouble)


def _trouble_with(name: str, variable: str, value: object) -> str | None:
    if not isinstance(value, str):
        return f"{name} must be text, got {type(value).__name__}"
    key = value.strip()
    if not key:
        return f"{name} is missing: pass {name}= or set {variable} in the environment"
    if not key.isprintable():
        return f"{name} holds a line break or another character that no key has: copy it once more from Billingo"
    return None
