"""What you can do: one class per noun, one short method per verb."""
