"""Here is a cluster's address; give me the library and engine from there, or put them there."""
