"""How confidential a piece of data is: the four classes by which it is shown, kept, exported and logged."""

from enum import IntEnum


class DataClass(IntEnum):
    """The class of one field or table; a higher one asks for more care.

    C0 public: may be printed on a poster. C1 internal: for everybody who works here. C2 confidential: customer files
    and what follows from them; views and exports are logged. C3 sensitive personal data (number of an identity paper,
    bank account): encrypted where it is kept, shown masked, revealed one by one and on record.
    """

    C0 = 0
    C1 = 1
    C2 = 2
    C3 = 3
