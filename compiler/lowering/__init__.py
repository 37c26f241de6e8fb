"""From the s-op graph to the circuit."""
