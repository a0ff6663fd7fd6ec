"""Conducts the conversation: who speaks next, and what."""
