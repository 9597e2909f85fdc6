"""Currencies: the rate between two of them on a day, and what is written in one."""

from decimal import Decimal
from typing import ClassVar, Self, cast

from pydantic import ValidationInfo, model_validator

from billingo_async.fields.lenient import Day, Exact, OpenText
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Choice, PositiveAmount
from billingo_async.fields.writing import WrittenModel
from billingo_async.v3.models.codes import Currency


class ConversionRate(ReadModel):
    """The rate between two currencies on a day. Source: specification, ConversationRate, which is spelled so."""

    shown: ClassVar[tuple[str, ...]] = ("from_currency", "to_currency", "conversation_rate", "date")

    from_currency: OpenText[Currency] = None
    """ISO 4217."""

    to_currency: OpenText[Currency] = None
    """ISO 4217."""

    conversation_rate: Exact
    """Units of `to_currency` for one of `from_currency`; the API spells it so."""

    date: Day = None
    """The day of the rate."""

    @property
    def conversion_rate(self) -> Decimal:
        """The rate, under the name by which documents take it."""
        return self.conversation_rate


class InCurrency(WrittenModel):
    """What is written in a currency: another than the forint needs its rate, in forints for one unit.

    The server takes a rate of 1 for a euro, which is wrong in law, and refuses none at all. Source: seen.
    """

    currency: Choice[Currency] = Currency.HUF
    """ISO 4217."""

    conversion_rate: PositiveAmount | None = None
    """Forints for one unit of `currency`."""

    @model_validator(mode="after")
    def _has_rate(self, info: ValidationInfo) -> Self:
        unchanged = cast("frozenset[str] | None", info.context) or frozenset()
        is_rate_given = self.conversion_rate is not None and "conversion_rate" not in unchanged
        if self.currency == Currency.HUF or "currency" in unchanged or is_rate_given:
            return self
        code = str(self.currency)
        raise ValueError(
            f"{code} needs conversion_rate, the rate of the day of fulfillment: "
            f'(await billingo.currencies.rate("{code:.3}", "HUF", date=fulfillment_date)).conversion_rate'
        )
