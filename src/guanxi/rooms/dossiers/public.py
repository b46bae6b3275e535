"""The door of this room: what rooms above may use."""

from guanxi.rooms.dossiers.actions.installing import install_required_papers
from guanxi.rooms.dossiers.models import Document, DocumentState, DossierClass, Volume

__all__ = ["Document", "DocumentState", "DossierClass", "Volume", "install_required_papers"]
