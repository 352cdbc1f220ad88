"""Tests, by kind: unit, integration, browser, security, crash, architecture, bench."""
