from guanxi.rooms.mail.queries.addressing import found_by_address, others_of, values_for
from guanxi.rooms.mail.queries.telling import LETTERS
from guanxi.rooms.mail.queries.unsubscribing import contact_of, unsubscribe_address

__all__ = ["LETTERS", "contact_of", "found_by_address", "others_of", "unsubscribe_address", "values_for"]
