"""Everything that knows an HTTP library: a request goes in, a `Reply` or a `Fault` comes out. Nothing is repeated."""
