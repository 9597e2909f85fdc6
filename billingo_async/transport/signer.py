"""Signs for one account: at most one token a second, since a token is the same for a whole second.

Keeps the secrets of the account away from everything that may be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billingo_async.protocol.token import sign

if TYPE_CHECKING:
    from billingo_async.settings import Keys

HIDDEN: Final = b"[hidden]"


class Signer:
    """The account's signature, and the eraser of what must not be shown."""

    def __init__(self, keys: Keys) -> None:
        """Take the keys."""
        self._keys = keys
        self._issued_at = -1
        self._token = ""

    def token(self, issued_at: int) -> str:
        """Return the token issued at a second of the server's clock."""
        if issued_at != self._issued_at:
            self._token = sign(self._keys.public.get_secret_value(), self._keys.private.get_secret_value(), issued_at)
            self._issued_at = issued_at
        return self._token

    def without_secrets(self, text: bytes) -> bytes:
        """Return an answer without the keys or the token, should the server have echoed one."""
        for key in (self._keys.private, self._keys.public):
            text = text.replace(key.get_secret_value().encode(), HIDDEN)
        return text.replace(self._token.encode(), HIDDEN) if self._token else text
