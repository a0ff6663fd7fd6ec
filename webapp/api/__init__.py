"""The HTTP API: one module a noun, every route declared once for code and OpenAPI."""
