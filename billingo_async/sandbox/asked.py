"""What a handler is told of a request once the door, the guard and the schemas are behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.sandbox.http import JsonObject


def _no_body() -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Asked:
    """The variable part of a request: the id and the word of its path, its query, its checked body.

    `uid` is 0 and `word` empty where the path has none.
    """

    uid: int = 0
    word: str = ""
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: JsonObject = field(default_factory=_no_body)

    def __repr__(self) -> str:
        return f"Asked(uid={self.uid})"
