"""Fetches a human: reasons, agents, tickets, what is told to the one who takes over."""
