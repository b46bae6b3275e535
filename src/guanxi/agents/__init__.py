"""Tools for software agents (Model Context Protocol): every call is a person's, with that person's rights."""
