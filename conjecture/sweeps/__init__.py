"""Many runs: suites, their jobs, and the files of results."""
