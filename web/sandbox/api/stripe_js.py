"""The stand-in's own Stripe.js, and the frame in which it asks for a card.

The frame is of the stand-in's origin, so that no card number touches the page around it.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template_string, send_from_directory

from web.sandbox.api.templates import STYLE

blueprint = Blueprint("stripe_js", __name__, static_folder=None)


@blueprint.get("/stripe.js")
def script() -> Response:
    """What a page loads instead of Stripe's own."""
    return _file("stripe.js")


@blueprint.get("/stripe-js/card.js")
def card_script() -> Response:
    """What runs in the frame."""
    return _file("card.js")


@blueprint.get("/stripe-js/card")
def card() -> str:
    """The frame: its script is told by the page around it what the card is for."""
    return render_template_string(CARD)


def _file(name: str) -> Response:
    response = send_from_directory(FOLDER, name, mimetype="text/javascript", max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


FOLDER = "static"  # beside this module

CARD = (
    """<!doctype html><html lang="en"><title>Card</title>"""
    + STYLE
    + """
<style>
 body { margin: 0; padding: 0 2px 2px; max-width: none; background: transparent }
 .sandbox { margin: 0; font-size: .875rem }
 input[aria-invalid=true] { border-color: #b91c1c; outline: 1px solid #b91c1c }
</style>
<form id="card" novalidate>
 <label for="number">Card number</label>
 <input id="number" inputmode="numeric" autocomplete="cc-number" maxlength="23"
        placeholder="4242 4242 4242 4242">
 <div class="pair">
  <div><label for="expires">Expires</label>
   <input id="expires" inputmode="numeric" autocomplete="cc-exp" maxlength="7"
          placeholder="MM / YY"></div>
  <div><label for="cvc">CVC</label>
   <input id="cvc" inputmode="numeric" autocomplete="cc-csc" maxlength="4" placeholder="123"></div>
 </div>
</form>
<script src="/stripe-js/card.js"></script>
</html>"""
)
