"""Trust: who is asking, and how we know.

Rules of the room
- The only room that makes random bytes, keys, certificates, and that hashes a PIN or password.
- No secret leaves it except to the one it was made for: never into the journal, a log, a URL or a process argument.
- It stores under `DATA/keys/` alone, 0600, and never half of a file.
- It is told the time; only certificates look at the calendar of the machine, because other machines will.
- `roles.py` is the table of who may ask what; what is not in it is refused.
"""
