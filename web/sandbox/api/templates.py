"""The HTML of the stand-in's own pages: plain forms, which a test can fill in without a browser."""

from __future__ import annotations

STYLE = """
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
 body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 1.5rem auto;
        padding: 0 1rem; color: #1a1f36; background: #fff }
 label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
 label { margin-top: .75rem }
 input { padding: .6rem; border: 1px solid #6b7280; border-radius: 6px }
 button { margin-top: 1rem; padding: .7rem; border: 0; border-radius: 6px; background: #4338ca;
          color: #fff }
 button.other { background: #e5e7eb; color: #1a1f36 }
 .sandbox { background: #fde68a; padding: .4rem .8rem; border-radius: 6px }
 [role=alert] { color: #b91c1c; font-weight: 600 } td:last-child { text-align: right }
 table { width: 100% } .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
</style>
<p class="sandbox">Sandbox: no money moves.</p>
"""

VISIT = (
    """<!doctype html><html lang="en"><title>Pay</title>"""
    + STYLE
    + """
<h1>Pay</h1>
<table>
{% for sold in session.lines %}
 <tr><td>{{ sold.description }} &times; {{ sold.quantity }}</td>
     <td>{{ "%.2f" | format(sold.amount / 100) }}</td></tr>
{% endfor %}
{% if session.discount %}
 <tr><td>Discount</td><td>-{{ "%.2f" | format(session.discount / 100) }}</td></tr>
{% endif %}
 <tr><td><strong>Total</strong></td><td><strong>{{ "%.2f" | format(session.amount_total / 100) }}
     {{ session.currency | upper }}</strong></td></tr>
</table>
{% if problem %}<p role="alert" id="problem">{{ problem }}</p>{% endif %}
<form method="post">
 <label for="email">E-mail</label>
 <input id="email" name="email" type="email" autocomplete="email" required
        value="{{ session.email or form.get('email', '') }}"
        {{ 'readonly' if session.email else '' }}>
 <label for="number">Card number</label>
 <input id="number" name="number" inputmode="numeric" autocomplete="cc-number" required
        placeholder="4242 4242 4242 4242">
 <div class="pair">
  <div><label for="expires">Expires</label>
   <input id="expires" name="expires" autocomplete="cc-exp" placeholder="MM / YY"></div>
  <div><label for="cvc">CVC</label>
   <input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="123"></div>
 </div>
 <button id="pay">{{ 'Save card' if session.mode == 'setup' else 'Pay' }}</button>
</form>
{% if session.places and session.places.cancel_url %}
<p><a href="{{ session.places.cancel_url }}">Cancel and go back</a></p>
{% endif %}
</html>"""
)

CHALLENGE = (
    """<!doctype html><html lang="en"><title>Your bank asks</title>"""
    + STYLE
    + """
<h1>Your bank asks</h1>
{% if found.status == "requires_action" %}
<p>Did you want this? In life, a bank would ask for a code now.</p>
<form method="post">
 <button id="complete" name="answer" value="ok">Complete</button>
 <button id="fail" name="answer" value="no" class="other">Fail</button>
</form>
{% else %}<p>There is nothing to answer (any more).</p>{% endif %}
</html>"""
)

DONE = (
    """<!doctype html><html lang="en"><title>Done</title>"""
    + STYLE
    + """
<h1>Done</h1>
<p id="status" data-id="{{ told.id }}" data-status="{{ told.status }}">Status: {{ told.status }}</p>
{% if told.url %}<p><a href="{{ told.url }}" target="_top">Go on</a></p>{% endif %}
<script>
 if (parent !== window) parent.postMessage({sandbox: {{ told | tojson }}}, "*");
</script>
</html>"""
)
