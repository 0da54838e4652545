"""Here is a text; give me its words, terms, dates and mentions, or the question that it asks."""
