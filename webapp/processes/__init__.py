"""Runs the product: a supervisor over the front, web, stream and worker processes."""
