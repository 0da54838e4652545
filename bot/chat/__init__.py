"""Here is a reply; show it to a person, or to a program that asked."""
