"""Bytes and devices, never queues.

Rules of the room:
- Nothing here knows what a ticket, a line or a counter is; a driver carries pictures, texts and key presses.
- Three layers, never mixed: codec (bytes <-> messages, no I/O, no clock), port (open, read, write, close),
  driver (order, retry, confirmation, health). A codec never raises on wire data: it answers `Junk`.
- Silence is not health: a device that says nothing is `unknown`, never ready.
- Imports no other package of the project and no Qt. Clocks and random bytes are handed in.
- The programs' `app.py` starts and joins the thread of a driver; a driver starts nothing by itself.

Calling it (every driver has this shape):

    driver = open_driver("escpos+socket://10.0.0.7:9100?profile=epson80", events=on_event)
    thread = threading.Thread(target=driver.serve, args=(stop,))     # stop: threading.Event
    future = driver.submit(job)          # Future[Receipt]; DeviceBusy at once when its queue is full
    future.result().outcome              # "confirmed" | "failed" | "unknown", with .how .error .evidence
    driver.snapshot()                    # Health: state, since, faults, counters; any thread, no lock

`open_driver` is in `hardware.inventory`. `events` is called on the driver's thread with the dataclasses of
`hardware.health`: Online, Offline, Fault, Supply, PrintedLate, Rated, Unrated, KeyIgnored, PadHello, PadFault,
Key, CardRead, Scanned.

Jobs:
    printers   hardware.printers.driver.PrintJob(ticket="id", blocks=[...])
               blocks of hardware.printers.paper: Text Band Columns Rule Qr Space Run
               paper.render(blocks, width_dots=576) -> 1-bit Pillow image, the same one the printer gets
    LED bars   bar.show([Page(("3号窗口 县医疗保障局",), tone=Tone.CALM)], blink=2, fallback=Page(...))
               of hardware.led.page; bar.keep(page) for a fitter; bar.lacks(text) before choosing words
    readers    none; a card and a code are told as CardRead(card=hardware.readers.card.Card) and Scanned(text)
    keypads    pad.submit(Ask(session=7, timeout_s=20)) / Cancel / Staff / Welcome   hardware.keypads.jobs
    call pads  pad.submit(ShowNumber("A041")) / ShowWaiting(5) / Beep(2)   the same; their keys come as health.Key
               a line of many: Pad68Bus(address, addresses=range(1, 9)).station(3)   hardware.keypads.pad68.bus
"""

__version__ = "1.0.0"
