"""Alerts: what changed, what rests on it, and what somebody makes of it; one change alone by `?alert=`."""

from zoneinfo import ZoneInfo

import streamlit as st

from db.engine import reading
from review_app import auth
from review_app.components.alert_list import alert_filters, asked_alert, change_cards, no_alerts, older
from review_app.components.back_link import back_link
from review_app.components.empty_state import empty_state
from review_app.components.night_line import night_trouble
from review_app.database import engine
from review_app.services.alerts_view import alerts_page, one_change

actor, member, asked = auth.current_actor(), auth.signed_in_member(), asked_alert()
zone = ZoneInfo(member.time_zone if member else "UTC")

if asked is not None:
    with reading(engine()) as session:
        change = one_change(session, viewer=actor, alert_id=asked)
    back_link("All alerts", "/alerts")
    if change is None:
        empty_state(
            "No such alert.",
            "The address names an alert that is not in this library, or that is somebody else's alone.",
            then="Choose one from the list.",
        )
    else:
        change_cards((change,), actor=actor, zone=zone)
    st.stop()

state, mine, before = alert_filters()
with reading(engine()) as session:
    page = alerts_page(session, viewer=actor, state=state, mine=mine, before=before)
night_trouble(page.night, zone=zone)
if page.changes:
    change_cards(page.changes, actor=actor, zone=zone)
    older(page)
else:
    no_alerts(page, state=state, mine=mine)
