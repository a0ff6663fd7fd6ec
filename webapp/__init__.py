"""Connects the product to the world; the only package that knows HTTP, SQL and the environment."""
