"""The same program gives the same bytes in every process, whatever the order in which the host iterates over sets."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import random, sys
kept = [type(f"Filler{number}", (), {}) for number in range(int(sys.argv[1]))]
import compiler, rasp
from tests.compiler.programs import LIBRARY, NAMES
PROGRAM = LIBRARY + '''
def long(a) { return a + 11111111111 - 11111111111 + 22222222222 - 22222222222 + 33333333333 - 33333333333; }
counted = long(long(histogram));
alike = selector_width(select(counted % 2, 1, ==) and select(counted % 3, 1, ==) and select(counted % 5, 1, ==));
wide = indices * length * histogram;
kinds = 2 if (tokens == "a" if indices > 3 else wide) == 1 else wide;
'''
module = rasp.loads(PROGRAM)
for name in (*NAMES, "alike", "kinds"):
    for optimize in ("depth", "width"):
        compiler.compile(module[name], vocab="abc", max_length=12, optimize=optimize).save(f"{sys.argv[2]}/{name}.{optimize}")
"""


def test_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(2)]
    for seed, folder in enumerate(folders, start=1):
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        fillers = str(random.Random(seed).randrange(1_000))
        subprocess.run([sys.executable, "-c", SCRIPT, fillers, str(folder)], check=True, env=environment, timeout=300)
    one, other = ({file.name: file.read_bytes() for file in sorted(folder.iterdir())} for folder in folders)
    assert len(one) > 30
    assert one == other
