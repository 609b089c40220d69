"""What the three programs with screens share: the link to the hall, the shell around QML, the outbox, pairing.

Rules of the room
- No queue, no ticket rule, no screen of one program: whatever only one program needs lives in that program.
- One thread for Qt; the conversation itself is `hall_protocol.session`, here are only its sockets and timers.
- Colours, sizes, words and sounds come from `assets`; a component in `qml/Hall` never writes one down.
- A program's `app.py` builds these objects and nothing else does; nothing here reads a clock it was not given.
- Works without POSIX: what a system lacks (signals, systemd) is skipped, never assumed.

In one look
    options.parser(...) / options.run(...)   shared arguments, exit codes, one plain line for a failure
    shell.Shell(options, surface=...)        QML engine, fonts, `Theme Words Clock Sounds`, snapshots, clean exit
        shell.show(qml_file, screen=viewmodel) -> window;  shell.run() -> exit code
    link.Link(server, token=..., ca_file=..., picture="kiosk:K1")
        .picture  .picture_changed(dict, dict)  .stale_changed(bool)  .online_changed(bool)  .now()  .request(...)
    finder.Finder                            halls on this network, by mDNS
    pairing.Pairing                          code and fingerprint until token and CA are on disk
    outbox.Outbox                            requests kept until answered, blocks of numbers, tickets issued offline
    i18n.Words                               texts of one language; waits.wait_words: how a wait is said
    papers.ticket                            a ticket -> blocks for a printer
    qml: `import Hall` gives the components of design.md 3 and Theme, Words
"""
