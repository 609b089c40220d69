"""`GET /catalogue` and `GET /lines`."""

from __future__ import annotations

from collections.abc import Callable

from hall_protocol.pictures.catalogue import (
    CataloguePicture,
    DepartmentEntry,
    LineEntry,
    LineNow,
    LinesPicture,
    Material,
    ServiceEntry,
    Step,
)

from ..hall import Hall
from ..places.catalogue import Line, Service
from .counter import counter_view
from .sight import Sight, face

Initials = Callable[[str], str]
"""The Pinyin initials of a text, capital letters; handed in because it needs a dictionary."""


def service_entry(service: Service, initials: Initials) -> ServiceEntry:
    """One service; on-the-spot items promise 0 whatever the catalogue prints."""
    spoken = dict.fromkeys(initials(t) for t in (service.short_name, service.name, *service.aliases) if t)
    return ServiceEntry(
        service=service.service,
        name=service.name,
        line=service.line,
        short_name=service.short_name or service.name,
        aliases=list(service.aliases),
        initials=[i for i in spoken if i],
        department=service.department,
        group=service.group,
        kind=service.kind,
        handling=service.handling,
        promised_days=0 if service.handling == "on_the_spot" else service.promised_days,
        statutory_days=service.statutory_days,
        day_unit=service.day_unit,
        fee=service.fee,
        official_code=service.official_code,
        legal_basis=service.legal_basis,
        conditions=service.conditions,
        steps=[Step(name=s.name, counts=s.counts, days=s.days) for s in service.steps],
        materials=[Material(name=m.name, note=m.note) for m in service.materials],
    )


def line_entry(hall: Hall, line: Line) -> LineEntry:
    """One line with its own hours, or the hall's."""
    rules = hall.settings.hours
    chosen = line.hours or rules.sites.get(line.site) or rules.working_day
    return LineEntry(
        line=line.line,
        name=line.name,
        hours=[[span[:5], span[6:]] for span in chosen],
        site=line.site,
        place=line.place,
        counters=hall.counters_of_line(line.line),
    )


def catalogue_picture(hall: Hall, sight: Sight, initials: Initials) -> CataloguePicture:
    """Everything a visitor may come for; no personal data."""
    offered = [s for s in hall.services.values() if s.state == "in_use" and s.line in hall.lines]
    counters = sorted(hall.counters.values(), key=lambda c: (len(c.counter), c.counter))
    return CataloguePicture(
        version=face(hall, sight).catalogue_version,
        departments=[DepartmentEntry(department=d, name=d) for d in hall.departments if d],
        lines=[line_entry(hall, line) for line in sorted(hall.lines.values(), key=lambda v: v.line)],
        services=[service_entry(s, initials) for s in offered],
        counters=[counter_view(hall, c) for c in counters if not c.retired],
        groups=list(dict.fromkeys(s.group for s in offered if s.group)),
    )


def lines_picture(hall: Hall, sight: Sight) -> LinesPicture:
    """Every line as it stands."""
    return LinesPicture(
        lines=[
            LineNow(line=n, name=hall.lines[n].name, waiting=hall.waiting_count(n), estimate=sight.estimates.get(n))
            for n in sorted(hall.lines)
        ]
    )
