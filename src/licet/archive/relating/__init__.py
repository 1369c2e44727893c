"""Related reports, near-copies, and stories: the reports of one event."""
