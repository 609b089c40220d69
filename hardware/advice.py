"""What to do about a fault, in English, for the command line; screens take `device.fault.WORD` of the catalogue."""

from __future__ import annotations

ADVICE = {
    "gone": "Check the cable and the power; it reconnects by itself",
    "no_permission": "This user may not open the port: add it to the group dialout and sign in again",
    "busy_port": "Another program uses the port: close it",
    "silent": "Connected but no answer: check power, speed and address",
    "garbage": "Unreadable answers: check speed, parity and wiring",
    "paper_near_end": "Paper low: have a new roll ready",
    "paper_out": "Open the cover, load paper, close the cover; it goes on by itself",
    "cover_open": "Close the cover until it clicks",
    "cutter": "Cutter stuck: switch off, remove the paper in the knife, switch on",
    "head_hot": "Print head too hot: wait a few minutes, it goes on by itself",
    "recoverable": "Paper jam: open the cover, take out the paper, close the cover",
    "unrecoverable": "The printer is broken: switch it off and on once, then call service",
    "offline": "The printer is off-line: press its on-line button or switch it off and on",
    "font_missing": "Characters are missing: install the fonts, hall-doctor names the package",
    "key_stuck": "A key is stuck: clean the keypad or replace it",
    "pad_memory": "The keypad's memory is broken: replace the keypad",
    "pad_display": "The keypad's display is broken: replace the keypad",
    "replay": "A press was sent twice with an old proof: check who has access to the keypad's cable",
    "ticket_not_taken": "A ticket hangs in the printer's mouth: take it out",
    "card_auth": "The card could not be read: lift it and place it again",
    "sam_unauthorised": "The reader's security module is not authorised: call the vendor",
    "clips_missing": "Recordings are missing, calls are said in English or chimed: hall-device voice check names them",
    "not_drawable": "The paper is too narrow for the QR code: use wider paper or another profile",
    "superseded": "Replaced by a newer text before it was shown",
    "cannot_keep": "This bar has no memory for a page of its own; its receiver's settings say what it shows then",
    "nack": "The bar refused the text (code {n}): check its type and size with hall-device probe",
}


def advice(word: str) -> str:
    """One sentence for a fault word."""
    if word.startswith("nack_"):
        return ADVICE["nack"].format(n=word[5:])
    return ADVICE.get(word, word)
