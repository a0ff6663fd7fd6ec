"""Who may do what: staff sessions, API tokens, customers' tokens, passwords, permissions."""
