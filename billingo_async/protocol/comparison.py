"""Whether an answer, or a row of a list, says what a request asked for, as far as any server can be held to it.

What says success and tells something else is the answer of another call: a proxy that sends one answer twice must not
have one order recorded with the result of another. Texts are compared by their letters and digits, numbers to a
hundredth, and what an answer does not tell is no difference. Values stay out of messages: the answer stands with the
error. Never enters here: a field that one API alone has.

A comment proves two things alone. It is the *same* where it is equal but for what an honest server does to a text. It
is *another* where the same word has another number behind it, or letters another case: servers cut, append and alter
letters, but do not turn one order's number into another's. All else is unsure; an answer that is unsure is believed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import replace
from decimal import Context, Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from urllib.parse import quote

from billingo_async.fields.exact import exact_json, is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from billingo_async.protocol.call import Call

T = TypeVar("T")
EXACT: Final = Context(prec=400)  # a caller's own context might round a match away
NEAR: Final = Decimal("0.01")
"""Of a number: answers with three decimals are seen."""
CUT_LETTERS: Final = 100
"""Letters of a text that are enough where the server has cut the rest."""
MIN_CUT: Final = 20
"""Characters below which no column of a database is: a shorter text was not cut for its length."""
_LOST: Final = re.compile("[?\ufffd]")
_TAG: Final = re.compile("</?[a-z][^<>]*>", re.IGNORECASE)
_TOKEN: Final = re.compile(r"(?P<number>(?:(?<!\S)-)?\d+)|[^\W\d_]+")


def compared(call: Call[T], check: Callable[[T], str | None]) -> Call[T]:
    """Return a call whose answer is believed only if `check` finds nothing."""
    return replace(call, checks=(*call.checks, check))


def payload_of(call: Call[Any]) -> Any:
    """Return what a call sends, numbers exact; an empty object where it sends nothing."""
    return exact_json(call.body or b"{}")


def check_path(field: str) -> Callable[[Call[Any], Any], str | None]:
    """Return the check that names a field which is not the one that the path holds: it is about another thing."""

    def check(call: Call[Any], model: Any) -> str | None:
        shown = getattr(model, field)
        is_there = shown is None or quote(str(shown), safe="") in call.path.split("/")  # nothing is before the first
        return None if is_there else field

    return check


def check_echo(*fields: str) -> Callable[[Call[Any], Any], str | None]:
    """Return the check that names the first of these fields that is not as it was sent."""
    return lambda call, model: other_field(payload_of(call), model, fields)


def other_field(payload: Mapping[str, Any], model: object, fields: Sequence[str]) -> str | None:
    """Name the first of these fields that both the request and the model tell, and tell otherwise."""
    return next((name for name in fields if not says(payload.get(name), getattr(model, name, None))), None)


def says(payload: Any, row: Any) -> bool:
    """Tell whether a row says what a request asks for, as far as it tells it, at every depth."""
    if payload is None or row is None or payload == row or "" in (payload, row):
        return True
    row = int(row) if isinstance(row, bool) else row
    if isinstance(payload, str):  # most are told as they were sent
        return payload == str(row) or plain_text(payload) == plain_text(row)
    if is_object(payload):
        return all(says(value, getattr(row, name, None)) for name, value in payload.items())
    if is_array(payload):
        rows = list(cast("Sequence[Any]", row)) if isinstance(row, list | tuple) else []
        return len(rows) == len(payload) and all(map(says, payload, rows))
    if isinstance(payload, Decimal | int) and isinstance(row, Decimal | int):
        return near(Decimal(payload), Decimal(row))
    return plain_text(payload) == plain_text(row)


def plain_text(text: object) -> str:
    """Return what of a text survives a server that trims, escapes or re-spells it: letters and digits."""
    bare = unicodedata.normalize("NFKC", html.unescape("" if text is None else str(text))).casefold()
    return "".join(filter(str.isalnum, bare))


def near(one: Decimal, other: Decimal, by: Decimal = NEAR) -> bool:
    """Tell whether two numbers differ by less than a little."""
    return EXACT.abs(EXACT.subtract(one, other)) < by


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """Return the exact sum, whatever the caller's decimal context."""
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def is_same_text(expected: object, actual: str) -> bool:
    """Tell whether a text came back as it was sent, or cut where it is long enough all the same."""
    short, long = sorted((plain_text(expected), plain_text(actual)))  # what a text begins with sorts before it
    return short == long or (len(short) >= CUT_LETTERS and long.startswith(short))


def is_altered_text(expected: object, actual: str) -> bool:
    """Tell whether a server may have made one text of the other: lost accents, cut it, added lines, or all of these."""
    sent, lines = str(expected or ""), html.unescape(actual).splitlines()
    return not actual or any(_is_cut(sent, shown) for shown in accumulate(lines, "{}\n{}".format))


def is_cut_text(expected: object, actual: str | None) -> bool:
    """Tell whether a text is the beginning of another, and long enough to have been cut there, be it in a number."""
    bare, shown = _bare(str(expected or "")), _bare(html.unescape(actual or ""))
    return len(shown) >= MIN_CUT and bare != shown and bare.startswith(shown)


def is_other_text(expected: object, actual: str | None) -> bool:
    """Tell whether a text is another order's for certain: the same word has another number, or letters another case.

    A text that was cut within its last number tells nothing, and servers write all letters small, all large, or none.
    """
    if not actual or expected == actual:  # most are told as they were sent
        return False
    sent, shown = folded_text(expected), folded_text(actual)
    if sent == shown:
        one, other = (readable_text(text) for text in (expected, actual))
        is_cased = one.casefold() == other.casefold() and one != other
        return is_cased and other not in {one.lower(), one.upper(), one.casefold()}
    words, numbers = _numbers_in(sent)
    words_shown, numbers_shown = _numbers_in(shown)
    if words_shown != words and plain_text(sent).startswith(plain_text(shown)):
        return False
    return any(
        numbers_shown[word] - numbers[word] and numbers[word] - numbers_shown[word]
        for word in numbers.keys() & numbers_shown.keys()
    )


def shares_no_word(one: object, other: object) -> bool:
    """Tell whether two texts that both say something have not one word or number in common."""
    some, others = ({match[0] for match in _TOKEN.finditer(folded_text(text))} for text in (one, other))
    return bool(some and others) and not some & others


def readable_text(text: object) -> str:
    """Return what a text shows: entities read, tags and white space as single spaces."""
    bare = html.unescape(html.unescape("" if text is None else str(text)))
    return " ".join(unicodedata.normalize("NFC", _TAG.sub(" ", bare)).split())


def folded_text(text: object) -> str:
    """Return what a text shows, in small letters without accents: what an honest server does to all of it."""
    return _bare(readable_text(text))


def _numbers_in(text: str) -> tuple[list[str], dict[str, set[str]]]:
    """Return the words of a text, and the numbers that follow each of them; behind "" those that follow none."""
    words, numbers = [""], dict[str, set[str]]()
    for token in _TOKEN.finditer(text):
        if token["number"] is None:
            words.append(token[0])
        else:
            numbers.setdefault(words[-1], set()).add(token["number"])
    return words, numbers


def is_mangled_text(expected: str, actual: str) -> bool:
    """Tell whether a server that neither cuts nor adds may have made one text of the other: it lost some characters."""
    bare, shown = _bare(expected), _bare(actual)
    return len(bare) == len(shown) and all(
        one == other or _LOST.match(other) for one, other in zip(bare, shown, strict=True)
    )


def _is_cut(expected: str, actual: str) -> bool:
    """Tell whether a server that adds nothing may have made one text of the other."""
    bare, shown = _bare(expected), _bare(actual)
    if is_mangled_text(expected, actual):
        return True
    if not bare.startswith(shown):
        return False
    following = expected[len(actual) : len(actual) + 1]
    return not shown or len(shown) >= MIN_CUT or not following.isascii()


def _bare(text: str) -> str:
    """Return a text without accents and without spaces at its end."""
    marks = unicodedata.normalize("NFKD", text)
    return "".join(char for char in marks if not unicodedata.combining(char)).casefold().rstrip()
