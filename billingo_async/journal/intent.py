"""What a caller means to do under a key: the request, what tells it from all others, what makes two look alike.

Pure: nothing is sent, stored or looked up here, and no operation is known.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from billingo_async.errors import ConfigurationError
from billingo_async.fields.writing import canonical_json

MAX_KEY_LENGTH: Final = 200
_WHAT_A_KEY_IS: Final = f"a key must be a text of 1 to {MAX_KEY_LENGTH} printable characters"
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that show nothing: fillers, joiners, variation selectors. Source: Unicode, Default_Ignorable."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One key and what is meant by it.

    Attributes:
        key: The caller's key, normalised.
        request: What is to be sent, as bytes of JSON; kept until the outcome is known, so that it can be reconciled
            after a crash.
        fingerprint: SHA-256 of what the caller wrote; equal numbers and an equal order of fields aside.
        similarity_hash: SHA-256 of what two requests whose results could be mistaken for each other have in common.
        stamp: The text in the request that names the key; None where the journal does not stamp.
        about: The id of what it is about, where the operation needs it beside the request.

    """

    key: str
    request: bytes = field(repr=False)
    fingerprint: str
    similarity_hash: str
    stamp: str | None = None
    about: int = 0


def fingerprint_of(payload: object) -> str:
    """Return the digest of a request as plain JSON values; equal numbers are equal however they are spelled."""
    return digest(canonical_json(payload))


def digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def check_key(key: object) -> str:
    """Return the key, normalised (NFC); raise ValueError for what is none.

    Two keys that look alike would be two invoices: spaces at the edges, other spaces than the ordinary one, and
    characters that cannot be seen are refused.
    """
    if not isinstance(key, str) or not key.strip() or len(key) > MAX_KEY_LENGTH:
        shown = repr(key) if isinstance(key, str) else type(key).__name__
        raise ValueError(f"{_WHAT_A_KEY_IS}, such as 'order-1234', got {shown:.60}")
    plain_key = str.__str__(key)
    if plain_key.isascii() and plain_key.isprintable() and plain_key == plain_key.strip():
        return plain_key  # as most keys are: nothing of it can be misread
    plain_key = unicodedata.normalize("NFC", plain_key)
    fault, unseen = None, next((char for char in plain_key if _is_unseen(char)), None)
    if unseen is not None:
        shown = f"U+{ord(unseen):04X} ({unicodedata.name(unseen, 'a control character')})"
        fault = f": this one holds {shown}, which cannot be seen or looks like a space: take it out"
    elif plain_key != plain_key.strip():
        fault = ", without spaces at its edges: write key.strip()"
    if fault is not None:
        raise ValueError(f"{_WHAT_A_KEY_IS}{fault}, got {key!a:.60}")
    return plain_key


def check_stamp(stamp: str | None) -> str | None:
    """Return the template of the stamp; raise ConfigurationError for one that does not name the key."""
    if stamp is None:
        return None
    try:
        one, two = (stamp.format(key=key) for key in ("1", "2"))
    except (KeyError, IndexError, ValueError, AttributeError):
        one = two = ""
    if one == two or one != one.strip() or any(_is_unseen(char) for char in one):
        msg = f"stamp must be one printable line that names the key, such as 'Ref. {{key}}', got {stamp!r:.60}"
        raise ConfigurationError(msg)
    return stamp


def stamped_key(stamp: str, line: str) -> str | None:
    """Return the key that a line names by a stamp of this template; None if it is no such line.

    A template that names the key twice, or in a format of its own such as ``{key!r}``, is not read backwards.
    """
    if stamp.replace("{{", "").count("{key}") != 1:
        return None
    before, _, after = stamp.format(key="\0").partition("\0")
    key = line[len(before) : len(line) - len(after)]
    return key if key and stamp.format(key=key) == line else None


def _is_unseen(char: str) -> bool:
    return not char.isprintable() or _INVISIBLE.match(char) is not None
