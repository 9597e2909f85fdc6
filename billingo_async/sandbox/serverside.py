"""What the server tells of itself: its time. No token is asked for. Source: API docs, Authentication (time)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox.dialect import answer
from billingo_async.sandbox.http import Response

if TYPE_CHECKING:
    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.office import Office


def time_(office: Office, asked: Asked) -> Response:
    """Unix time in whole seconds: bare text, or with `type=json` an object, whose shape is not documented."""
    seconds = int(office.at)
    if asked.query.get("type") == "json":
        return answer({"time": seconds})
    return Response(200, str(seconds).encode(), (("Content-Type", "text/plain; charset=utf-8"),))
