"""Queue: one record after the other, each judged by one key."""

from review_app.components.queue_desk import queue_desk

queue_desk()
