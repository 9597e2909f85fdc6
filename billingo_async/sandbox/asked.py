"""What a handler is told of a request once the door, the guard and the schemas are behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.sandbox.http import JsonObject


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """The variable part of a request: the id and the word of its path, its query, its checked body.

    `uid` is 0 and `word` empty where the path has none, the body is empty where the operation takes none.
    """

    uid: int
    word: str
    query: Mapping[str, str]
    body: JsonObject
