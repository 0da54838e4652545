"""Here are paths; give me their library and index, reading only what changed."""
