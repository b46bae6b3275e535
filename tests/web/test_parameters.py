"""Parameters as people read them."""

from guanxi.kernel.policy import declared
from guanxi.web.parameters import UNITS


def test_every_unit_has_a_name():
    assert {parameter.unit for parameter in declared() if parameter.unit} <= {*UNITS, "%"}
