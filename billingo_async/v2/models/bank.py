"""A client's own bank account; it serves both ways."""

from typing import Annotated, ClassVar

from pydantic import Field

from billingo_async.fields.both_ways import TwoWay
from billingo_async.fields.lenient import Text


class Bank(TwoWay):
    """A client's bank account: read from an answer, or constructed by the caller, who must give `account_no`.

    The account that the money of an invoice goes to is a `BankAccount`. Source: API docs, Clients / Create a client.
    """

    required: ClassVar[tuple[str, ...]] = ("account_no",)

    account_no: Annotated[Text, Field(default=None)]
    iban: Text = None
    swift: Text = None
