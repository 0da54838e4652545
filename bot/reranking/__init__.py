"""Here are a question and sentences; tell how well each answers it, by meaning."""
