"""Every method sends the documented method, path, query and body, and returns the documented answer as a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from documented_calls import CALLS
from samples import exactly, kinds, sample

from billingo_async.v2.operations import TABLE

if TYPE_CHECKING:
    from pathlib import Path

    import respx

    from billingo_async import Billingo


def test_every_operation_has_its_case() -> None:
    """No row of the table goes untried; the server's time has a test of its own."""
    assert set(CALLS) == {row.name for row in TABLE if not row.public}


@pytest.mark.parametrize("name", CALLS)
async def test_method_sends_and_reads_what_is_documented(
    name: str, billingo: Billingo, server: respx.MockRouter, shared: Path
) -> None:
    """One request leaves, just as documented, with a token and nothing unasked; the answer becomes a model."""
    case = CALLS[name]
    route = server.route(method=case.method).mock(return_value=_answer(case.answer, shared))
    assert case.result(await case.call(billingo)) == case.expected
    assert route.call_count == 1
    request: httpx.Request = route.calls.last.request
    assert request.url.raw_path.decode() == f"/api{case.target}"
    assert request.headers["Authorization"].startswith("Bearer ey")
    if case.body is None:
        assert request.content == b""
        assert "content-type" not in request.headers
    else:
        sent, wanted = exactly(request.content), _json(case.body, shared)
        assert sent == wanted
        assert kinds(sent) == kinds(wanted)
        assert request.headers["content-type"] == "application/json"


def _json(said: str | dict[str, Any], shared: Path) -> Any:
    if isinstance(said, str):
        return sample(shared, said)
    return exactly(httpx.Response(200, json=said).content)


def _answer(said: str | dict[str, Any] | bytes, shared: Path) -> httpx.Response:
    if isinstance(said, str):
        return httpx.Response(200, content=(shared / "payloads" / f"{said}.json").read_bytes())
    return httpx.Response(200, content=said) if isinstance(said, bytes) else httpx.Response(200, json=said)
