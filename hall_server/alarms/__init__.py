"""Alarms that leave the hall: to a webhook and by e-mail, where a person configured one, and nowhere otherwise.

Rules of the room
- Off by default: without an address in the settings no socket is opened, whatever stands on the list.
- Only what is on the managers' list leaves, chosen by thresholds; no visitor's name, telephone or number is in it.
- Secrets stand in files of `keys/`, never in `hall.toml`, a log or a message.
- Sending happens beside the hall: a slow or dead receiver holds up nobody, is tried again, and is on the list itself.
- Of the server only `core` is known here; words and the list are handed in.
"""
