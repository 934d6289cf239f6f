"""Transition Exchange: what helps a young person learn, carried safely from school to the next place."""
