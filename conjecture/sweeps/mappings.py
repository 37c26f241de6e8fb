"""Room for compiled code: XLA maps a piece of memory for each kernel, and Linux allows a process so many (65,530) and no more.

Beyond that LLVM ends the process. A run maps some 2,500, so a long sweep would meet the limit after 25 runs.
"""

from __future__ import annotations

from pathlib import Path

import jax

MAPPINGS = Path("/proc/self/maps")
MOST = Path("/proc/sys/vm/max_map_count")


def make_room() -> None:
    """Drop all that JAX has compiled, where it takes half of the mappings; elsewhere than on Linux nothing counts them."""
    if not (MAPPINGS.exists() and MOST.exists()):
        return
    with MAPPINGS.open("rb") as lines:
        used = sum(1 for _ in lines)
    if used > int(MOST.read_text()) // 2:
        jax.clear_caches()
