"""Consensus: what two reviewers gave, and nobody has settled yet."""

from db import config
from db.engine import reading
from review_app import auth
from review_app.components.consensus_list import consensus_list
from review_app.database import engine
from review_app.services.waiting_consensus import waiting

with reading(engine()) as session:
    found = waiting(session, viewer=auth.current_actor(), topic_id=config.settings().footnote_topic)
consensus_list(found)
