"""Here is another program; give it the answers in its own idiom."""
