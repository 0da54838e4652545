"""Here is a question; give me ranked answers, or silence."""
