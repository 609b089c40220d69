"""The kiosk: from a touch to a number, with or without the server.

Rules of the room
- `flow.py` is the machine of the screens: no Qt, no I/O, told the time; whatever shall happen it returns as effects.
  It stands on `presented` (cards, codes), `numbers` (taking one), `visit` (who is in front), `situation` (the world).
- `views.py` turns the flow into what a screen shows, words included; QML looks, touches and nothing else.
- A number is shown only when it is stored: by the server, or in this kiosk's own outbox.
- Nothing personal is kept or logged; what a visitor chose is wiped when he leaves, a card lasts until its answer.
- Only `app.py` builds objects and starts threads; nobody imports this room but `demo`.
"""
