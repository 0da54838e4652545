"""Here are terms; give me the sentences that hold them, best first."""
