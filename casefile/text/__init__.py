"""Text as the program keeps it: the text rule, passages, dates, folding and names."""
