"""Delivers events to those who may see them: server-sent events and long polls with one cursor."""
