"""Answers that are too long, packed, or not what they say: no more is kept than the bound allows."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import httpx
import pytest
from ready_answers import GOOD, Pieces, ask

from billingo_async import ConnectionFailedError, MalformedResponseError, OutcomeUnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jumping_clock import JumpingClock


async def test_an_answer_of_fifty_megabytes_is_not_kept(jumping_clock: JumpingClock) -> None:
    """Reading stops at the bound; what does harm twice is in doubt, since it said success and not what was done."""
    body = Pieces(*[b" " * 2**20] * 50)
    with pytest.raises(MalformedResponseError, match="max_response_size"):
        await ask(lambda _: httpx.Response(200, stream=body))
    assert body.taken == 33 * 2**20
    small = Pieces(*[b" " * 1000] * 50)
    with pytest.raises(OutcomeUnknownError, match="max_response_size") as caught:
        await ask(lambda _: httpx.Response(200, stream=small), effect="once", max_response_size=10_500)
    assert small.taken == 11_000
    assert caught.value.raw == b" " * 10_500


@pytest.mark.parametrize(("encoding", "window"), [("gzip", 31), ("deflate", 15)])
async def test_a_bomb_is_unpacked_no_further_than_the_bound(
    encoding: str, window: int, jumping_clock: JumpingClock
) -> None:
    """Sixty kilobytes that stand for sixty megabytes: no more than the bound and a little is ever in memory."""
    packer = zlib.compressobj(wbits=window)
    bomb = b"".join([*(packer.compress(bytes(2**20)) for _ in range(60)), packer.flush()])
    assert len(bomb) < 65_536
    tracemalloc.start()
    try:
        with pytest.raises(MalformedResponseError, match="max_response_size"):
            await ask(
                lambda _: httpx.Response(200, stream=Pieces(bomb), headers={"Content-Encoding": encoding}),
                max_response_size=2**20,
            )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 2**20


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate", "identity", ""])
@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_a_packed_answer_is_read(encoding: str, size: int, jumping_clock: JumpingClock) -> None:
    """In pieces of any size, with an answer much longer than one step of unpacking."""
    data = {"text": "Őrház" * 100_000}
    plain = json.dumps({"success": True, "data": data}).encode()
    packers: dict[str, Callable[[bytes], bytes]] = {"deflate": zlib.compress, "identity": bytes, "": bytes}
    packed = packers.get(encoding, gzip.compress)(plain)
    if len(packed) > 200_000 and size < 10:
        size *= 10_000
    body = Pieces(*(packed[start : start + size] for start in range(0, len(packed), size)))
    said = await ask(lambda _: httpx.Response(200, stream=body, headers={"Content-Encoding": encoding}))
    assert said["data"] == data


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("gzip", GOOD), ("gzip", gzip.compress(GOOD)[:-9]), ("br", GOOD), ("gzip, gzip", gzip.compress(GOOD))],
    ids=["not packed", "broken off", "an encoding nobody asked for", "packed twice"],
)
async def test_what_cannot_be_unpacked_is_unknown(encoding: str, packed: bytes, jumping_clock: JumpingClock) -> None:
    """It is an answer that cannot be read: doubt for what does harm twice, an error otherwise."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Pieces(packed), headers={"Content-Encoding": encoding})

    with pytest.raises(OutcomeUnknownError, match="unpacked"):
        await ask(answer, effect="once")
    with pytest.raises(ConnectionFailedError, match="unpacked"):
        await ask(answer)


async def test_an_empty_answer_may_call_itself_packed(jumping_clock: JumpingClock) -> None:
    """Nothing needs no unpacking."""
    with pytest.raises(MalformedResponseError):
        await ask(lambda _: httpx.Response(204, stream=Pieces(), headers={"Content-Encoding": "gzip"}))
