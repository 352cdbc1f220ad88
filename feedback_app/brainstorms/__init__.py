"""Live sessions in which staff, and a few loyal customers, collect why customers leave."""
