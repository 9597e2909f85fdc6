"""What is claimed about speed, reproducible with one command: `nox -s bench`, or `python -m benchmarks`.

Each claim is a ratio, measured in one run against something real: raw asyncio streams with `json.loads` (the floor,
less cannot be done), bare httpx, bare aiohttp, httpx2, and a pydantic client generated from an OpenAPI file. The
contenders take turns, several rounds, and medians are compared.

Nothing here is imported by the library or by its tests.
"""
