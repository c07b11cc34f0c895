"""Home: today's work and the lists of deals."""
