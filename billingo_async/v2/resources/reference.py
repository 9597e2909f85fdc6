"""What the API knows by itself: payment methods, VAT rates, exchange rates, and whose account this is.

Nothing of the account is changed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.fields.arguments import QueryValue, check_code, check_decimal, check_ip, check_str, encode_query
from billingo_async.noun import Noun
from billingo_async.v2 import models, operations

if TYPE_CHECKING:
    import builtins
    from decimal import Decimal


class PaymentMethods(Noun):
    """How invoices are paid: cash, transfer, card and others.

    Source: API docs, Payment methods.
    """

    async def list(self, lang: str = "hu") -> builtins.list[models.PaymentMethod]:
        """Return all payment methods with their names in a language: ``hu``, ``en`` or ``de``.

        Raises:
            ValueError: If `lang` is not two letters; nothing is sent.

        Example:
            ```python
            names = {method.id: method.name for method in await billingo.payment_methods.list("en")}
            ```

        Source: API docs, Payment methods / List.

        """
        return await self._dispatch.run(operations.PAYMENT_METHODS_LIST.call(lang=lang))


class Vats(Noun):
    """The rates of value added tax.

    Source: API docs, VAT.
    """

    async def list(
        self, *, value: Decimal | int | None = None, description: str | None = None
    ) -> builtins.list[models.Vat]:
        """Return the VAT rates, all or those with a value (``Decimal("0.27")``) or a description (``"AM"``).

        Raises:
            ValueError: If `value` is a float or no number; nothing is sent.
            TypeError: If `description` is no text; nothing is sent.

        Example:
            ```python
            rates = {vat.id: vat.value for vat in await billingo.vat.list() if vat.value is not None}
            ```

        Source: API docs, VAT / List.

        """
        query = {
            "v": None if value is None else check_decimal("value", value),
            "d": None if description is None else check_str("description", description),
        }
        return await self._dispatch.run(operations.VAT_LIST.call(query=encode_query(query)))

    async def eu(
        self, *, country: str, business_country: str, ip: str | None = None, vat_code: str | None = None
    ) -> models.EuVat:
        """Return the VAT rate for a sale from one EU country to another.

        Args:
            country: Where the customer is: two letters of ISO 3166, such as ``DE``.
            business_country: Where the seller is.
            ip: The customer's address on the net, compared with `country`.
            vat_code: The customer's EU VAT number, for a sale to a business.

        Raises:
            ValueError: If a country is not two capital letters, or `ip` is no IP address; nothing is sent.
            TypeError: If `vat_code` is no text; nothing is sent.

        Example:
            ```python
            vat = await billingo.vat.eu(country="DE", business_country="HU", vat_code="DE123456789")
            ```

        Source: API docs, VAT / EU VAT.

        """
        query = {
            "country": check_code("country", country, "DE"),
            "business_country": check_code("business_country", business_country, "HU"),
            "ip": None if ip is None else check_ip("ip", ip),
            "vat_code": None if vat_code is None else check_str("vat_code", vat_code),
        }
        return await self._dispatch.run(operations.VAT_EU.call(query=encode_query(query)))


class Currencies(Noun):
    """Exchange rates of the day.

    Source: API docs, Currency.
    """

    async def convert(self, value: Decimal | int, *, source: str, target: str) -> Decimal:
        """Return an amount of one currency in another, unrounded, at the server's rate of the day.

        Args:
            value: The amount, in units of `source`.
            source: Three letters of ISO 4217, such as ``EUR``.
            target: Three letters of ISO 4217.

        Raises:
            ValueError: If `value` is a float or no number, or a currency is not three capital letters; nothing is sent.

        Example:
            ```python
            forints = await billingo.currencies.convert(Decimal("99.90"), source="EUR", target="HUF")
            ```

        Source: API docs, Currency / Convert.

        """
        query: dict[str, QueryValue] = {
            "from": check_code("source", source, "EUR"),
            "to": check_code("target", target, "HUF"),
            "value": check_decimal("value", value),
        }
        return await self._dispatch.run(operations.CURRENCIES_CONVERT.call(query=encode_query(query)))


class User(Noun):
    """The account that the keys belong to.

    Source: API docs, User.
    """

    async def is_sandbox(self) -> bool:
        """Return True if the account is in sandbox mode, where nothing has legal effect.

        Example:
            ```python
            assert await billingo.user.is_sandbox(), "not on the real account!"
            ```

        Source: API docs, User / Is sandbox.
        """
        return await self._dispatch.run(operations.USER_IS_SANDBOX.call())

    async def tax_code(self) -> str:
        """Return the tax code of the account's owner.

        Example:
            ```python
            tax_code = await billingo.user.tax_code()
            ```

        Source: API docs, User / Tax code.
        """
        return await self._dispatch.run(operations.USER_TAX_CODE.call())
