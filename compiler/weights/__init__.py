"""From the circuit to the weights: layers, cells, the proof that float32 is enough, arrays."""
