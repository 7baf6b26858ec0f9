"""Who runs the jobs of a batch: processes of this machine, or workers of a cluster."""
