"""Here is a file; give me its article, cut into sentences."""
