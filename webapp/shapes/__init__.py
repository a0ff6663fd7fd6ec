"""The shapes of everything that leaves the program as JSON."""
