"""What can be looked up: rates of exchange, whose account this is, tax numbers, and the new ids of old things.

Nothing of the account is changed here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from billingo_async.fields.arguments import check_code, check_date, check_int, encode_query
from billingo_async.noun import Noun
from billingo_async.v3 import models, operations

if TYPE_CHECKING:
    import datetime as dt


TAX_NUMBER: Final = re.compile(r"[0-9]{8}-[1-5]-[0-9]{2}", re.ASCII)
"""Source: specification, CheckTaxNumber."""


class Currencies(Noun):
    """Rates of exchange. Source: specification, GetConversionRate."""

    async def rate(
        self, source: models.Currency | str, target: models.Currency | str, *, date: dt.date | None = None
    ) -> models.ConversionRate:
        """Return the rate from one currency to another on a day; without a day, today's in Budapest.

        A document in another currency than HUF needs the rate of its day of fulfillment. What is answered for a day
        without a rate (a holiday, the future) is not documented: look at the answer's `date`.

        Raises:
            ValueError: For what is no code of a currency, and for a datetime, whose day depends on the time zone;
                nothing is sent.

        Example:
            ```python
            rate = await billingo.currencies.rate("EUR", "HUF", date=fulfillment_date)
            invoice = NewDocument(currency="EUR", conversion_rate=rate.conversion_rate, **order)
            ```

        Source: specification, GetConversionRate.

        """
        query = {
            "from": check_code("source", source, "EUR"),
            "to": check_code("target", target, "HUF"),
            "date": check_date("date", date),
        }
        return await self._dispatch.run(operations.CURRENCIES_RATE.call(query=encode_query(query)))


class Organizations(Noun):
    """Whose account this is. Source: specification, OrganizationData."""

    async def get(self) -> models.Organization:
        """Return the account's tax number and subscription: the cheapest way to see whether a key is good.

        Example:
            ```python
            organization = await billingo.organization.get()
            ```

        Source: specification, GetOrganizationData.
        """
        return await self._dispatch.run(operations.ORGANIZATION_GET.call())


class TaxNumbers(Noun):
    """Tax numbers, as the tax office knows them. Source: specification, CheckTaxNumber."""

    async def check(self, number: str) -> models.TaxNumberCheck:
        """Return what the tax office says of a tax number such as ``12345678-2-42``.

        That the tax office cannot be reached is an answer, too: ``external_nav_service_unreachable``.

        Raises:
            ValueError: For a number in another form; nothing is sent.

        Example:
            ```python
            is_valid = (await billingo.tax_numbers.check("12345678-2-42")).result == "validation_ok"
            ```

        Source: specification, CheckTaxNumber.

        """
        if not isinstance(number, str) or not TAX_NUMBER.fullmatch(number):
            raise ValueError("number must be a tax number in the form 12345678-2-42, with its dashes")
        return await self._dispatch.run(operations.TAX_NUMBERS_CHECK.call(text=number))


class LegacyIds(Noun):
    """The ids of API v2. Source: specification, GetId."""

    async def convert(self, id: int) -> models.ConvertedId:
        """Return the id in API v3 of what API v2 knows by this one; documents for certain, the rest is undocumented.

        Raises:
            NotFoundError: If nothing had this id.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            document = await billingo.documents.get((await billingo.legacy_ids.convert(1938103373)).id)
            ```

        Source: specification, GetId; the vendor's own shop plugin.

        """
        return await self._dispatch.run(operations.LEGACY_IDS_CONVERT.call(id=check_int("id", id, 1)))
