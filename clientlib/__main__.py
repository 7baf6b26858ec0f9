"""Lets ``python -m clientlib`` do what the command ``clientlib`` does."""

from clientlib.cli import main

if __name__ == "__main__":
    main()
