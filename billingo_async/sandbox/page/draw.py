"""Draws the page's sections from a snapshot: elements of a tree, so that whatever a name holds, it is shown as text.

Values in, HTML out; no state, no clock and no request enters here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

import simplejson

from billingo_async.sandbox.arithmetic import places_of, written
from billingo_async.sandbox.faults import PendingFault
from billingo_async.sandbox.http import read_json
from billingo_async.sandbox.request_log import BODY_BYTES, LoggedBody, LoggedRequest
from billingo_async.sandbox.server import InvoiceSummary, Snapshot

_REFUSED: Final = 400
_FAILED: Final = 500


def drawn(snapshot: Snapshot) -> bytes:
    """All sections, in the order in which they stand on the page."""
    counts = (
        _element("div", _element("dt", noun), _element("dd", f"{count:,}")) for noun, count in snapshot.counts.items()
    )
    newest = "The last {}, newest first"
    sections = (
        _section("holds", "What it holds", _element("dl", *counts)),
        _section(
            "faults",
            "Faults that wait",
            _table("faults", "What the next requests meet, in this order", _FAULTS, map(_fault, snapshot.waiting)),
        ),
        _section("invoices", "Last invoices", _table("invoices", newest, _INVOICES, map(_invoice, snapshot.invoices))),
        _section("requests", "Last requests", _table("requests", newest, _REQUESTS, map(_request, snapshot.requests))),
    )
    html = "".join(tostring(section, encoding="unicode", method="html") for section in sections)
    return html.encode("utf-8", "replace")  # half a surrogate pair is no text that could be sent


def _element(tag: str, *inside: Element | str, **attributes: str) -> Element:
    """An element with its words, if any, before its children."""
    made = Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    made.text = "".join(each for each in inside if isinstance(each, str))
    made.extend(each for each in inside if isinstance(each, Element))
    return made


def _section(uid: str, title: str, inside: Element) -> Element:
    heading = _element("h2", title, id=f"{uid}-title")
    return _element("section", heading, inside, id=uid, aria_labelledby=f"{uid}-title")


def _table(uid: str, caption: str, head: dict[str, str], rows: Iterable[Iterable[Element | str]]) -> Element:
    """A table in a box that scrolls by itself, by keyboard too; `head` maps each column to the class of its cells."""
    body = [
        _element("tr", *(_element("td", cell, class_=class_) for cell, class_ in zip(row, head.values(), strict=True)))
        for row in rows
    ]
    if not body:
        return _element("p", "None.", class_="none")
    shown = caption.format(len(body))
    columns = (_element("th", name, scope="col", class_=class_) for name, class_ in head.items())
    parts = (_element("caption", shown), _element("thead", _element("tr", *columns)), _element("tbody", *body))
    return _element(
        "div", _element("table", *parts), class_="box", id=f"{uid}-box", tabindex="0", role="region", aria_label=shown
    )


def _with_note(first: Element | str, note: str) -> Element:
    return _element("span", first, *([_element("small", note)] if note else []))


_FAULTS: Final = {"For": "", "Fault": "", "How often": ""}


def _fault(pending: PendingFault) -> Iterable[Element | str]:
    often = {None: "every time", 1: "once"}.get(pending.times, f"{pending.times} times")
    return _element("code", pending.where), pending.fault.name, often


_INVOICES: Final = {"Number": "", "Kind": "", "Date": "plain", "Customer": "words", "Total": "number", "Status": ""}


def _invoice(invoice: InvoiceSummary) -> Iterable[Element | str]:
    word = "cancels" if invoice.kind == "cancelling invoice" else "canceled by"
    return (
        _with_note(invoice.number or "(no number)", f"{word} {invoice.connected}" if invoice.connected else ""),
        invoice.kind,
        invoice.day.isoformat(),
        invoice.customer,
        _money(invoice.total, invoice.currency),
        _element("span", invoice.status, class_=f"mark {invoice.status}"),
    )


def _money(value: Decimal, currency: str) -> str:
    """A sum to two decimals, whole forints and yen to none, rounded half up; all its digits stand in the answers."""
    return f"{written(value, places_of([value], currency))} {currency}"


_REQUESTS: Final = {
    "Time (UTC)": "plain",
    "Method": "",
    "Path": "words",
    "Status": "",
    "ms": "number",
    "Sent and answered": "exchange",
}


def _request(logged: LoggedRequest) -> Iterable[Element | str]:
    at, status = datetime.fromtimestamp(logged.at, UTC), logged.status
    kind = "failed" if status is None or status >= _FAILED else "refused" if status >= _REFUSED else "fine"
    return (
        _element("time", f"{at:%H:%M:%S}", datetime=f"{at:%Y-%m-%dT%H:%M:%SZ}"),
        logged.method,
        _with_note(_element("code", logged.path), f"met: {logged.fault}" if logged.fault else ""),
        _with_note(_element("span", str(status or "none"), class_=f"mark {kind}"), logged.network),
        f"{logged.milliseconds:.2f}",
        _exchange(logged),
    )


def _exchange(logged: LoggedRequest) -> Element:
    uid = f"request-{logged.number}"
    answer = logged.answer
    title = "no answer"
    if answer is not None:
        title = f"{answer.kind.partition(';')[0]}, {answer.size:,} bytes" if answer.size else "no body"
    inside = [_element("summary", title, id=f"{uid}-summary")]
    if logged.sent.size:
        inside += [_element("h3", "Sent"), *_body(logged.sent)]
    if answer is not None:
        inside += [_element("h3", "Answered"), *_body(answer)]
    return _element("details", *inside, id=uid)


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
