"""The kernelspec ``clientlib-warm``: what Jupyter reads (kernel.json) and starts (launcher.py)."""
