"""Who may decide, under which seal, and what an inspection found.

Rules of the room
- Registers: entries are added, ended, linked; none is ever changed or taken out (domain.md A3a).
- Persons are staff numbers; nothing here identifies a visitor.
"""
