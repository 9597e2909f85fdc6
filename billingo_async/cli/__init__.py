"""The command line: parses, calls the public face, prints; nothing imports it, and no rule of the API lives here."""
