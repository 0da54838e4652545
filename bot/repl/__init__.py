"""Here is a person at a terminal; hold a conversation."""
