"""BLAKE2b, without the rest of hashlib: OpenSSL takes 3 ms of a start.

``random`` of the standard library imports its digest in the same way.
"""

try:
    from _blake2 import blake2b as blake2b
except ImportError:  # a Python of another kind, or built with OpenSSL alone
    from hashlib import blake2b as blake2b
