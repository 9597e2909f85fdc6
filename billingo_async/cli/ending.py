"""How a command runs and ends: its exit code, and one line on standard error for what went wrong."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn

import typer

from billingo_async import BillingoError, OutcomeUnknownError
from billingo_async.cli.places import OrdersError
from billingo_async.cli.stopping import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

DONE, FAILED, USAGE, UNKNOWN, INTERRUPTED = 0, 1, 2, 3, 130
"""The codes that all commands end with; the last as a shell reports Ctrl-C."""
GO_ON: Final = "run it again to go on"
LOOK_FIRST: Final = "it may have happened all the same: look before you do it again"


def run(command: Callable[[Stop], Coroutine[Any, Any, int]], *, if_interrupted: str = GO_ON) -> None:
    """Run a command and end with its code; what goes wrong becomes one line on standard error."""
    stop = Stop()

    async def listening() -> int:
        with stop:
            return await command(stop)

    try:
        code = asyncio.run(listening())
    except asyncio.CancelledError:
        code = stop.code or INTERRUPTED
    except OutcomeUnknownError as error:
        end(UNKNOWN, str(error))
    except (BillingoError, OrdersError, OSError, ValueError) as error:
        end(FAILED, str(error))
    except KeyboardInterrupt:
        code = INTERRUPTED
    if stop.code or code == INTERRUPTED:
        end(stop.code or code, f"{stop.why}; {if_interrupted}")
    if code:
        raise typer.Exit(code)


def end(code: int, message: str) -> NoReturn:
    """End with this code, and one line on standard error that says why."""
    sys.stdout.flush()
    typer.echo(f"billingo-async: {message}", err=True)
    raise typer.Exit(code) from None
