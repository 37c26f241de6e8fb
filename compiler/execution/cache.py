"""Keeps what XLA compiles on disk, so that a command that runs the same model again need not wait for it."""

from __future__ import annotations

import os
from pathlib import Path

import jax


def keep_compiled() -> None:
    """Keep compiled code in a folder of the user's cache, unless JAX is told where, or the folder can't be made.

    JAX reads ``JAX_COMPILATION_CACHE_DIR``, and keeps nothing if ``JAX_ENABLE_COMPILATION_CACHE`` is false.
    """
    if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        try:
            folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rasp-lang" / "jax"
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError):  # no home
            return
        if not os.access(folder, os.W_OK):
            return
        jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
