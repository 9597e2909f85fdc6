"""What touches the world: the network, the clock, the waiting.

No endpoint and no model enters here.
"""
