"""Sending the same thing twice acts once: forms and calls of the interface alike."""
