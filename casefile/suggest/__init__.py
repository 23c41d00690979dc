"""Suggestions: pure functions of text, known spellings and decisions; never stored."""
