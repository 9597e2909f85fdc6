"""Runs an example with leases of seconds, so that a test need not wait a minute for a dead worker's; no test is here.

`short_times.py SCRIPT ARGUMENT…` runs the script as its own main program.
"""

from __future__ import annotations

import runpy
import sys
from functools import partialmethod
from typing import Any

from procrastinate import App
from procrastinate.manager import JobManager

from billingo_async.journal import workers

# On loopback no request is on its way for longer than a moment.
workers.LEASE_SECONDS, workers.MARGIN_SECONDS, workers.HEARTBEAT_SECONDS = 10.0, 1.0, 0.5  # type: ignore[misc]  # they are Final
check = workers.Leases.check_lease
workers.Leases.check_lease = lambda self, _: check(self, 4.0)  # type: ignore[assignment, method-assign]  # likewise
times: dict[str, Any] = {"update_heartbeat_interval": 1.0, "stalled_worker_timeout": 4.0}
App.run_worker_async = partialmethod(App.run_worker_async, **times)  # type: ignore[assignment, method-assign]  # a method all the same
stalled = partialmethod(JobManager.get_stalled_jobs, seconds_since_heartbeat=4.0)
JobManager.get_stalled_jobs = stalled  # type: ignore[assignment, method-assign]  # likewise

if __name__ == "__main__":
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
