"""What one would have to believe for the conclusion to be different."""
