"""The sandbox on a port of its own: prints where it is and how to use it, then one line a request."""

from __future__ import annotations

import errno
import sys
from datetime import datetime
from time import perf_counter
from typing import Annotated

import typer

from billingo_async.cli.running import DONE, Stop, run
from billingo_async.sandbox import Sandbox
from billingo_async.sandbox.http import Request, Response


class LoggedSandbox(Sandbox):
    """A sandbox that prints one line for each request: time, method, path, status, milliseconds.

    Queries, headers and bodies stay out of it, and so does the code of a public page: who knows it can see the invoice.
    """

    def answer(self, request: Request, *, clock_offset: float = 0.0) -> Response:
        """Answer, and print the line."""
        began = perf_counter()
        response = super().answer(request, clock_offset=clock_offset)
        took = (perf_counter() - began) * 1000
        at = datetime.now().astimezone()
        path, code, _ = request.path.partition("/c:")
        shown = f"{path}{code}…" if code else path
        sys.stdout.write(f"{at:%H:%M:%S} {request.method:<6} {shown} {response.status} {took:.1f} ms\n")
        sys.stdout.flush()
        return response


def page_of(url: str) -> str:
    """The address of the sandbox's page, for a browser."""
    return f"{url.removesuffix('/api')}/"


def exports(sandbox: Sandbox, url: str) -> list[str]:
    """The lines that a shell needs for `Billingo()` to find the sandbox."""
    return [
        f"export BILLINGO_BASE_URL={url}",
        f"export BILLINGO_PUBLIC_KEY={sandbox.public_key}",
        f"export BILLINGO_PRIVATE_KEY={sandbox.private_key}",
    ]


def sandbox(
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.", min=0, max=65535)] = 8080,
    host: Annotated[str, typer.Option(help="A loopback address; the sandbox's key is no secret.")] = "127.0.0.1",
    *,
    lenient: Annotated[bool, typer.Option("--lenient", help="Accept the tokens that other programs send.")] = False,
) -> None:
    """Serve a sandbox until Ctrl-C, printing how to reach it and one line a request.

    A browser finds a page at / of the same address: what the sandbox holds, the last requests with their answers, and
    the faults that wait. It refreshes itself and changes nothing.
    """
    run(lambda stop: run_sandbox(host, port, stop, lenient=lenient))


async def run_sandbox(host: str, port: int, stop: Stop, *, lenient: bool = False) -> int:
    """Serve until Ctrl-C; `lenient` accepts the tokens that other programs send to API v2.

    Raises:
        ValueError: The host is not of this machine's loopback interface.
        OSError: The port is taken.
    """
    sandbox = LoggedSandbox(strict_tokens=not lenient)
    try:
        async with sandbox.serve(port, host) as url:
            lines = [
                f"The sandbox listens at {url} until Ctrl-C; all of it is in memory.",
                f"What it holds and was asked: {page_of(url)}",
                f"API v3 is at {sandbox.v3_url}, for the key {sandbox.api_key}",
                *exports(sandbox, url),
            ]
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()
            await stop.wait()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise OSError(f"port {port} is taken; name another with --port, or --port 0 for any free one") from error
    return DONE
