"""The demo company 川兴酒业: a year of a liquor maker's work with its dealers, made by the ordinary actions only."""

from guanxi.demo.building import Built, build
from guanxi.demo.company import PASSWORD, Login, logins

__all__ = ["PASSWORD", "Built", "Login", "build", "logins"]
