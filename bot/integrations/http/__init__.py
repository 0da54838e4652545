"""Here are HTTP requests; answer them with JSON or with a page."""
