"""Answers from articles: Markdown into passages, passages into one calibrated score, or nothing."""
