"""Pages of recruitment: HTTP and nothing else."""
