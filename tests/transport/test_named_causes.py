"""A failed connection says which of DNS, refusal, time, certificate or protocol it was, and what to do about it."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import anyio
import httpx
import pytest
import trustme
from cancelling import no_tasks_left
from loopback import KEYS, answer_all, serving

from billingo_async import (
    Billingo,
    CallReport,
    ConfigurationError,
    ConnectionFailedError,
    MalformedResponseError,
    OutcomeUnknownError,
)
from billingo_async.transport.connections import dial
from billingo_async.transport.connections.body import BodyReader
from billingo_async.transport.connections.dial import ssl_context
from billingo_async.v2 import envelope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


async def failure(url: str, **options: Any) -> ConnectionFailedError:
    """Return what one attempt of a cancel, which must not happen twice, raises where no connection can be made."""
    async with Billingo(*KEYS, base_url=url, max_retries=0, **options) as billingo:
        with pytest.raises(ConnectionFailedError) as caught:
            await billingo.invoices.cancel(7)
    assert (caught.value.safe_to_retry, caught.value.worth_retrying) == (True, True)
    return caught.value


async def test_a_host_that_dns_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy is the address or the network."""

    async def unknown(*_: object) -> list[dial.Address]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(dial, "_addresses", unknown)
    error = await failure("https://billingo.invalid/api")
    assert "the host's name is unknown to DNS: check the address and the network" in str(error)


FILE = "library.zip/reply.json"


@pytest.mark.parametrize(
    "lacking",
    [
        FileNotFoundError(2, "No such file or directory", FILE),
        NotADirectoryError(20, "Not a directory", FILE),
        FileNotFoundError(f"no {FILE} is here"),
        ModuleNotFoundError(f"No module named {FILE!r}"),
    ],
    ids=lambda error: f"{type(error).__name__}-{len(error.args)}",
)
@pytest.mark.parametrize(
    ("place", "name", "of_read"),
    [
        (BodyReader, "finish", ConfigurationError),
        (httpx.AsyncHTTPTransport, "handle_async_request", ConfigurationError),
        (envelope, "unwrap", MalformedResponseError),
    ],
    ids=["our connection", "a library's", "a decoder"],
)
async def test_a_part_that_a_frozen_program_lacks_is_no_fault_of_the_network(
    place: Any, name: str, of_read: Any, lacking: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named and nothing is tried again; after a call that must not happen twice the outcome is unknown."""
    monkeypatch.setattr(place, name, Mock(side_effect=lacking))
    calls: list[CallReport] = []
    async with serving(answer_all) as url, Billingo(*KEYS, base_url=url, on_call=calls.append) as billingo:
        with pytest.raises(of_read, match=FILE):
            await billingo.user.tax_code()
        with pytest.raises(OutcomeUnknownError, match=FILE):
            await billingo.invoices.cancel(7)
    assert [call.attempts for call in calls] == [1, 1]


async def test_a_file_that_is_lacking_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails while connecting was never sent, and no network was down."""
    monkeypatch.setattr(dial.Route, "connect", Mock(side_effect=PermissionError(13, "Permission denied", FILE)))
    async with Billingo(*KEYS, base_url="http://127.0.0.1:9/api") as billingo:
        with pytest.raises(ConfigurationError, match=FILE):
            await billingo.invoices.cancel(7)


@pytest.fixture
def fresh_context() -> Iterator[None]:
    """Have the authorities loaded anew in this test, and once more after it."""
    ssl_context.cache_clear()
    yield
    ssl_context.cache_clear()


@pytest.mark.parametrize(
    ("variable", "content", "why"),
    [
        ("SSL_CERT_FILE", None, "cannot be read"),
        ("SSL_CERT_FILE", "junk", "holds no certificate"),
        ("SSL_CERT_FILE", "", "holds no certificate"),
        ("SSL_CERT_DIR", None, "is no folder"),
    ],
)
@pytest.mark.usefixtures("fresh_context")
async def test_authorities_that_cannot_be_loaded_are_named(
    variable: str, content: str | None, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or folder that is missing or holds junk is a mistake of the configuration, and no bare error of a file."""
    path = tmp_path / "authorities.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv(variable, str(path))
    async with Billingo(*KEYS, base_url="https://127.0.0.1:9/api") as billingo:
        with pytest.raises(ConfigurationError, match=f"{variable} names .*authorities.pem, which {why}"):
            await billingo.user.tax_code()


async def test_an_authority_of_the_environment_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_context: None
) -> None:
    """With its file in `SSL_CERT_FILE` the same server is verified, and answers."""
    authority = trustme.CA()
    path = tmp_path / "authorities.pem"
    path.write_bytes(authority.cert_pem.bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    async with serving(answer_all, authority) as url, Billingo(*KEYS, base_url=url) as billingo:
        assert await billingo.user.tax_code() == "1"


def test_outside_asyncio_the_first_call_says_so() -> None:
    """Driven by another library's loop, there is no running loop of asyncio's."""
    call = Billingo(*KEYS).user.tax_code()
    with pytest.raises(ConfigurationError, match="works under asyncio alone, not trio"):
        call.send(None)


async def test_a_scope_that_is_cancelled_again_and_again_leaves_no_socket() -> None:
    """Ten times `async with Billingo` for 50 ms, before a server that never answers: it sees every connection end."""
    accepted: list[asyncio.StreamWriter] = []
    ended = 0

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal ended
        accepted.append(writer)
        try:
            while await reader.read(65_536):
                pass
        except ConnectionError:
            pass
        ended += 1
        writer.close()

    async with serving(silent) as url, asyncio.timeout(20):
        for _ in range(10):
            with anyio.move_on_after(0.05) as scope:
                async with Billingo(*KEYS, base_url=url) as billingo:
                    await asyncio.gather(*(billingo.user.tax_code() for _ in range(3)))
            assert scope.cancelled_caught
        while ended < len(accepted):  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0)
    assert len(accepted) == 30
    await no_tasks_left()
