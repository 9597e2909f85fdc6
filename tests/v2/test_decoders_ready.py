"""Decoders before and after their answer: ready when it comes, and exact about where it cannot be used."""

from __future__ import annotations

import pytest
from ready_answers import LABEL, call_of, reply

from billingo_async import Invoice
from billingo_async.errors import MalformedResponseError
from billingo_async.v2.decoders import Many, NewId, One, Value


def test_half_a_character_is_named_with_its_field() -> None:
    """A text that no address and no file can hold is malformed, and the error says where it stood."""
    with pytest.raises(MalformedResponseError) as caught:
        Value("code", str).read(
            call_of(Value("code", str)), reply(body=b'{"success": true, "data": {"code": "a\\ud83d"}}')
        )
    assert str(caught.value) == f"{LABEL}: 200 OK: half a character (a lone surrogate) in `code`"


def test_a_decoder_is_ready_before_its_answer_comes() -> None:
    """What an answer is read with is built while the request is made, not while it is on the wire."""
    for decoder in (Many(lambda: Invoice), One(lambda: Invoice), Value("code", str), NewId()):
        assert "_adapter" not in vars(decoder)
        decoder.prepare()
        assert "_adapter" in vars(decoder)
