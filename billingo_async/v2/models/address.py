"""The postal address of a client; it serves both ways."""

from typing import Annotated, ClassVar

from pydantic import Field

from billingo_async.fields.both_ways import TwoWay
from billingo_async.fields.lenient import Text


class Address(TwoWay):
    """Where a client lives: read from an answer, or constructed by the caller.

    Constructing needs `street_name`, `city`, `postcode` and `country`, none of them empty, and raises
    `ValidationError` or `ValueError` naming the field otherwise. Read from an answer, any field may be None.

    The server finds an existing client only if the street is split into `street_name`, `street_type`, `house_nr`.
    Source: API docs, Clients / Create a client.

    Example:
        ```python
        Address(street_name="Deák", street_type="tér", house_nr="6", city="Sopron", postcode="9400", country="Hungary")
        ```

    """

    required: ClassVar[tuple[str, ...]] = ("street_name", "city", "postcode", "country")

    # The default stands within the annotation: absent from an answer it is None, yet a caller has to give it.
    street_name: Annotated[Text, Field(default=None)]
    city: Annotated[Text, Field(default=None)]
    postcode: Annotated[Text, Field(default=None)]
    country: Annotated[Text, Field(default=None)]
    street_type: Text = None
    house_nr: Text = None
    block: Text = None
    entrance: Text = None
    floor: Text = None
    door: Text = None
    district: Text = None
