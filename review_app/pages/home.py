"""Home: my next act, figures, and the ways to bring studies in."""

from zoneinfo import ZoneInfo

import streamlit as st

from db import config
from db.engine import reading
from review_app import auth
from review_app.components.empty_state import empty_state
from review_app.components.harvest_panel import harvest_panel
from review_app.components.next_act import CONFLICTS, next_act
from review_app.components.night_line import last_night, night_trouble
from review_app.components.plain_words import noun
from review_app.components.screening_stage import maybe_address
from review_app.components.tiles import Tile, tiles
from review_app.database import engine
from review_app.services.home import home_view
from review_app.services.permissions import May, allows

actor, member = auth.current_actor(), auth.signed_in_member()
zone = ZoneInfo(member.time_zone if member else "UTC")
with reading(engine()) as session:
    view = home_view(session, viewer=actor, topic_id=config.settings().footnote_topic)

if view.articles:
    next_act(view, actor=actor)
    tiles(
        [
            Tile(f"{view.articles:,}", f"{noun(view.articles, 'study', 'studies')} in the library", "/evidence"),
            Tile(f"{view.tagged:,}", f"{noun(view.tagged, 'study', 'studies')} tagged by people", "/evidence"),
            Tile(f"{view.claims_decided:,} of {view.claims:,}", "claims with a verdict by people", "/claims"),
            Tile(f"{view.documents:,}", f"{noun(view.documents, 'document')} checked", "/check_copy"),
            *(
                Tile(f"{number:,}", noun(number, *CONFLICTS[stage]), f"/conflicts?stage={stage.value}")
                for stage, number in view.conflicts.items()
            ),
            *(
                Tile(f"{number:,}", f"{noun(number, 'record')} kept as Maybe", maybe_address(stage))
                for stage, number in view.parked.items()
            ),
            *(
                [Tile(f"{view.to_settle:,}", f"{noun(view.to_settle, 'dual extraction')} to settle", "/consensus")]
                if view.to_settle
                else []
            ),
            Tile(f"{view.alerts:,}", noun(view.alerts, "alert waits for you", "alerts wait for you"), "/alerts"),
        ]
    )
    night_trouble(view.night, zone=zone)
    last_night(view.night, view.told, zone=zone)
else:
    empty_state(
        "The library is empty.",
        "Claims ship with the topic, but there is no study yet that could bear on them.",
        then="Bring studies in: from PubMed, or from a file."
        if allows(actor, May.HARVEST)
        else "Ask a lead to harvest.",
    )
if allows(actor, May.HARVEST):
    if view.articles:
        st.header("Bring more studies in")
    harvest_panel(empty=not view.articles, harvested=view.harvested)
