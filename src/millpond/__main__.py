"""`python -m millpond` is the command `millpond`."""

import sys

from millpond.cli.main import main

sys.exit(main())
