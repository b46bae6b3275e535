"""Pages of the customer master: a customer at a glance, the three books, the archive's home, registers, reports."""

from django.urls import path

from guanxi.rooms.customers.pages import archive, books, consents, glance, known, looks, pool, reports, subject

__all__ = ["consents", "pool", "urlpatterns"]

app_name = "customers"
KIND = {"app": "customers", "noun": "customer"}
urlpatterns = [
    path("customers/archive/", archive.show, name="archive"),
    path("customers/known/", known.show, name="known"),
    path("customers/reports/<slug:report>/", reports.show, name="report"),
    path("customers/reports/<slug:report>/export/", reports.export, name="report_export"),
    path("customers/contact/<uuid:pk>/subject/", subject.show, name="subject"),
    path("customers/customer/<uuid:pk>/", glance.show, KIND, name="customer"),
    path("customers/customer/<uuid:pk>/books/<slug:book>/", books.show, KIND, name="book"),
]

looks.declare_all()
