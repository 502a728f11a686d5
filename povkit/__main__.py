"""`python -m povkit` is the command line."""

from povkit.cli import main

if __name__ == "__main__":
    main()
