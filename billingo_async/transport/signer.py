"""Signs for one account: at most one token a second, since a token is the same for a whole second.

Keeps the secrets of the account away from everything that may be shown.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from billingo_async.errors import ConfigurationError
from billingo_async.v2.token import sign

if TYPE_CHECKING:
    from billingo_async.settings import Keys

HIDDEN: Final = b"[hidden]"
SHORTEST: Final = 8
"""Characters of a key that is looked for in answers: a shorter one is no real key, and stands in every answer."""
_READ_AS_BYTES: Final = frozenset({"utf-8", "utf-8-sig"})
_ESCAPED: Final = re.compile(rb"\\(?:([\"\\/])|u00([2-7][0-9A-Fa-f]))")
"""An ASCII character as JSON may spell it otherwise; PHP writes every slash so. Source: RFC 8259, 7."""


class Signer:
    """The account's signature, and the eraser of what must not be shown."""

    def __init__(self, keys: Keys) -> None:
        """Take the keys; raise `ConfigurationError` if nothing can be signed with them."""
        self._keys = keys
        self._issued_at = -1
        self._token = SecretStr("")
        with suppress(Exception):
            self.token(0)
        if self._issued_at:
            msg = "the keys cannot sign: public_key and private_key must be as Billingo shows them, plain ASCII text"
            raise ConfigurationError(msg)

    def token(self, issued_at: int) -> SecretStr:
        """Return the token issued at a second of the server's clock."""
        if issued_at != self._issued_at:
            token = sign(self._keys.public.get_secret_value(), self._keys.private.get_secret_value(), issued_at)
            self._token = SecretStr(token)
            self._issued_at = issued_at
        return self._token

    def without_secrets(self, text: bytes, token: SecretStr | None) -> bytes:
        """Return an answer without the keys or the token of its request, should the server have echoed one.

        They are found in every spelling that JSON has for them. An answer in UTF-16 or UTF-32 becomes UTF-8.
        """
        if (encoding := json.detect_encoding(text)) not in _READ_AS_BYTES:
            text = text.decode(encoding, "replace").encode()
        shown = [one.get_secret_value().encode() for one in (self._keys.private, self._keys.public, token) if one]
        shown = [secret for secret in shown if len(secret) >= SHORTEST]
        for secret in shown:
            text = text.replace(secret, HIDDEN)
        if _ESCAPED.search(text):
            meant = _ESCAPED.sub(_character, text)
            for secret in shown:
                if secret in meant:
                    text = _any_spelling(secret).sub(HIDDEN, text)
        return text


def _character(escaped: re.Match[bytes]) -> bytes:
    return escaped[1] or bytes.fromhex(escaped[2].decode())


def _any_spelling(secret: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a secret with each of its characters plain or escaped."""
    return re.compile(b"".join(rb"(?:\\?%b|\\u(?i:00%02x))" % (re.escape(bytes([char])), char) for char in secret))
