"""The customer's buying phase and its history."""

from __future__ import annotations

from salescoach.deal.models import Deal
from salescoach.deal.parts import PhaseChange
from salescoach.document.change import applied, key, make, mark, record
from salescoach.document.stamp import Stamp


def set_phase(deal: Deal, phase: str, stamp: Stamp) -> Deal:
    """Return the deal in the buying phase `phase`, a key of the playbook; the same deal when it is in it already."""
    if applied(deal, stamp) or deal.buying_phase == phase:
        return deal
    change = make(PhaseChange, phase=key(phase, "buying_phase"), **mark(stamp))
    about = {"phase_before": deal.buying_phase or "", "phase": phase}
    phases = {**deal.phases, stamp.id: change}
    return record(deal, stamp, "phase-set", about, buying_phase=phase, phases=phases)


def history(deal: Deal) -> list[PhaseChange]:
    """Return the phases the deal went through, the first one first."""
    return [entry for _, entry in sorted(deal.phases.items(), key=lambda one: (one[1].at, one[0]))]
