"""The one way to say no: a refusal carries the status and the words of the envelope, the dialect writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Refusal(Exception):  # noqa: N818 - it is an answer of the API that travels upwards, not an error of the sandbox
    """A request is refused: nothing of it was done."""

    def __init__(
        self,
        status: int,
        error: str,
        *,
        errors: Mapping[str, str] | Sequence[str] | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(status, error)
        self.status = status
        self.error = error
        self.errors = errors
        self.headers = headers


def not_found(noun: str, uid: int) -> Refusal:
    """The refusal of an id that is not, or no longer, there."""
    return Refusal(404, f"There is no {noun} with the id {uid}")


def not_saved(noun: str, *reasons: str) -> Refusal:
    """The refusal of a body that fits its schema and still cannot be saved: `errors` is an array then.

    Source: API docs, Errors.
    """
    return Refusal(400, f"The {noun} could not be saved", errors=list(reasons))
