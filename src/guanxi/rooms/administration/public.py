"""The door of administration: what the program's start-up may use."""

from guanxi.rooms.administration.roles import BASE_ROLE, PROFILES, ROLES, ShippedRole, install_roles

__all__ = ["BASE_ROLE", "PROFILES", "ROLES", "ShippedRole", "install_roles"]
