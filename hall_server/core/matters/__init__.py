"""Matters: ratings, working days and due dates; cases and inquiries come with the institutions.

Rules of the room
- A rating belongs to one finished service and is given once, by the visitor.
- A due date is computed from the calendar alone and can be computed again.
"""
