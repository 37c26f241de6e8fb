"""How XLA is to compile."""

from __future__ import annotations

import jax


def options() -> dict[str, int] | None:
    """Options of what is compiled for models.

    On a CPU XLA asks LLVM for its third level. With the second, sorting, addition and Dyck-1 were compiled in 4 to 25 % less
    time, and batches of 8 and 2,048 inputs took 7 to 20 % less; all outputs were the same.
    """
    return {"xla_backend_optimization_level": 2} if jax.default_backend() == "cpu" else None
