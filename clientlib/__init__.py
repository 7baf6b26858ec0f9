"""Analytics and forecasting notebooks for companies that sell to other companies."""

__version__ = "0.1.0"
