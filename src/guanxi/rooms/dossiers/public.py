"""The door of this room: what rooms above may use."""

from guanxi.rooms.dossiers.models import Document, DocumentState, DossierClass, Volume

__all__ = ["Document", "DocumentState", "DossierClass", "Volume"]
