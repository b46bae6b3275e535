"""The interface for programs: every record type and every verb, derived from the register, under `/api/v1/`."""
