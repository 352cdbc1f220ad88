"""Pages of customers: the list, one customer, bringing a list in, the suppression list."""

from __future__ import annotations

from feedback_app.customers.views import lists, pages, suppression
from feedback_app.customers.views.blueprint import blueprint

__all__ = ["blueprint", "lists", "pages", "suppression"]
