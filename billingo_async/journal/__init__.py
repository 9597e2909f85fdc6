"""Anything once per key: intents, leases, reconciliation, runs over many; a wing is asked through one small port.

No operation of either API enters here.
"""
