"""Word, PDF, HTML and Excel files as Markdown, read in a process that may fail without harm."""
