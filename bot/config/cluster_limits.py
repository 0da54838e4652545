"""How long a cluster is waited for; apart from its address, which few starts need."""

# Seconds for which a request waits, and how often it is tried, at one node after the other.
TIMEOUT, TRIES = 10.0, 5
