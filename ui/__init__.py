"""The window: shows what `casefile` holds; never touches SQL or Word."""
