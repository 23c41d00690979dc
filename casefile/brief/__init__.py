"""Briefs: from a dossier to plain data to a Word file."""
