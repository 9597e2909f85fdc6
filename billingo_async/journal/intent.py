"""What a caller means to send under a key: the request, what tells it from all others, what makes it look alike.

Pure: nothing is sent, stored or looked up here.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import ConfigurationError
from billingo_async.fields.exact import to_json
from billingo_async.fields.strict import plain
from billingo_async.v2.models import NewInvoice

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_KEY: Final = 200
CUT: Final = 100
"""Letters of a text that are enough where the server has cut the rest.

What `compare` may take for the same is alike: texts up to here, and no numbers, for they are compared roughly.
"""
_INVISIBLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Intent:
    """One key and the invoice that is meant by it.

    Attributes:
        key: The caller's key.
        new: What is to be sent, stamp included.
        request: The same as the body that is sent; kept for reconciling after a crash.
        fingerprint: SHA-256 of what the caller wrote; equal numbers and an equal order of fields aside.
        likeness: SHA-256 of what two invoices that could be mistaken for each other have in common.
        stamp: The text in the comment that names the key; None where the journal does not stamp.

    """

    key: str
    new: NewInvoice
    request: bytes
    fingerprint: str
    likeness: str
    stamp: str | None


def intent_of(key: object, new: object, stamp: str | None) -> Intent:
    """Return the intent; raise ValueError or TypeError for a key or an invoice that is none."""
    name = checked_key(key)
    if not isinstance(new, NewInvoice):
        msg = f"key {name!r}: a NewInvoice is needed here, got {type(new).__name__}"
        raise TypeError(msg)
    wire = new.to_payload()
    fingerprint = _digest(json.dumps(wire, sort_keys=True, default=_number))
    text = stamp.format(key=name) if stamp else None
    if text:
        new = new.model_copy(update={"comment": f"{new.comment}\n{text}" if new.comment else text})
        wire = new.to_payload()
    return Intent(name, new, to_json(wire), fingerprint, _digest(text or _likeness(wire)), text)


def checked_key(key: object) -> str:
    """Return the key; raise ValueError for one that is no text, empty, too long or not printable."""
    if not isinstance(key, str) or not key.strip() or len(key) > LONGEST_KEY or _INVISIBLE.search(key):
        shown = repr(key) if isinstance(key, str) else type(key).__name__
        msg = f"a key must be a text of 1 to {LONGEST_KEY} printable characters, such as 'order-1234', got {shown:.60}"
        raise ValueError(msg)
    return key


def checked_stamp(stamp: str | None) -> str | None:
    """Return the template of the stamp; raise ConfigurationError for one that does not name the key."""
    if stamp is None:
        return None
    try:
        one, two = (stamp.format(key=key) for key in ("1", "2"))
    except (KeyError, IndexError, ValueError, AttributeError):
        one = two = ""
    if one == two or one != one.strip() or _INVISIBLE.search(one):
        msg = f"stamp must be one printable line that names the key, such as 'Ref. {{key}}', got {stamp!r:.60}"
        raise ConfigurationError(msg)
    return stamp


def plain_text(text: object) -> str:
    """Return what of a text survives a server that trims, escapes or re-spells it: letters and digits."""
    bare = unicodedata.normalize("NFKC", html.unescape(str(text or ""))).casefold()
    return "".join(letter for letter in bare if letter.isalnum())


def _likeness(wire: Mapping[str, Any]) -> str:
    heads = [str(wire.get(name)) for name in ("client_uid", "type", "currency", "fulfillment_date", "due_date")]
    texts = [wire.get("comment"), *(item.get("description") for item in wire["items"])]
    return "|".join([*heads, *(plain_text(text)[:CUT] for text in texts)])


def _number(value: object) -> str:
    """Return a number so that equal ones are spelled alike, whatever the decimal context; to the last digit."""
    if isinstance(value, Decimal):
        return f"{plain(value):f}"
    msg = f"a {type(value).__name__} is no part of a request"
    raise TypeError(msg)


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
