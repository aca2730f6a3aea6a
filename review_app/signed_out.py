"""What every address shows to somebody who is not signed in."""

from html import escape
from urllib.parse import urlsplit

import streamlit as st

from review_app.web_forms import sign_in_address

here = urlsplit(st.context.url or "/")
wanted = (here.path or "/") + (f"?{here.query}" if here.query else "")
st.title("Footnote")
st.html(
    '<div class="fn-empty"><p><strong>You are not signed in.</strong></p>'
    "<p>Your session ended, or you have not signed in yet. Nothing that you saved is lost.</p>"
    f'<p><a href="{escape(sign_in_address(wanted))}" target="_self">Sign in</a></p></div>'
)
