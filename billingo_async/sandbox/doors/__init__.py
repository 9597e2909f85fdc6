"""The two ways in: without a socket, and over loopback HTTP; both lead to the same books."""
