"""One of several processes that share a model; ``test_sharding.py`` gives it the coordinator's address, its number and a file.

Standard output has Gloo's messages too, in the middle of a line at times.
"""

import sys
from pathlib import Path

import jax

import compiler
import rasp

jax.config.update("jax_num_cpu_devices", 2)
jax.distributed.initialize(sys.argv[1], num_processes=2, process_id=int(sys.argv[2]))
model = compiler.compile(rasp.load("examples/sort.rasp")["sorted"], vocab="abc", max_length=9)
mesh = jax.make_mesh((2, 2), ("batch", "sequence"))
Path(sys.argv[3]).write_text(f"{jax.device_count()} {model.sharded(mesh).batch(['cab', 'bbaac'])}")
