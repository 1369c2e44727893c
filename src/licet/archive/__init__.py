"""Capture to snapshot to article; search and related reports."""
