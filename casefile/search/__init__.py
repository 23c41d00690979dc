"""Search: what the user types, the index, and the hits."""
