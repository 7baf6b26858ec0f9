"""Starts a kernel for Jupyter. The program lies beside this file, so that it is kept compiled."""

import sys

sys.path.insert(0, __file__.rpartition("/")[0])  # ``python -I`` leaves it out

if sys.platform == "linux":
    from launching import main  # type: ignore[import-not-found]
else:
    from elsewhere import main  # type: ignore[import-not-found]

main(sys.argv[1:])
