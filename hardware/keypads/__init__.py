"""Call pads and rating keypads on the counter.

Rules of the room:
- A press is an event; whether it is a rating the hall decides. Nothing pressed is `unrated`, never "satisfied".
- A press counts only for the one open question of its pad, proved by the nonce of that question (docs/devices-pads.md)
  or, where a pad cannot echo one, by the host's half of the rule alone (`asking.py`), which the event says.
- What a clerk, a cable or a replayed frame could add is told as KeyIgnored with its reason, never counted or hidden.
"""
