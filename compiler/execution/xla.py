"""How XLA is to compile."""

from __future__ import annotations

import jax


def options() -> dict[str, int] | None:
    """Options of what is compiled for models.

    On a CPU XLA asks LLVM for its third level. With the second, compiling takes 8 to 17 % less, sorting and Dyck-1 run in 3 to
    22 % less, long addition in 6 to 12 % more; all outputs are the same bits (``benchmarks/levels.py``).
    """
    return {"xla_backend_optimization_level": 2} if jax.default_backend() == "cpu" else None
