"""Keeps everything: tables, how the domain's classes map onto them, and one store per noun."""
