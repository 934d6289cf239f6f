"""Organisations: their teams, their people and what these did."""
