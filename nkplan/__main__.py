"""`python -m nkplan`."""

from nkplan.cli import main

main()
