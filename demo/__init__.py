"""A whole hall on one machine, with people in it: `hall-demo`, what `make run` starts.

Rules of the room
- The programs are the real ones, started as a person would start them, and they talk over loopback as they would over
  a network. Nothing here reaches into them, except through their screens, keys, papers and the hall's own interface.
- Everything of a demo lies in one folder: the hall's data, and beside it what only a demo keeps (tokens, PINs,
  pictures, papers, logs), readable by its owner alone.
- People and mishaps are drawn from a seed; which hall time it is, the hall says.
- Nobody imports this room.
"""
