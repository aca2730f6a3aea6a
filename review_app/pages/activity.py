"""Activity: the audit trail, by person, kind, day and number."""

from zoneinfo import ZoneInfo

from db.engine import reading
from review_app import auth
from review_app.components.activity_list import activity_download, activity_filters, activity_lines, wanted_events
from review_app.database import engine
from review_app.services.activity import activity_page

actor, member = auth.current_actor(), auth.signed_in_member()
zone = ZoneInfo(member.time_zone if member else "UTC")
wanted, before = wanted_events(zone=zone)
with reading(engine()) as session:
    page = activity_page(session, viewer=actor, wanted=wanted, before=before)
activity_filters(page)
activity_lines(page, zone=zone)
activity_download(wanted)
