"""What builds, checks and tests the project; no part of the package. Start with bin/test."""
