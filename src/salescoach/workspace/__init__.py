"""The one door to everything: settings, playbook, deals, index and coach."""

from salescoach.workspace.workspace import Listing, Workspace, open_workspace

__all__ = ["Listing", "Workspace", "open_workspace"]
