"""``python -m conjecture``."""

import sys

from conjecture.cli import main

sys.exit(main())
