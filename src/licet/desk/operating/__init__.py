"""What an operator sees and sets: who is behind a proxy, limits, measures, logs, readiness, workers."""
