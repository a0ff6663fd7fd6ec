"""Figures about the running product, counted by the database."""
