"""The one door to everything: settings, playbook, deals, index and coach."""

from salescoach.workspace.workspace import Workspace, open_workspace

__all__ = ["Workspace", "open_workspace"]
