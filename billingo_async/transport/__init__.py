"""What touches the world: the network, the clock, the waiting."""
