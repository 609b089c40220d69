"""How long will it take, as a range that is true.

Rules of the room
- Pure: told what happened and when, asked for a forecast; no clock, no files; draws come from a fixed table.
- Nothing about a particular hall is built in: services, classes, counters and opening habits are learnt from events.
- Bounded: windows of recent values, a fixed number of units; a waiting ticket costs about 150 bytes.
- A forecast is an opinion. Nothing in `core` may depend on it; pictures and events carry it as a value.
- Called through `Predictor`, by the shell of the server and by `python -m hall_server.forecast`.
"""

from .learnt import Learnt
from .predictor import Predictor
from .quantiles import Quantiles

__all__ = ["Learnt", "Predictor", "Quantiles"]
