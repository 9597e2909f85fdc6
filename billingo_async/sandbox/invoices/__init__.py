"""The invoices: issued, settled, found and handed over; each of these in a file of its own."""
