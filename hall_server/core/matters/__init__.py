"""Matters: what people come for and who must see it through: cases, cards, inquiries, complaints, ratings, due dates.

Rules of the room
- A rating belongs to one finished service and is given once, by the visitor.
- A due date is computed from the calendar alone and can be computed again; what is promised stands in an event.
- Whose matter it is, and every free word about it, is in the vault; here are numbers, codes and places in lists.
"""
