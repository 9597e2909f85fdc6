"""What you can do: one class per noun, one short method per verb.

No path, no method of HTTP and no rule about trying again enters here.
"""
