"""API v2: its envelope, its operations, its models and resources, and the object that holds them.

Nothing of API v3 enters here.
"""
