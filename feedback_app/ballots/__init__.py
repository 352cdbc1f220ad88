"""The sealed ballot box. Nothing outside this room knows the cryptography."""
