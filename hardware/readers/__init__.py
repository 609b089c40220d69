"""Identity card readers and code scanners.

Rules of the room:
- What a card says goes to whoever placed the driver's `events`, once, and is kept nowhere here: not in health, not in
  logs, not in a representation. The photograph is overwritten before anybody sees the frame, and never decoded.
- A reader decides nothing: a card that was read and a code that was scanned are events, not tickets.
- Which of several layouts a card has is read from the card's own type before its fields are.
- Nothing here knows what a code means; the kiosk acts on codes of the hall's own alone.
"""
