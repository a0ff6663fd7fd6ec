"""Connectors: how the bot reaches the business systems of a shop."""
