"""Phone interviews: an operator calls who was invited and reads the survey aloud."""
