"""What a message to a buyer may not say: rules as data, found in templates, in filled replies and in agents' own text."""

from serve.compliance.check import Checker, Finding, load_checker
from serve.compliance.rules import Rule, load_rules

__all__ = ["Checker", "Finding", "Rule", "load_checker", "load_rules"]
