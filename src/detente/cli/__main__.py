"""`python -m detente.cli` is `detente`."""

from .main import main

main()
