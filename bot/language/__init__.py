"""Here is a text; give me its words, terms, dates, mentions, or the answer kind it asks for."""
