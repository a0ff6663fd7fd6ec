"""Brings the tables of any earlier release to today's; each step in its own file."""
