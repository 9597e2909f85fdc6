"""Billingo's API v3: the same safety, errors and journal as `billingo_async`, under the API's own nouns.

Nothing of API v2 enters here.

Example:
    ```python
    from billingo_async.v3 import Billingo

    async with Billingo(api_key="…") as billingo:
        document = await billingo.documents.get(70000001)
    ```

"""

from billingo_async.on_demand import SHARED, on_demand

__getattr__, __dir__ = on_demand(__name__, "..errors .models", {**SHARED, ".billingo": "Billingo"})
