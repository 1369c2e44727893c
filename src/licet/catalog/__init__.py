"""Chips and places."""
