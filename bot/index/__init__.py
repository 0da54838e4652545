"""Here are some terms; give me the sentences that hold them, heaviest first."""
