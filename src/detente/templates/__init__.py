"""A case of one's own: from a template, as a copy of another, or out of a dialogue."""

from detente.templates._copying import copied_files
from detente.templates._dialogue import Dialogue
from detente.templates._filling import CaseTemplate, case_templates, fill_template
from detente.templates._layout import laid_out
from detente.templates._question import DialogueQuestion

__all__ = [
    "CaseTemplate",
    "Dialogue",
    "DialogueQuestion",
    "case_templates",
    "copied_files",
    "fill_template",
    "laid_out",
]
