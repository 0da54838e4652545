"""Here is a question set; measure."""
