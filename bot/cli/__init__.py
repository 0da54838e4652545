"""Here are the arguments; run the command they name."""
