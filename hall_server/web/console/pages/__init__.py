"""The console's pages: what managers, auditors and the others with an account see in a browser.

Rules of the room
- A page is made by the server from the hall as it is, whole without script; htmx exchanges its parts, and one small
  script tells it when something changed.
- A page computes no rule: it shows pictures and asks the same commands as the interface does.
- Every form carries a fresh hidden key; its answer is a redirection, or a page with the sentence of the refusal.
- Who may see a page stands in `trust.roles.PAGES`; a page without a row there is open to nobody.
"""
