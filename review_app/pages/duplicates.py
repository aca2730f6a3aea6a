"""Duplicates: records that may be one article, two at a time, and what was decided about them."""

from db.engine import reading
from review_app.components.duplicates_desk import decided_pairs, duplicate_pair, put_off
from review_app.database import engine
from review_app.services.duplicates import duplicates_page

with reading(engine()) as session:
    page = duplicates_page(session, later=put_off())
duplicate_pair(page)
decided_pairs(page)
