"""What all tests may use; each part stands in `tests/support` with its own explanation."""

pytest_plugins = ["pytester", "jumping_clock", "loopback_only", "shared_folder"]
