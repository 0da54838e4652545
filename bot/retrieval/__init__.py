"""Here is a question; give me the sentences that answer it, or say that none does."""
