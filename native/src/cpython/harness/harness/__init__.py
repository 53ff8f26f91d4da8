"""The same experiment in a real Python."""
