"""Here is a text; give me its words and terms, and what a question asks for."""
