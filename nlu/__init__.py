"""Understands one message: language, intent, entities, mood, and whether it is ours to answer."""
