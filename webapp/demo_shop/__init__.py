"""The demo shop's own systems: orders, logistics, returns, invoices, members and stock."""
