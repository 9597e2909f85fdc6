"""What you can do over API v3: one class per noun, one short method per verb."""
