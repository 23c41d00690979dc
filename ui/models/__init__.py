"""Qt models: ids, with rows fetched when they are shown."""
