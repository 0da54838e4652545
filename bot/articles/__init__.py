"""Here is a file; give me its sentences."""
