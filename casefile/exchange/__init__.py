"""Exchange with other libraries and programs."""
