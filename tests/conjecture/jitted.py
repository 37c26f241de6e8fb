"""What tests do with small models, compiled as a whole: one operation after the other takes longer."""

from __future__ import annotations

import equinox as eqx
import jax

from conjecture import rows
from conjecture.evaluation import scores
from conjecture.model import build, forward

new_model = eqx.filter_jit(build.new_model)
new_decoder = eqx.filter_jit(build.new_decoder)
outputs_on = jax.jit(forward.outputs_on, static_argnames="dropout")
samples_of = jax.jit(scores.samples_of, static_argnums=(0, 1, 5))
training_rows = jax.jit(rows.training_rows, static_argnums=(0, 1, 2))
