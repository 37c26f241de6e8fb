"""``python -m rasp`` is the ``rasp`` command."""

import sys

from rasp.cli import main

sys.exit(main())
