"""`python -m detente` is `detente`."""

from .cli.main import main

main()
