"""Draws the page's sections from a snapshot: elements of a tree, so that whatever a name holds, it is shown as text.

Values in, HTML out; no state, no clock and no request enters here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, tostring

import simplejson

from billingo_async.sandbox.http import read_json
from billingo_async.sandbox.request_log import BODY_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from billingo_async.sandbox.faults import PendingFault
    from billingo_async.sandbox.request_log import LoggedBody, LoggedRequest
    from billingo_async.sandbox.server import InvoiceSummary, Snapshot

_WIDE: Final = Context(prec=500, rounding=ROUND_HALF_UP)  # the books have sums of thousands of long numbers
_WHOLE_CURRENCIES: Final = frozenset({"HUF", "JPY"})
_REFUSED: Final = 400
_FAILED: Final = 500


def drawn(snapshot: Snapshot) -> bytes:
    """All sections, in the order in which they stand on the page."""
    sections = (
        _section("holds", "What it holds", _counts(snapshot)),
        _section("faults", "Faults that wait", *_waiting(snapshot.waiting)),
        _section("invoices", "Last invoices", *_invoices(snapshot.invoices)),
        _section("requests", "Last requests", *_requests(snapshot.requests)),
    )
    return "".join(tostring(section, encoding="unicode", method="html") for section in sections).encode(
        "utf-8",
        "replace",  # half a surrogate pair is no text that could be sent
    )


def _element(tag: str, *inside: Element | str, **attributes: str) -> Element:
    """An element with its words, if any, before its children."""
    made = Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    made.text = "".join(each for each in inside if isinstance(each, str))
    made.extend(each for each in inside if isinstance(each, Element))
    return made


def _section(uid: str, title: str, *inside: Element) -> Element:
    return _element(
        "section", _element("h2", title, id=f"{uid}-title"), *inside, id=uid, aria_labelledby=f"{uid}-title"
    )


def _table(uid: str, caption: str, head: Sequence[str], rows: Iterable[Element]) -> Element:
    """A table in a box that scrolls by itself, by keyboard too."""
    columns = (_element("th", name, scope="col", class_=_class_of(name)) for name in head)
    table = _element(
        "table",
        _element("caption", caption),
        _element("thead", _element("tr", *columns)),
        _element("tbody", *rows),
    )
    return _element("div", table, class_="box", id=f"{uid}-box", tabindex="0", role="region", aria_label=caption)


def _class_of(column: str) -> str:
    return "number" if column in {"Total", "ms"} else ""


def _counts(snapshot: Snapshot) -> Element:
    pairs = (
        _element("div", _element("dt", noun), _element("dd", f"{count:,}")) for noun, count in snapshot.counts.items()
    )
    return _element("dl", *pairs)


def _waiting(waiting: Sequence[PendingFault]) -> Iterable[Element]:
    if not waiting:
        yield _element("p", "None.", class_="none")
        return
    rows = (
        _element(
            "tr",
            _element("td", _element("code", each.where)),
            _element("td", each.fault.name),
            _element("td", _how_often(each.times)),
        )
        for each in waiting
    )
    yield _table("faults", "What the next requests meet, in this order", ("For", "Fault", "How often"), rows)


def _how_often(times: int | None) -> str:
    return "every time" if times is None else "once" if times == 1 else f"{times} times"


def _invoices(invoices: Sequence[InvoiceSummary]) -> Iterable[Element]:
    if not invoices:
        yield _element("p", "None yet.", class_="none")
        return
    head = ("Number", "Kind", "Date", "Customer", "Total", "Status")
    yield _table("invoices", f"The last {len(invoices)}, newest first", head, map(_invoice, invoices))


def _invoice(invoice: InvoiceSummary) -> Element:
    number = _element("td", invoice.number or "(no number)")
    if invoice.connected:
        word = "cancels" if invoice.kind == "cancelling invoice" else "canceled by"
        number.append(_element("small", f"{word} {invoice.connected}"))
    return _element(
        "tr",
        number,
        _element("td", invoice.kind),
        _element("td", invoice.day.isoformat(), class_="plain"),
        _element("td", invoice.customer, class_="words"),
        _element("td", _money(invoice.total, invoice.currency), class_="number"),
        _element("td", _element("span", invoice.status, class_=f"mark {invoice.status}")),
    )


def _money(value: Decimal, currency: str) -> str:
    """A sum to two decimals, whole forints and yen to none, rounded half up; all its digits stand in the answers."""
    places = 0 if currency in _WHOLE_CURRENCIES and value == value.to_integral_value() else 2
    shown = _WIDE.quantize(value, Decimal(1).scaleb(-places))
    return f"{shown or abs(shown):,f} {currency}"


def _requests(requests: Sequence[LoggedRequest]) -> Iterable[Element]:
    if not requests:
        yield _element("p", "None yet.", class_="none")
        return
    head = ("Time (UTC)", "Method", "Path", "Status", "ms", "Sent and answered")
    yield _table("requests", f"The last {len(requests)}, newest first", head, map(_request, requests))


def _request(logged: LoggedRequest) -> Element:
    at = datetime.fromtimestamp(logged.at, UTC)
    path = _element("td", _element("code", logged.path), class_="words")
    if logged.fault:
        path.append(_element("small", f"met: {logged.fault}"))
    return _element(
        "tr",
        _element("td", _element("time", f"{at:%H:%M:%S}", datetime=f"{at:%Y-%m-%dT%H:%M:%SZ}"), class_="plain"),
        _element("td", logged.method),
        path,
        _element("td", *_status(logged)),
        _element("td", f"{logged.milliseconds:.2f}", class_="number"),
        _element("td", _exchange(logged), class_="exchange"),
    )


def _status(logged: LoggedRequest) -> Iterable[Element]:
    if logged.status is None:
        yield _element("span", "none", class_="mark failed")
    else:
        kind = "failed" if logged.status >= _FAILED else "refused" if logged.status >= _REFUSED else "fine"
        yield _element("span", str(logged.status), class_=f"mark {kind}")
    if logged.network:
        yield _element("small", logged.network)


def _exchange(logged: LoggedRequest) -> Element:
    uid = f"request-{logged.number}"
    title = "no answer" if logged.answer is None else _in_short(logged.answer)
    inside = [_element("summary", title, id=f"{uid}-summary")]
    if logged.sent.size:
        inside += [_element("h3", "Sent"), *_body(logged.sent)]
    if logged.answer is not None:
        inside += [_element("h3", "Answered"), *_body(logged.answer)]
    return _element("details", *inside, id=uid)


def _in_short(body: LoggedBody) -> str:
    return f"{body.kind.partition(';')[0] or 'no body'}, {body.size:,} bytes" if body.size else "no body"


def _body(body: LoggedBody) -> Iterable[Element]:
    if body.text is None:
        yield _element("p", f"{body.size:,} bytes of {body.kind or 'an unknown kind'}, not shown.", class_="none")
        return
    yield _element("pre", body.text if body.cut else _laid_out(body.text))
    if body.cut:
        yield _element("p", f"Cut: these are the first {BODY_BYTES:,} of {body.size:,} bytes.", class_="none")


def _laid_out(text: str) -> str:
    try:
        value: Any = read_json(text.encode("utf-8", "replace"))
    except ValueError:
        return text
    laid_out: str = simplejson.dumps(value, use_decimal=True, ensure_ascii=False, indent=2)
    return laid_out
