"""What the tests of a shared limit run as processes of their own; nothing here is a test.

`limited_run.py OPTIONS` with the options as JSON waits for a line of standard input and then downloads a PDF so many
times at once, printing a line for each. With `hold` it takes a slot, says so, and never uses it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

options: dict[str, Any] = json.loads(sys.argv[1])
_wall_clock = time.time
time.time = lambda: _wall_clock() + options["clock_offset"]

from billingo_async import Billingo, RateLimit  # noqa: E402 - the clock is wrong before anything reads it
from billingo_async.v2.operations import INVOICES_DOWNLOAD  # noqa: E402 - likewise


async def main() -> None:
    """Download as often as the options say."""
    limit = RateLimit(options["count"], per=options["per"], shared=options["store"], name=options["name"])
    async with Billingo("public", "private", base_url=options["url"], pdf_limit=limit) as billingo:
        print("ready", flush=True)  # noqa: T201 - what the parent reads
        await asyncio.to_thread(sys.stdin.readline)
        if options["hold"]:
            (queue,) = billingo._dispatch.sender.limits.queues(INVOICES_DOWNLOAD.call(id=1))
            await queue.wait_turn()
            print("holding", flush=True)  # noqa: T201 - likewise
            await asyncio.get_running_loop().create_future()

        async def download() -> None:
            await billingo.invoices.download(1)
            print("done", flush=True)  # noqa: T201 - likewise

        await asyncio.gather(*(download() for _ in range(options["load"])))


asyncio.run(main())
