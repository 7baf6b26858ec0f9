"""What runs for whom, as of which day, with which parameters; and what is due."""
