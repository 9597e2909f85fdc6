"""The envelope around every answer, and the only place that knows its dialects.

Documented are ``{"success": true, "type": …, "data": …}`` and ``{"success": false, "error": …, "errors": …}``. Seen are
`success` as a string, as a number and with HTTP 200 on a failure; `data` as an object where a list is promised and the
other way round; a list as an object with numbers for keys; `[]` for an empty object; `errors` as list and as object.
Source: API docs, Successful responses / Errors; other clients' code and users' reports.

Knows nothing of models: it hands on plain JSON, and raises the error that a refusal stands for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from billingo_async.fields.exact import is_array, is_object
from billingo_async.protocol.decoders import object_in
from billingo_async.protocol.refusals import malformed, refusal

if TYPE_CHECKING:
    from billingo_async.errors import APIError
    from billingo_async.protocol.call import Call, Reply

YES: Final = frozenset({"true", "1"})
NO: Final = frozenset({"false", "0"})
"""What `success` has been seen as, or would be by PHP's rules, written as lower-case text."""
UNSAID: Final = frozenset({"", "none"})
"""An empty `success` says as little as a missing one: after a call that must not be repeated it is no proof of a no."""
_ID: Final = re.compile(r"0*[1-9][0-9]{0,17}(\.0+)?", re.ASCII)


def unwrap(call: Call[Any], reply: Reply) -> dict[str, Any]:
    """Return the whole envelope of an answer that says success; raise what it stands for otherwise.

    Raises `APIError` for a refusal and `MalformedResponseError` for what cannot be read or says neither.
    """
    if reply.cut:
        raise malformed(call, reply, "the answer is longer than max_response_size")
    answer = object_in(reply)
    if answer is None:
        raise malformed(call, reply, "the answer is no JSON object")
    success = success_flag(answer)
    if success is None:
        raise malformed(call, reply, "the answer does not say whether it is a success")
    if not success:
        raise _refusal(call, reply, answer)
    return answer


def error_from(call: Call[Any], reply: Reply) -> APIError:
    """Return the error of an answer whose status is not one of success; its body may be anything."""
    return _refusal(call, reply, object_in(reply) or {})


def _refusal(call: Call[Any], reply: Reply, answer: dict[str, Any]) -> APIError:
    return refusal(call, reply, answer.get("error"), answer.get("errors"))


def success_flag(answer: dict[str, Any]) -> bool | None:
    """Tell what the envelope says: True, False, or None where it says neither.

    Without a word of success an error means no, unless the answer holds something besides: it may be a warning beside
    what was done.
    """
    word = str(answer.get("success")).strip().lower()
    if word in UNSAID:
        return False if has_error(answer) and not (answer.get("data") or answer.get("id")) else None
    return True if word in YES else False if word in NO else None


def has_error(answer: dict[str, Any]) -> bool:
    """Tell whether there are words of an error, whatever became of the call."""
    return bool(answer.get("error") or answer.get("errors"))


def entries(data: Any) -> list[dict[str, Any]] | None:
    """Return the entries of a list, each as its attributes with the `id` among them; None if `data` is no such list."""
    if is_object(data):
        data = [data] if _is_entry(data) else list(data.values())
    if not is_array(data):
        return None
    flat = [entry for entry in map(_flat, data) if entry is not None]
    return flat if len(flat) == len(data) else None


def unwrap_single(data: Any) -> Any:
    """Return what stands alone in `data`, be it wrapped in a list of one or in an entry; anything else as it came."""
    if is_array(data) and len(data) == 1:
        data = data[0]
    if is_object(data) and is_object(attributes := data.get("attributes")):
        return {**data, **attributes}
    return data


def _is_entry(data: dict[str, Any]) -> bool:
    return "id" in data or "attributes" in data


def _flat(entry: Any) -> dict[str, Any] | None:
    """Merge ``{"id": 7, "attributes": {…}}`` into one object; an id that is missing is looked for among the rest."""
    if not is_object(entry) or not _is_entry(entry):
        return None
    attributes = entry.get("attributes", entry)
    if not attributes:  # PHP's empty object is an array
        attributes = dict[str, Any]()
    if not is_object(attributes):
        return None
    candidates = (entry.get("id"), attributes.get("id"), attributes.get("uid"))
    identity = next((known for known in candidates if _is_identity(known)), None)
    return None if identity is None else {**attributes, "id": identity}


def _is_identity(candidates: object) -> bool:
    """Tell whether an id may be one: a whole number, not 0, nothing below; no flag, nothing empty, no words."""
    return not isinstance(candidates, bool) and _ID.fullmatch(str(candidates).strip()) is not None
